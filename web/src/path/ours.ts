/** The paths that are carried, by their names in links, in the order in which they are offered. */
import time from '../../../crates/scenario/paths/time.json';
import week from '../../../crates/scenario/paths/week.json';
import type { Path } from './path.ts';

export const OURS: readonly (readonly [string, Path])[] = [
  ['week', week],
  ['time', time],
];
