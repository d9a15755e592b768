/** How many guesses were right, and which questions were answered: kept on the device, for all labs together. */
export interface Score {
  right: number;
  of: number;
}

/** What is kept: the marks of the questions that were answered, the latest last. */
interface Kept extends Score {
  answered: string[];
}

const KEY = 'slowfire.guesses';

/** So many answered questions are remembered: whoever answers more is forgiven the first ones. */
const MOST_ANSWERED = 2000;

let ofThisPage: Kept = { right: 0, of: 0, answered: [] };

export function readScore(): Score {
  const { right, of } = read();
  return { right, of };
}

/** Counts a guess, once for each question; another tab's guesses stand. Answers whether it counts. */
export function count(question: string, isRight: boolean): boolean {
  const { right, of, answered } = read();
  if (answered.includes(question)) return false;
  ofThisPage = {
    right: right + Number(isRight),
    of: of + 1,
    answered: [...answered, question].slice(-MOST_ANSWERED),
  };
  try {
    localStorage.setItem(KEY, JSON.stringify(ofThisPage));
  } catch {
    // Storage may be forbidden; the score then lasts as long as the page.
  }
  return true;
}

function read(): Kept {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (!isScore(stored)) return ofThisPage;
    const { right, of, answered } = stored as Score & { answered?: unknown };
    return { right, of, answered: isListOfMarks(answered) ? answered : [] };
  } catch {
    return ofThisPage;
  }
}

/** Scores of earlier pages remember no question. */
const isListOfMarks = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((mark) => typeof mark === 'string');

function isScore(stored: unknown): stored is Score {
  if (typeof stored !== 'object' || stored === null) return false;
  const { right, of } = stored as Partial<Score>;
  const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
  return isCount(right) && isCount(of) && Number(right) <= Number(of);
}
