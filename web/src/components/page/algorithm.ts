/** Whether a run is of a published algorithm as it was published: where a rule is off, whatever shows the run says so. */
import type { About } from '../../core/index.ts';
import { words } from '../../words.ts';

/** What to call the algorithm if it is not the published one; nothing if it is. */
export function modified({ algorithm }: About): string[] {
  return algorithm === null || algorithm.off === 0 ? [] : [words.algorithm.modified(algorithm.name)];
}
