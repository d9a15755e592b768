/** The one object that owns the run: its play state, its pace, its link, its faults. */
import { Address } from './address.ts';
import type { About, Core, Run, State } from './core/index.ts';
import { FrameLoop } from './frame-loop.ts';
import { clampSpeed, faster, slower } from './speed.ts';

/** How often the words and figures beside the picture follow a playing run. */
const REFRESH_MS = 100;
/** How often a slider that is being dragged changes the run. */
const SET_MS = 100;
/** Reduced motion: how long one event is shown, at the lab's own speed. */
const EVENT_MS = 900;

/** A fault of the simulator, and the link with which somebody can look into it. */
export interface Failure {
  link: string;
  detail: string;
  /** Whether the run could be built again from its link. */
  rebuilt: boolean;
}

/**
 * Tells of `change` when anything that its fields say has changed, and of
 * `frame` when the picture has.
 */
export class Session extends EventTarget {
  about: About;
  state: State;
  playing = false;
  speed: number;
  problems: string[] = [];
  failure: Failure | undefined;

  readonly #core: Core;
  readonly #address: Address;
  readonly #loop = new FrameLoop((elapsed) => this.#onFrame(elapsed));
  readonly #reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  #run: Run;
  #palette: string | undefined;
  /** The link as of the last command: what a run is rebuilt from when it breaks. */
  #link: string;
  #frameRequested = false;
  #refreshedAt = 0;
  #shownFor = 0;
  #painted = false;
  #waiting = new Map<string, number>();
  #waitingTimer: ReturnType<typeof setTimeout> | undefined;

  /** Opens the run that the address bar names. */
  constructor(core: Core) {
    super();
    this.#core = core;
    this.#address = new Address((link) => this.open(link));
    this.#run = core.open(this.#address.link);
    this.about = this.#run.about();
    this.state = this.#run.state();
    this.speed = clampSpeed(this.about.default_speed);
    this.problems = this.#run.problems();
    this.#link = this.#run.link();
    this.#address.show(this.#link);
  }

