/** Work on the page itself, a slice at a time: in between the browser paints, and hears what its reader does. */
import { nextTask, type Core } from '../../core/index.ts';

/** So long a slice takes: a frame has room for it. */
const SLICE_MS = 4;

/** The simulator that the work was done with broke over something else, and is gone. */
export class Gone extends Error {}

export class Slicing {
  readonly #core: Core;
  readonly #generation: number;
  #until = performance.now() + SLICE_MS;

  constructor(core: Core) {
    this.#core = core;
    this.#generation = core.generation;
  }

  /** Nothing while the slice lasts; then a promise of the next one, which rejects with `Gone` where nothing can go on. */
  readonly pause = (): Promise<void> | undefined => {
    if (performance.now() < this.#until) return undefined;
    return nextTask().then(() => {
      if (this.#core.generation !== this.#generation) throw new Gone();
      this.#until = performance.now() + SLICE_MS;
    });
  };
}
