/** What those have of a session that stand in the place of its pictures: a walk, a question, another run. */
import type { Core } from '../core/index.ts';
import type { Player } from './playing/player.ts';
import type { GuardedRun } from './run/guarded-run.ts';

export interface Parts {
  core: Core;
  run: GuardedRun;
  player: Player;
}
