/** Which labs somebody looks for, the likeliest first. */
import type { LabEntry } from '../../core/index.ts';

/** What a word counts where it stands: what a lab is called says more of it than what it also has. */
const FIELDS: readonly (readonly [(lab: LabEntry) => string, number])[] = [
  [({ id, title }) => `${id} ${title}`, 4],
  [({ question }) => question, 3],
  [({ words }) => words, 2],
  [({ chapter }) => chapter, 1],
];

/** How much more a word counts that is there as it was sought, whole: "CAP" is not meant by "captains". */
const WHOLE = 3;

/** The labs that have every word that is sought, in any of its forms; all of them where none is. */
export function found(labs: readonly LabEntry[], sought: string): LabEntry[] {
  const wanted = wordsOf(sought);
  const ranked = labs.map((lab) => ({ lab, rank: rankOf(lab, wanted) }));
  // Equal ones stay in the order of the chapters.
  const likeliest = ranked.filter(({ rank }) => rank > 0).sort((one, other) => other.rank - one.rank);
  return likeliest.map(({ lab }) => lab);
}

/** The worst of the words decides whether the lab is meant, and all of them how much. */
function rankOf(lab: LabEntry, wanted: readonly string[]): number {
  const ranks = wanted.map((word) =>
    Math.max(...FIELDS.map(([text, rank]) => rank * likeness(text(lab), word))),
  );
  return ranks.includes(0) ? 0 : 1 + ranks.reduce((sum, rank) => sum + rank, 0);
}

/** How well a text has a word; also one that only begins so, since whoever types has not come to its end. */
function likeness(text: string, sought: string): number {
  const words = wordsOf(text);
  if (words.includes(sought)) return WHOLE;
  const beginning = stem(sought);
  return words.some((word) => word.startsWith(beginning)) ? 1 : 0;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** "retries" and "retry", "locks" and "lock", "duplicate" and "duplication", "linearizable" and "linearizability". */
function stem(word: string): string {
  return word
    .replace(/(?<=..)ies$/, '')
    .replace(/(?<=.{4})(?:ability|able|ations?|ate[ds]?|ating)$/, '')
    .replace(/(?<=...)(?:y|s)$/, '');
}
