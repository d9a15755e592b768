/** Takes a run that rests to where it is bound for, a part of each frame's time. */
import type { GuardedRun } from './guarded-run.ts';

/** How long the first part of a way may take: nearly every way of nearly every run. */
const FIRST_MS = 15;
/** How much of a frame's time the others take. */
const SLICE_MS = 10;
/** A way that takes so long is one that a reader is told of. */
export const LONG_MS = 250;

/** Who is told of the way. */
interface Owner {
  /** The run has come nearer. */
  onNearer(): void;
  /** It is there. */
  onArrival(): void;
  /** It has begun, or is over. */
  onWay(isOnWay: boolean): void;
}

export class Journey {
  readonly #run: GuardedRun;
  readonly #owner: Owner;
  #request: number | undefined;
  #begunAt = 0;
  #isHeld = false;

  constructor(run: GuardedRun, owner: Owner) {
    this.#run = run;
    this.#owner = owner;
  }

  /** Nobody sees the run, or somebody does again: until then it stays where it is. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.end();
  }

  /** Whether it has taken the run on for longer than a reader waits without a word. */
  get isLong(): boolean {
    return this.#request !== undefined && performance.now() - this.#begunAt >= LONG_MS;
  }

  /** Goes on at once, and with each frame from the one after the next, until the run is there. */
  begin(): void {
    if (this.#request !== undefined || this.#isHeld) return;
    const isThere = this.#isThere(FIRST_MS);
    this.#owner.onWay(!isThere);
    if (isThere) return;
    this.#begunAt = performance.now();
    // The next frame shows what was done, often a whole page, and has enough to do.
    this.#request = requestAnimationFrame(() => this.#next());
  }

  /** Leaves the run where it is: it is somebody else's now. */
  end(): void {
    if (this.#request === undefined) return;
    cancelAnimationFrame(this.#request);
    this.#request = undefined;
    this.#owner.onWay(false);
  }

  #next(): void {
    this.#request = requestAnimationFrame(() => {
      this.#request = undefined;
      if (this.#isThere(SLICE_MS)) {
        this.#owner.onWay(false);
        this.#owner.onArrival();
      } else {
        this.#next();
        this.#owner.onNearer();
      }
    });
  }

  /** A run that breaks on its way is nowhere else to go. */
  #isThere(ms: number): boolean {
    return this.#run.goOn(ms) ?? true;
  }
}
