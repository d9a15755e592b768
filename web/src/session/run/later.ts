/** What is asked of a run once its first picture is there: it is answered when the rest of the simulator has been loaded. */
import type { Core, Run } from '../../core/index.ts';

/** After so long a rest that could not be loaded is asked for again. */
const AGAIN_MS = 5000;

export class Later {
  readonly #core: Core;
  readonly #attempt: <T>(work: (run: Run) => T) => T | undefined;
  readonly #onComplete: () => void;
  #isLoading = false;

  /** `onComplete` is told when what was asked in vain can be answered. */
  constructor(core: Core, attempt: <T>(work: (run: Run) => T) => T | undefined, onComplete: () => void) {
    this.#core = core;
    this.#attempt = attempt;
    this.#onComplete = onComplete;
  }

  /** Asks the run, and answers nothing while the rest is on its way. */
  readonly ask = <T>(work: (run: Run) => T): T | undefined => {
    if (this.#core.isComplete) return this.#attempt(work);
    this.#load();
    return undefined;
  };

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    this.#core.complete().then(this.#onComplete, () => {
      setTimeout(() => {
        this.#isLoading = false;
      }, AGAIN_MS);
    });
  }
}
