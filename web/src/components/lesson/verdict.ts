/** What verdicts have in common, wherever they are shown. */
import type { ShownVerdict } from '../../core/index.ts';
import { moment } from '../base/format.ts';

export const WORDS = { holds: 'Holds', violated: 'Violated', undecided: 'Undecided' } as const;

/** The gravest first. */
const GRAVITY: readonly ShownVerdict['state'][] = ['violated', 'undecided', 'holds'];

export function byGravity(verdicts: readonly ShownVerdict[]): ShownVerdict[] {
  return verdicts.toSorted((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state));
}

/** What a screen reader is told of the verdicts that turned; nothing if none did. */
export function turned(before: readonly ShownVerdict[], now: readonly ShownVerdict[]): string {
  const states = new Map(before.map(({ check, state }) => [check, state]));
  const others = now.filter(({ check, state }) => states.get(check) !== state);
  return others.map(spoken).join(' ');
}

function spoken({ label, state, at_ms, sentence }: ShownVerdict): string {
  const when = at_ms === null ? '' : ` at ${moment(at_ms)}`;
  return `${label}: ${WORDS[state].toLowerCase()}${when}. ${sentence}`;
}
