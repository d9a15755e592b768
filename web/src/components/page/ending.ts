/** What has come of a run, where it rests at its end. */
import type { ShownVerdict } from '../../core/index.ts';
import { moment } from '../../format.ts';
import type { Session } from '../../session/session.ts';
import { words } from '../../words.ts';

/** No node can know of it, and a challenge has a word of its own for it. */
export function endingOf({ player, state, perspectiveName, challenging }: Session): string | undefined {
  const isTold = player.rests === 'end' && perspectiveName === undefined && !challenging.aim;
  return isTold ? toldOf(state.verdicts) : undefined;
}

function toldOf(verdicts: readonly ShownVerdict[]): string {
  const { broke, nothing } = words.ending;
  const moments = verdicts.flatMap(({ state, at_ms }) =>
    state === 'violated' && at_ms !== null ? at_ms : [],
  );
  if (moments.length > 0) return broke(moments.length, verdicts.length, moment(Math.min(...moments)));
  return nothing(verdicts.filter(({ state }) => state === 'undecided').length);
}
