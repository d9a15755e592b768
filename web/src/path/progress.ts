/** Which stops of which paths a reader has come to, on this device. */
import type { At } from './on-path.ts';

const REACHED = 'slowfire.paths';
/** Of so many paths the device knows. */
const MOST_PATHS = 30;

/** The places, from 1, of the stops that the reader has come to. */
export function reached(path: string): ReadonlySet<number> {
  return new Set(all().find(([link]) => link === path)?.[1]);
}

/** The reader has come to a stop. */
export function reach({ path, place }: At): void {
  const others = all().filter(([link]) => link !== path);
  const places = [...new Set([...reached(path), place])];
  write([[path, places], ...others].slice(0, MOST_PATHS));
}

/** The path that was last gone on with comes first. */
function all(): [string, number[]][] {
  const stored = read();
  return Array.isArray(stored) ? stored.filter(isReached) : [];
}

function isReached(entry: unknown): entry is [string, number[]] {
  if (!Array.isArray(entry)) return false;
  const [link, places] = entry as unknown[];
  return typeof link === 'string' && Array.isArray(places) && places.every(Number.isInteger);
}

function read(): unknown {
  try {
    return JSON.parse(localStorage.getItem(REACHED) ?? 'null');
  } catch {
    return null;
  }
}

function write(reached: unknown): void {
  try {
    localStorage.setItem(REACHED, JSON.stringify(reached));
  } catch {
    // Storage may be forbidden; then nobody knows tomorrow where the reader was.
  }
}
