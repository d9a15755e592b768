/** The path that somebody is writing on this device. It need not be one yet. */
import { MOST, type Path, type Stop } from './path.ts';

const KEY = 'slowfire.draft-path';

const EMPTY: Path = { title: '', stops: [] };
let ofThisPage: Path = EMPTY;
/** Whether storage did not take what was written last. */
let isUnstored = false;

export function readDraft(): Path {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isDraft(stored) && !isUnstored ? stored : ofThisPage;
  } catch {
    return ofThisPage;
  }
}

export function writeDraft(draft: Path): void {
  ofThisPage = draft;
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
    isUnstored = false;
  } catch {
    // Storage may be forbidden, or full; the draft then lasts as long as the page.
    isUnstored = true;
  }
}

/** Adds a run at the end, and answers how many there are; nothing where there is no room for another one. */
export function addStop(link: string): number | undefined {
  const { title, stops } = readDraft();
  if (stops.length >= MOST.stops) return undefined;
  writeDraft({ title, stops: [...stops, { link, says: '' }] });
  return stops.length + 1;
}

function isDraft(stored: unknown): stored is Path {
  if (typeof stored !== 'object' || stored === null) return false;
  const { title, stops } = stored as Partial<Path>;
  return typeof title === 'string' && Array.isArray(stops) && stops.every(isStop);
}

function isStop(stop: unknown): stop is Stop {
  if (typeof stop !== 'object' || stop === null) return false;
  const { link, says } = stop as Partial<Stop>;
  return typeof link === 'string' && typeof says === 'string';
}
