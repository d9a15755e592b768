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

/** Of shorter words too many are near each other, and longer ones may be mistyped twice. */
const SHORTEST_MISTYPED = 5;
const SHORTEST_TWICE_MISTYPED = 8;

/** Words of questions, which say little of what a lab is about: they need not be there, and count for less where they are. */
const LESS = 1 / 3;
const LITTLE = new Set(words.start.little.split(' '));

/** The labs that have every word that is sought, in any of its forms; all of them where none is. */
export function found(labs: readonly LabEntry[], sought: string): LabEntry[] {
  const wanted = wordsOf(sought);
  const exactly = having(labs, wanted);
  if (exactly.length > 0) return exactly;
  const meant = wanted.map((word) => {
    const rest = having(
      labs,
      wanted.filter((other) => other !== word),
    );
    return meantBy(word, labs, rest.length > 0 ? rest : labs);
  });
  return meant.join(' ') === wanted.join(' ') ? [] : having(labs, meant);
}

/** The labs that have all of these words. */
function having(labs: readonly LabEntry[], wanted: readonly string[]): LabEntry[] {
  const telling = wanted.filter((word) => !LITTLE.has(word));
  const needed = new Set(telling.length > 0 ? telling : wanted);
  const names = new Set(wanted.filter((word) => isName(word, labs)));
  const ranked = labs.map((lab) => ({ lab, rank: rankOf(lab, { wanted, needed, names }) }));
  // Equal ones stay in the order of the chapters.
  const likeliest = ranked.filter(({ rank }) => rank > 0).sort((one, other) => other.rank - one.rank);
  return likeliest.map(({ lab }) => lab);
}

/** What somebody probably meant who mistyped a word: for one that no lab has, the nearest in those that have the rest. */
function meantBy(word: string, labs: readonly LabEntry[], withRest: readonly LabEntry[]): string {
  if (word.length < SHORTEST_MISTYPED || labs.some((lab) => wordLikeness(lab, word) > 0)) return word;
  const known = new Set(withRest.flatMap((lab) => FIELDS.flatMap(([text]) => wordsOf(text(lab)))));
  const most = word.length < SHORTEST_TWICE_MISTYPED ? 1 : 2;
  const near = [...known].map((other) => ({ other, edits: edits(word, other) }));
  const [nearest] = near.filter(({ edits }) => edits <= most).sort((one, two) => one.edits - two.edits);
  return nearest?.other ?? word;
}

/** How many letters are left out, added, changed, or swapped with the next one, from one word to the other. */
function edits(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const ways = [
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + Number(!isSame),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      ];
      row.push(Math.min(...ways));
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? Infinity;
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
