/** How fast a playing run goes at this moment, by what happens in it. */
import type { Run, State } from '../../core/index.ts';

/** Nothing is in flight and nothing is due for so long: that is quiet. */
const QUIET_REAL_MS = 500;
/** As much of the quiet as is left before the next event. */
const LEAD_REAL_MS = 150;
/** So many messages in flight can be followed at full speed; twice as many at half of it. */
const FOLLOWED = 1;
const SLOWEST_SHARE = 0.1;
/** How soon the pace follows what happens. */
const EASE_MS = 250;

export class Pace {
  #share = 1;

  /** The virtual milliseconds that `elapsedMs` of the reader's time are worth. */
  ahead(elapsedMs: number, speed: number, follow: boolean, { in_flight }: State): number {
    const target = follow ? Math.max(SLOWEST_SHARE, Math.min(1, FOLLOWED / in_flight)) : 1;
    this.#share += (target - this.#share) * Math.min(1, elapsedMs / EASE_MS);
    return elapsedMs * speed * this.#share;
  }
}

/** Where the quiet that the run is in ends, unless it is in none. */
export function endOfQuiet(run: Run, speed: number, { in_flight }: State): number | undefined {
  if (in_flight > 0) return undefined;
  const next = run.next_activity_ms();
  const quiet = next - run.time_ms();
  return quiet > QUIET_REAL_MS * speed ? next - LEAD_REAL_MS * speed : undefined;
}
