/** Finds out in idle time what the whole run ahead will bring. */
import type { Run } from '../../core/index.ts';
import { whenIdle } from '../when-idle.ts';

/** How many events are played at a time. */
const SLICE = 250;
/** For so long it works at a time. What comes meanwhile waits for that, and for one slice more. */
const WORK_MS = 10;
/** So often a reader is told how much more is known. */
const NEWS_MS = 250;
/** How long a busy page may put it off. */
const PATIENCE_MS = 500;

export class LookingAhead {
  readonly #attempt: <T>(work: (run: Run) => T) => T | undefined;
  readonly #onNews: () => void;
  #isWanted = false;
  #isHeld = false;
  #isOver = false;
  #isWaiting = false;
  /** Whether there is more to find out. */
  #isDue = false;
  /** Whether more is known than was told. */
  #hasNews = false;
  #toldAt = 0;

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

  /** Rests while nobody sees the run, or where it holds up the page. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#wait();
  }

  /** The run may be another one: looks again, once the page is idle. */
  begin(): void {
    this.#isDue = true;
    this.#wait();
  }

  #wait(): void {
    const isBusy = this.#isDue || this.#hasNews;
    if (!isBusy || !this.#isWanted || this.#isHeld || this.#isOver || this.#isWaiting) return;
    this.#isWaiting = true;
    whenIdle(() => {
      this.#isWaiting = false;
      if (this.#isHeld || this.#isOver) return;
      // Reading what is known takes a while itself: it is a task of its own.
      if (this.#hasNews) this.#tell();
      else this.#work();
      this.#wait();
    }, PATIENCE_MS);
  }

  #work(): void {
    const begun = performance.now();
    let isKnown: boolean | undefined;
    do isKnown = this.#attempt((run) => run.look_ahead(SLICE));
    while (isKnown === false && performance.now() < begun + WORK_MS);
    this.#isDue = isKnown === false;
    this.#hasNews = !this.#isDue || begun > this.#toldAt + NEWS_MS;
  }

  #tell(): void {
    this.#hasNews = false;
    this.#toldAt = performance.now();
    this.#onNews();
  }
}
