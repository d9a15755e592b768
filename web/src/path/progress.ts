/** Which stops of which paths a reader has come to, on this device; and on which path the reader of this tab is. */
import { AT } from './on-path.ts';

/** A stop of a path: the link of the path, and the place from 1. */
export interface At {
  path: string;
  place: number;
}

const REACHED = 'slowfire.paths';
/** Of so many paths the device knows. */
const MOST_PATHS = 30;

/** The path that the reader of this tab is on. */
export function readAt(): At | undefined {
  const at = read(() => sessionStorage, AT);
  return isAt(at) ? at : undefined;
}

/** The reader comes to a stop. */
export function comeTo(at: At): void {
  write(() => sessionStorage, AT, at);
  reach(at);
}

/** The places, from 1, of the stops that the reader has come to. */
export function reached(path: string): ReadonlySet<number> {
  return new Set(all().find(([link]) => link === path)?.[1]);
}

function reach({ path, place }: At): void {
  const others = all().filter(([link]) => link !== path);
  const places = [...new Set([...reached(path), place])];
  write(() => localStorage, REACHED, [[path, places], ...others].slice(0, MOST_PATHS));
}

/** The path that was last gone on with comes first. */
function all(): [string, number[]][] {
  const stored = read(() => localStorage, REACHED);
  return Array.isArray(stored) ? stored.filter(isReached) : [];
}

function isReached(entry: unknown): entry is [string, number[]] {
  if (!Array.isArray(entry)) return false;
  const [link, places] = entry as unknown[];
  return typeof link === 'string' && Array.isArray(places) && places.every(Number.isInteger);
}

function isAt(at: unknown): at is At {
  if (typeof at !== 'object' || at === null) return false;
  const { path, place } = at as Partial<At>;
  return typeof path === 'string' && Number.isInteger(place);
}

function read(storage: () => Storage, key: string): unknown {
  try {
    return JSON.parse(storage().getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: unknown): void {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be forbidden; then the path is gone with the page.
  }
}
