/** What is to be made, and who waits for it. */
import type { Json, Look, Palette } from '../core/index.ts';

/** A stretch of a run, in virtual milliseconds, and how fast it is shown: virtual seconds per second. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  speed: number;
}

/** A run, how it looks, and where it can be seen. */
export interface Order {
  /** The link of the run at the moment that is saved, from the `#` on. */
  link: string;
  /** The address of the full page, without what stands after the `#`. */
  home: string;
  title: string;
  look: Look;
  palette: Json<Palette>;
}

/** Whoever waits for a file. */
export interface Waiting {
  /** How much of it is there, from 0 to 1. */
  onProgress(share: number): void;
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
}

/** Nobody waits for the file any more. */
export class Cancelled extends Error {}

export function goOnUnlessCancelled({ signal }: Waiting): void {
  if (signal.aborted) throw new Cancelled();
}
