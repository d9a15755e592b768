/** A run's way to the moment that it is bound for: how far it goes at once, so that nothing else has to wait. */
import type { Run } from './pkg/slowfire.js';

/** How long a part of a way takes that nobody waits for. */
const PART_MS = 10;

/** Takes a run all the way, a part at a time: `between` answers when the next part may come. Answers whether it is there. */
export async function arrive(run: Run, between: () => Promise<boolean>): Promise<boolean> {
  while (!goOn(run, PART_MS)) {
    if (!(await between())) return false;
  }
  return true;
}

/** Takes a run on for about so long. Answers whether it is where it is bound for. */
export function goOn(run: Run, ms: number): boolean {
  const until = performance.now() + ms;
  while (!run.go_on()) {
    if (performance.now() >= until) return false;
  }
  return true;
}
