/** What verdicts have in common, wherever they are shown. */
import type { ShownVerdict } from '../../core/index.ts';
import { moment } from '../../format.ts';
import { words } from '../../words.ts';

/** The gravest first. */
export const GRAVITY: readonly ShownVerdict['state'][] = ['violated', 'undecided', 'holds'];

export function byGravity(verdicts: readonly ShownVerdict[]): ShownVerdict[] {
  return verdicts.toSorted((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state));
}

/** What is violated, then the check that the lab is about, its first; then the others, the gravest first. */
export function byInterest(verdicts: readonly ShownVerdict[]): ShownVerdict[] {
  const isMain = (verdict: ShownVerdict) => verdict === verdicts[0];
  const interest = (verdict: ShownVerdict) =>
    verdict.state === 'violated' ? 0 : isMain(verdict) ? 1 : 1 + GRAVITY.indexOf(verdict.state);
  return verdicts.toSorted((a, b) => interest(a) - interest(b));
}

/** What a screen reader is told of the verdicts that turned; nothing if none did. */
export function turned(before: readonly ShownVerdict[], now: readonly ShownVerdict[]): string {
  const states = new Map(before.map(({ check, state }) => [check, state]));
  const others = now.filter(({ check, state }) => states.get(check) !== state);
  return others.map(spoken).join(' ');
}

function spoken({ label, state, at_ms, sentence }: ShownVerdict): string {
  if (at_ms === null) return words.verdicts.spoken(label, state, sentence);
  return words.verdicts.spokenAt(label, state, moment(at_ms), sentence);
}
