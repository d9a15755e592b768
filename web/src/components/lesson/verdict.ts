/** What verdicts have in common, wherever they are shown. */
import type { CheckState } from '../../core/index.ts';
import { moment } from '../base/format.ts';
import { words } from '../../words.ts';

/** The gravest first. */
export const GRAVITY: readonly CheckState['state'][] = ['violated', 'undecided', 'holds'];

export function byGravity(verdicts: readonly CheckState[]): CheckState[] {
  return verdicts.toSorted((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state));
}

/** What a screen reader is told of the verdicts that turned; nothing if none did. */
export function turned(before: readonly CheckState[], now: readonly CheckState[]): string {
  const states = new Map(before.map(({ check, state }) => [check, state]));
  const others = now.filter(({ check, state }) => states.get(check) !== state);
  return others.map(spoken).join(' ');
}

function spoken({ label, state, at_ms, sentence }: CheckState): string {
  if (at_ms === null) return words.verdicts.spoken(label, state, sentence);
  return words.verdicts.spokenAt(label, state, moment(at_ms), sentence);
}
