/** How a playing run goes on with each frame: in one motion, or event by event. */
import type { Run, State } from '../../core/index.ts';
import { Pace, endOfQuiet } from './pace.ts';
import type { Device } from '../choices.ts';

/** Reduced motion: how long one event is shown, at the lab's own speed. */
const EVENT_MS = 900;

/** What the motion depends on, beside the choices. */
interface Going {
  /** The reader's time since the last frame. */
  elapsedMs: number;
  speed: number;
  /** Whether the reader has had the time to read what is told. */
  isRead: boolean;
  /** The speed that the lab is meant for. */
  labSpeed: number;
  state: State;
}

const system = window.matchMedia('(prefers-reduced-motion: reduce)');

/** Asking the query itself makes the browser lay out the page, in each frame. */
let isSystemReduced = system.matches;
// One listener for all runs: a run that leaves the page is not held by it.
system.addEventListener('change', ({ matches }) => {
  isSystemReduced = matches;
});

export class Motion {
  readonly #device: Device;
  readonly #pace = new Pace();
  #shownFor = 0;
  /** Time that was too short for a whole millisecond. */
  #overMs = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  /** The run begins to play: no event is shown yet. */
  begin(): void {
    this.#shownFor = Infinity;
    this.#overMs = 0;
  }

  /** Takes a run on by one frame, and answers whether there is something else to see. */
  goOn(run: Run, going: Going): boolean {
    if (this.isReduced) return this.#showNextEvent(run, going);
    this.#advance(run, going);
    return true;
  }

  /** Whether the run goes event by event. */
  get isReduced(): boolean {
    const { motion } = this.#device.choices;
    return motion === 'system' ? isSystemReduced : motion === 'reduced';
  }

  #advance(run: Run, { elapsedMs, speed, isRead, state }: Going): void {
    const { follow, skipQuiet } = this.#device.choices;
    // In the quiet there is time to read.
    const quietEnd = skipQuiet && isRead ? endOfQuiet(run, speed, state) : undefined;
    if (quietEnd !== undefined) run.seek(quietEnd);
    else this.#goOnBy(this.#pace.ahead(elapsedMs, speed, follow, state), run);
  }

  /** To a whole millisecond, so that links stay short; what is over counts with the next frame. */
  #goOnBy(ms: number, run: Run): void {
    const now = run.time_ms();
    const ahead = now + this.#overMs + ms;
    const whole = Math.floor(ahead);
    this.#overMs = ahead - Math.max(whole, now);
    if (whole > now) run.seek(whole);
  }

  #showNextEvent(run: Run, { elapsedMs, speed, labSpeed }: Going): boolean {
    this.#shownFor += elapsedMs * (speed / labSpeed);
    if (this.#shownFor < EVENT_MS) return false;
    this.#shownFor = 0;
    if (!run.step()) run.seek(run.end_ms());
    return true;
  }
}
