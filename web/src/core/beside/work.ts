/** The work itself, wherever it is done: in a worker, or on the page a slice at a time. */
import { Hunt, Shrinking } from '../pkg/slowfire.js';
import type { ShrinkProgress, SmallestRun } from '../wire.ts';
import type { Hunted, Seeds } from './told.ts';

/** Runs seeds of links. */
export class Hunter {
  readonly #hunts = new Map<string, Hunt>();

  /** Runs these seeds; `between` is asked after each run, and answers when the next one may come, if not at once. */
  async hunt({ link, first, end }: Seeds, between?: () => Promise<void> | undefined): Promise<Hunted> {
    const begun = performance.now();
    const hunt = this.#of(link);
    const marks = new Uint8Array(end - first);
    for (let seed = first; seed < end; seed += 1) {
      marks[seed - first] = hunt.run(seed);
      const pause = between?.();
      if (pause) await pause;
    }
    return { marks, found: hunt.take(), ms: performance.now() - begun };
  }

  end(): void {
    for (const hunt of this.#hunts.values()) hunt.free();
    this.#hunts.clear();
  }

  #of(link: string): Hunt {
    const hunt = this.#hunts.get(link) ?? new Hunt(link);
    this.#hunts.set(link, hunt);
    return hunt;
  }
}

/** The run does not fail, so there is nothing to make smaller: why, in a sentence. */
export class NoFailure extends Error {}

/** How a search went: the smallest run so far, and whether it was stopped before there was nothing left to try. */
export interface Shrunk {
  smallest: SmallestRun;
  isStopped: boolean;
}

/**
 * Makes a failing run smaller until nothing more can be taken away. `between` is told after each run how to learn the progress, and
 * answers whether to go on. Rejects with `NoFailure` where the run does not fail.
 */
export async function shrink(
  link: string,
  check: string | undefined,
  between: (progress: () => ShrinkProgress) => boolean | Promise<boolean>,
): Promise<Shrunk> {
  const search = begun(link, check);
  let isStopped = false;
  while (!isStopped && search.step()) {
    const goesOn = between(() => search.progress());
    isStopped = !(typeof goesOn === 'boolean' ? goesOn : await goesOn);
  }
  const smallest = search.best();
  search.free();
  return { smallest, isStopped };
}

function begun(link: string, check: string | undefined): Shrinking {
  try {
    return new Shrinking(link, check);
  } catch (fault) {
    const isRefusal = fault instanceof Error && fault.name === 'Refusal';
    throw isRefusal ? new NoFailure(fault.message) : fault;
  }
}
