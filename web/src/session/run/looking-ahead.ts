/** Finds out in idle time what the whole run ahead will bring. */
import type { Run } from '../../core/index.ts';

/** How many events are played at a time: ten milliseconds at the most. */
const SLICE = 250;
/** How much of an idle moment is left to others. */
const SPARED_MS = 4;
/** How long a busy page may put it off. */
const PATIENCE_MS = 500;

/** What works in idle time; browsers without it get a moment between two frames. */
type Idle = (work: (left?: { timeRemaining(): number }) => void) => void;

const whenIdle: Idle =
  'requestIdleCallback' in window
    ? (work) => window.requestIdleCallback(work, { timeout: PATIENCE_MS })
    : (work) => setTimeout(work, 50);

export class LookingAhead {
  readonly #attempt: <T>(work: (run: Run) => T) => T | undefined;
  readonly #onNews: () => void;
  #isWanted = false;
  #isWaiting = false;
  #isOver = false;

  /** `onNews` is told when more is known. */
  constructor(attempt: <T>(work: (run: Run) => T) => T | undefined, onNews: () => void) {
    this.#attempt = attempt;
    this.#onNews = onNews;
  }

  /** From now on somebody wants to know. */
  want(): void {
    this.#isWanted = true;
    this.begin();
  }

  /** Nobody wants to know any more. */
  end(): void {
    this.#isOver = true;
  }

  /** The run may be another one: looks again, once the page is idle. */
  begin(): void {
    if (!this.#isWanted || this.#isWaiting || this.#isOver) return;
    this.#isWaiting = true;
    whenIdle((left) => {
      this.#isWaiting = false;
      this.#work(left);
    });
  }

  #work(left: { timeRemaining(): number } | undefined): void {
    if (this.#isOver) return;
    let isKnown: boolean | undefined;
    do isKnown = this.#attempt((run) => run.look_ahead(SLICE));
    while (isKnown === false && left !== undefined && left.timeRemaining() > SPARED_MS);
    this.#onNews();
    if (isKnown === false) this.begin();
  }
}
