/** What the page asks of a worker that runs links beside it, and what the worker tells. */
import type { ShrinkProgress, SmallestRun } from '../wire.ts';

/** The compiled simulator: what a run needs of it, in the order in which it is made. */
export interface Modules {
  main: WebAssembly.Module;
  parts: WebAssembly.Module[];
}

/** Some seeds of a link: from the first on, and before the end. */
export interface Seeds {
  link: string;
  first: number;
  end: number;
}

/** What some seeds came to: a mark for each, and numbers that the simulator reads; and how long their runs took. */
export interface Hunted {
  marks: Uint8Array;
  found: Float64Array;
  ms: number;
}

/** What `marks` are. */
export const MARKS = { holds: 0, undecided: 1, violated: 2 } as const;

/** A worker does what it is asked in order; it stops at once. */
export type Asked =
  | { kind: 'begin'; modules: Modules }
  | { kind: 'hunt'; seeds: Seeds }
  | { kind: 'shrink'; link: string; check: string | undefined }
  | { kind: 'stop' };

export type Told =
  | { kind: 'ready' }
  | { kind: 'hunted'; hunted: Hunted }
  | { kind: 'progress'; progress: ShrinkProgress }
  | { kind: 'smallest'; smallest: SmallestRun; isStopped: boolean }
  | { kind: 'refused'; sentence: string };
