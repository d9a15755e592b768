/** The only door to the simulator: nothing outside this folder imports the generated module. */
import init, { Run, __wbg_reset_state, fresh_seed, labs, last_panic, type Json } from './pkg/slowfire.js';
import moduleUrl from './pkg/slowfire_bg.wasm?url';
import type { LabEntry } from './wire.ts';
import { words } from '../words.ts';

export type { Json, Run };
export { nextTask } from './task.ts';
export { arrive, goOn } from './way.ts';
export type * from './wire.ts';

/** What the page needs of the simulator once it is loaded. */
export interface Core {
  /**
   * Opens a link such as `#/double-charge?seed=7`; the empty one opens the default lab. The run may take `memoryMiB` with its
   * past and its checks, 256 MiB if nothing is said.
   */
  open(link: string, memoryMiB?: number): Run;
  freshSeed(): number;
  /** All labs, chapter by chapter. */
  labs(): LabEntry[];
  /** What the simulator said when it broke last; empty when it never did. */
  lastPanic(): string;
  /** Begins anew with a fresh module and fresh memory. Runs of an earlier generation are gone. */
  renew(): void;
  /** How often it has begun anew. */
  readonly generation: number;
}

/** Documents cross the border as text, which the simulator checks. */
export function json<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}

/** Why the simulator could not be loaded, in words for the reader. */
export class CoreUnavailable extends Error {}

let loading: Promise<unknown> | undefined;

export async function loadCore(): Promise<Core> {
  if (typeof WebAssembly !== 'object') {
    throw new CoreUnavailable(words.unavailable.noWebAssembly);
  }
  try {
    // Figures of one page that wake together share one module.
    await (loading ??= init({ module_or_path: moduleUrl }));
  } catch (cause) {
    loading = undefined;
    throw new CoreUnavailable(words.unavailable.notLoaded, { cause });
  }
  return core;
}

/** One for all that is on the page: the module is loaded once. */
const core = {
  generation: 0,
  open: (link: string, memoryMiB?: number) => new Run(link, memoryMiB),
  freshSeed: fresh_seed,
  labs,
  lastPanic: last_panic,
  renew: () => {
    core.generation += 1;
    __wbg_reset_state();
  },
};
