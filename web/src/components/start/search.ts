/** Which labs somebody looks for, the likeliest first. */
import type { LabEntry } from '../../core/index.ts';
import { words } from '../../words.ts';

/** What a word counts where it stands: what a lab is called says more of it than what it also has. */
const FIELDS: readonly (readonly [(lab: LabEntry) => string, number])[] = [
  [({ id, title }) => `${id} ${title}`, 4],
  [({ question }) => question, 3],
  [({ words }) => words, 2],
  [({ chapter }) => chapter, 1],
];

/** How much more a word counts that is there as it was sought, whole. */
const WHOLE = 3;

/** So long are names such as "CAP", "2PC" and "NTP": whoever types one does not mean "capacity" if there is a lab of it. */
const LONGEST_NAME = 3;

/** Words of questions, which say little of what a lab is about: they need not be there, and count for less where they are. */
const LESS = 1 / 3;
const LITTLE = new Set(words.start.little.split(' '));

/** The labs that have every word that is sought, in any of its forms; all of them where none is. */
export function found(labs: readonly LabEntry[], sought: string): LabEntry[] {
  const wanted = wordsOf(sought);
  const telling = wanted.filter((word) => !LITTLE.has(word));
  const needed = new Set(telling.length > 0 ? telling : wanted);
  const names = new Set(wanted.filter((word) => isName(word, labs)));
  const ranked = labs.map((lab) => ({ lab, rank: rankOf(lab, { wanted, needed, names }) }));
  // Equal ones stay in the order of the chapters.
  const likeliest = ranked.filter(({ rank }) => rank > 0).sort((one, other) => other.rank - one.rank);
  return likeliest.map(({ lab }) => lab);
}

/** What is sought: all words, those that must be there, and those that count only whole. */
interface Sought {
  wanted: readonly string[];
  needed: ReadonlySet<string>;
  names: ReadonlySet<string>;
}

function isName(word: string, labs: readonly LabEntry[]): boolean {
  return word.length <= LONGEST_NAME && labs.some((lab) => hasWhole(lab, word));
}

function hasWhole(lab: LabEntry, word: string): boolean {
  return FIELDS.some(([text]) => wordsOf(text(lab)).includes(word));
}

/** The worst of the needed words decides whether the lab is meant, and all words how much. */
function rankOf(lab: LabEntry, { wanted, needed, names }: Sought): number {
  const ranks = wanted.map((word) => {
    const rank = names.has(word) && !hasWhole(lab, word) ? 0 : wordLikeness(lab, word);
    return { word, rank: LITTLE.has(word) ? rank * LESS : rank };
  });
  if (ranks.some(({ word, rank }) => rank === 0 && needed.has(word))) return 0;
  return 1 + ranks.reduce((sum, { rank }) => sum + rank, 0);
}

/** How well a lab has a word, in the place where it counts most. */
function wordLikeness(lab: LabEntry, word: string): number {
  return Math.max(...FIELDS.map(([text, rank]) => rank * likeness(text(lab), word)));
}

/** How well a text has a word; also one that only begins so, since whoever types has not come to its end. */
function likeness(text: string, sought: string): number {
  const all = wordsOf(text);
  if (all.includes(sought)) return WHOLE;
  const beginning = stem(sought);
  return all.some((word) => word.startsWith(beginning)) ? 1 : 0;
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
