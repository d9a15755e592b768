/** At which stop of a lesson path the reader is: all that a page needs to know before it loads what shows the path. */

/** A stop of a path: the link of the path, the place from 1, and the link of its run. */
export interface At {
  path: string;
  place: number;
  run: string;
}

/** Where the tab keeps the stop that its reader came to last, and an entry of the history the one that it shows. */
const AT = 'slowfire.path';
const ENTRY = 'stop';

/** The reader comes to a stop. */
export function comeTo(at: At): void {
  try {
    sessionStorage.setItem(AT, JSON.stringify(at));
  } catch {
    // Storage may be forbidden; then the path is gone with this page.
  }
}

/**
 * The stop that a link belongs to which the reader has come to: the one that this entry of the history has shown, or else the one that
 * the reader came to last, if the run is one of the same lab.
 */
export function stopOf(link: string): At | undefined {
  const state: unknown = window.history.state;
  const entry = typeof state === 'object' && state !== null && ENTRY in state ? state[ENTRY] : undefined;
  const at = isAt(entry) ? entry : latest();
  if (!at || (at !== entry && labOf(at.run) !== labOf(link))) return undefined;
  window.history.replaceState({ ...(state as object | null), [ENTRY]: at }, '');
  comeTo(at);
  return at;
}

/** From here on the reader is on no path. */
export function leavePath(): void {
  const state: unknown = window.history.state;
  if (typeof state === 'object' && state !== null)
    window.history.replaceState({ ...state, [ENTRY]: undefined }, '');
  try {
    sessionStorage.removeItem(AT);
  } catch {
    // There is nothing to forget then.
  }
}

function latest(): At | undefined {
  try {
    const at: unknown = JSON.parse(sessionStorage.getItem(AT) ?? 'null');
    return isAt(at) ? at : undefined;
  } catch {
    return undefined;
  }
}

/** The lab of a link, or that it is no lab's. */
function labOf(link: string): string {
  return /^#\/[\w-]+/.exec(link)?.[0] ?? '';
}

function isAt(at: unknown): at is At {
  if (typeof at !== 'object' || at === null) return false;
  const { path, place, run } = at as Partial<At>;
  return typeof path === 'string' && Number.isInteger(place) && typeof run === 'string';
}
