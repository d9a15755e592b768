/** The reader's best scores, kept on this device: for each lab and aim, the fewest. */
import type { Aim } from './challenging.ts';

const KEY = 'slowfire.challenges';

type Best = Record<string, number>;

let ofThisPage: Best = {};

const nameOf = (lab: string, aim: Aim): string => `${lab}/${aim}`;

export function best(lab: string, aim: Aim): number | undefined {
  return all()[nameOf(lab, aim)];
}

/** Counts a score. */
export function scored(lab: string, aim: Aim, score: number): void {
  if ((best(lab, aim) ?? Infinity) <= score) return;
  ofThisPage = { ...all(), [nameOf(lab, aim)]: score };
  try {
    localStorage.setItem(KEY, JSON.stringify(ofThisPage));
  } catch {
    // Storage may be forbidden; the score then lasts as long as the page.
  }
}

/** What could not be stored counts as well. */
function all(): Best {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isBest(stored) ? { ...stored, ...ofThisPage } : ofThisPage;
  } catch {
    return ofThisPage;
  }
}

function isBest(stored: unknown): stored is Best {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return false;
  return Object.values(stored).every((score) => Number.isInteger(score) && Number(score) >= 0);
}
