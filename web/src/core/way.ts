/** A run's way to the moment that it is bound for: how far it goes at once, so that nothing else has to wait. */
import type { Run } from './index.ts';

/** Takes a run on for about so long. Answers whether it is where it is bound for. */
export function goOn(run: Run, ms: number): boolean {
  const until = performance.now() + ms;
  while (!run.go_on()) {
    if (performance.now() >= until) return false;
  }
  return true;
}
