/** The only door to the simulator: nothing else imports the generated module. */
import init, { Run, fresh_seed, labs, last_panic, type Json } from './pkg/slowfire.js';
import moduleUrl from './pkg/slowfire_bg.wasm?url';
import type { LabEntry } from './wire.ts';

export type { Json, Run };
export { goOn } from './way.ts';
export type * from './wire.ts';

/** What the page needs of the simulator once it is loaded. */
export interface Core {
  /** Opens a link such as `#/double-charge?seed=7`; the empty one opens the default lab. */
  open(link: string): Run;
  freshSeed(): number;
  /** All labs, chapter by chapter. */
  labs(): LabEntry[];
  /** What the simulator said when it broke last; empty when it never did. */
  lastPanic(): string;
}

/** Documents cross the border as text, which the simulator checks. */
export function json<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}

/** Why the simulator could not be loaded, in words for the reader. */
export class CoreUnavailable extends Error {}

export async function loadCore(): Promise<Core> {
  if (typeof WebAssembly !== 'object') {
    throw new CoreUnavailable(
      'This browser has WebAssembly switched off or does not know it, and Slowfire’s simulator runs on it. Another browser, or this one with fewer restrictions, will show the lab.',
    );
  }
  try {
    await init({ module_or_path: moduleUrl });
  } catch (cause) {
    throw new CoreUnavailable(
      'The simulator could not be loaded. Check the connection and load the page again.',
      { cause },
    );
  }
  return { open: (link) => new Run(link), freshSeed: fresh_seed, labs, lastPanic: last_panic };
}
