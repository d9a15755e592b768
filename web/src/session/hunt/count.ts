/** What the runs of a link say of one check, or of any. */
import type { HuntRun, HuntShare } from '../../core/index.ts';
import type { Result } from './hunting.ts';

export interface Count {
  runs: number;
  violated: HuntShare;
  /** How many runs leave it undecided: they do not count as failing. */
  undecided: number;
  /** The first run that fails, where any check counts: which one of the others a run violates first is not known. */
  first: HuntRun | undefined;
}

/** Of the check with this id; without one, of any. Nothing as long as no run is done. */
export function countOf({ found, strip }: Result, check: string | undefined): Count | undefined {
  if (!found || found.runs === 0) return undefined;
  const { runs, failed, failing, checks } = found;
  if (check === undefined) return { runs, violated: failed, undecided: strip.undecided, first: failing[0] };
  const one = checks.find(({ id }) => id === check);
  if (!one) return undefined;
  return { runs, violated: one.violated, undecided: one.undecided, first: undefined };
}