  /** Opens another link in the place of this run. */
  open(link: string): void {
    this.pause();
    this.failure = undefined;
    this.#waiting.clear();
    this.#attempt(() => {
      const lab = this.about.lab.id;
      this.#adopt(this.#core.open(link));
      this.problems = this.#run.problems();
      if (this.about.lab.id !== lab) this.speed = clampSpeed(this.about.default_speed);
    });
    this.#settle();
  }

  get timeMs(): number {
    return this.#attempt(() => this.#run.time_ms()) ?? this.state.time_ms;
  }

  get endMs(): number {
    return this.state.end_ms;
  }

  /** The link that replays this run exactly, as a whole address. */
  get address(): string {
    return new URL(this.link, window.location.href).href;
  }

  get link(): string {
    return this.#attempt(() => this.#run.link()) ?? this.#link;
  }

  /** The digest of the trace so far: two runs with the same one did the same. */
  digest(): string {
    return this.#attempt(() => this.#run.digest()) ?? '';
  }

  play(): void {
    if (this.playing || this.failure?.rebuilt === false) return;
    if (this.timeMs >= this.endMs) this.#attempt(() => this.#run.restart());
    this.playing = true;
    this.#shownFor = Infinity;
    this.#loop.start();
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#loop.stop();
    this.playing = false;
    this.#settle();
  }

  /** Keeps the run where it is while the reader drags through time; it plays on after `release`. */
  hold(): void {
    this.#loop.stop();
  }

  release(): void {
    if (this.playing) this.#loop.start();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  step(): void {
    this.pause();
    this.#command((run) => run.step());
  }

  stepBack(): void {
    this.pause();
    this.#command((run) => run.step_back());
  }

  seek(ms: number): void {
    this.#command((run) => run.seek(ms));
  }

  restart(): void {
    this.#command((run) => run.restart());
  }

  newSeed(): void {
    this.#command((run) => run.reseed(this.#core.freshSeed()));
  }

  defend(id: string, on: boolean): void {
    this.#command((run) => run.defend(id, on));
  }

  /** Moves a control. Values that come in a rush are thinned; the last one always counts. */
  set(control: string, value: number): void {
    this.#waiting.set(control, value);
    if (this.#waitingTimer !== undefined) return;
    this.#setWaiting();
    this.#waitingTimer = setTimeout(() => {
      this.#waitingTimer = undefined;
      this.#setWaiting();
    }, SET_MS);
  }

  setSpeed(speed: number): void {
    this.speed = clampSpeed(speed);
    this.#changed();
  }

  faster(): void {
    this.setSpeed(faster(this.speed));
  }

  slower(): void {
    this.setSpeed(slower(this.speed));
  }

  dismissProblems(): void {
    this.problems = [];
    this.#changed();
  }

  dismissFailure(): void {
    this.failure = undefined;
    this.#changed();
  }

  setPalette(palette: string): void {
    this.#palette = palette;
    this.#attempt(() => this.#run.set_palette(palette));
    this.#requestFrame();
  }

  /** Paints the moment; the context is scaled so that a unit is a CSS pixel. */
  paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    this.#attempt(() => this.#run.paint(context, width, height));
    if (this.#painted) return;
    this.#painted = true;
    performance.mark('slowfire:first-frame');
  }

  #setWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (waiting.length === 0) return;
    this.#command((run) => {
      for (const [control, value] of waiting) this.#refusable(() => run.set(control, value));
    });
  }

  /** A value that the simulator refuses is the reader's to mend, and no fault. */
  #refusable(work: () => void): void {
    try {
      work();
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      this.problems = [refusal.message];
    }
  }

  #command(work: (run: Run) => void): void {
    this.#attempt(() => work(this.#run));
    this.#settle();
  }

  /** After a command, or a pause: everything shown is made to agree with the run. */
  #settle(): void {
    this.#link = this.link;
    this.#address.show(this.#link);
    this.#refresh();
    this.#requestFrame();
  }

  #refresh(): void {
    this.#refreshedAt = performance.now();
    this.#attempt(() => {
      this.state = this.#run.state();
    });
    this.#changed();
  }

  #onFrame(elapsedMs: number): void {
    if (this.#reducedMotion.matches) this.#showNextEvent(elapsedMs);
    else {
      this.#attempt(() => this.#run.advance(elapsedMs * this.speed));
      this.dispatchEvent(new Event('frame'));
    }
    if (this.timeMs >= this.endMs) this.pause();
    else if (performance.now() - this.#refreshedAt >= REFRESH_MS) this.#refresh();
  }

  #showNextEvent(elapsedMs: number): void {
    this.#shownFor += elapsedMs * (this.speed / this.about.default_speed);
    if (this.#shownFor < EVENT_MS) return;
    this.#shownFor = 0;
    const more = this.#attempt(() => this.#run.step());
    if (!more) this.#attempt(() => this.#run.seek(this.endMs));
    this.dispatchEvent(new Event('frame'));
  }

  #requestFrame(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => {
      this.#frameRequested = false;
      this.dispatchEvent(new Event('frame'));
    });
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  #adopt(run: Run): void {
    const old = this.#run;
    this.#run = run;
    this.about = run.about();
    if (this.#palette !== undefined) run.set_palette(this.#palette);
    try {
      old.free();
    } catch {
      // A run that broke off in the middle of a call cannot be freed.
    }
  }

  #attempt<T>(work: () => T): T | undefined {
    if (this.failure?.rebuilt === false) return undefined;
    try {
      return work();
    } catch (fault) {
      this.#recover(fault);
      return undefined;
    }
  }

  /**
   * A run that broke is unusable; the same link gives another, from its
   * beginning. One that breaks again at once is left alone.
   */
  #recover(fault: unknown): void {
    this.playing = false;
    this.#loop.stop();
    this.failure = {
      link: new URL(this.#link, window.location.href).href,
      detail: String(fault),
      rebuilt: this.failure === undefined && this.#rebuild(),
    };
    this.#changed();
    this.#requestFrame();
  }

  #rebuild(): boolean {
    try {
      this.#adopt(this.#core.open(this.#link));
      this.state = this.#run.state();
      return true;
    } catch {
      return false;
    }
  }
}

/** The simulator's own answer, rather than a panic in WebAssembly. */
function isRefusal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && !(thrown instanceof WebAssembly.RuntimeError);
}
