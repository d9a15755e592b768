/** What the sheet shares. */
import type { Look } from '../../core/index.ts';

/** A run at the moment when the sheet was opened. */
export interface SharedRun {
  /** The link of this moment, and the one of the start, each from the `#` on. */
  here: string;
  start: string;
  timeMs: number;
  title: string;
  /** The lab's name in links; empty for a document of somebody's own. */
  lab: string;
  /** What the pictures show. */
  look: Look;
  /** How fast it plays, in virtual seconds per second, and when it ends. */
  speed: number;
  endMs: number;
}
