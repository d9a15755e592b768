/** How many guesses were right: kept on the device, for all labs together. */
export interface Score {
  right: number;
  of: number;
}

const KEY = 'slowfire.guesses';

let ofThisPage: Score = { right: 0, of: 0 };

export function readScore(): Score {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isScore(stored) ? stored : ofThisPage;
  } catch {
    return ofThisPage;
  }
}

/** Counts a guess; another tab's guesses stand. */
export function count(isRight: boolean): void {
  const { right, of } = readScore();
  ofThisPage = { right: right + Number(isRight), of: of + 1 };
  try {
    localStorage.setItem(KEY, JSON.stringify(ofThisPage));
  } catch {
    // Storage may be forbidden; the score then lasts as long as the page.
  }
}

function isScore(stored: unknown): stored is Score {
  if (typeof stored !== 'object' || stored === null) return false;
  const { right, of } = stored as Partial<Score>;
  const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
  return isCount(right) && isCount(of) && Number(right) <= Number(of);
}
