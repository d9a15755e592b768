/** The moment of a lab's run that its picture shows. */
import type { Run } from '../../core/index.ts';

/** A lab whose story and checks name no moment shows this one. */
const SHARE_OF_RUN = 0.15;
/** How far a run is simulated in search of a moment. */
const SEARCH_MS = 20_000;
/** How long after a violation the picture says so most clearly, in milliseconds of watching. */
const AFTER_MS = 150;
/** Where the first check breaks, or else where the story's last step is. */
export function tellingMoment(run: Run): number {
  run.seek(Math.min(SEARCH_MS, run.end_ms()));
  run.arrive();
  const broken = run.violation_ms();
  if (broken !== undefined) return broken + AFTER_MS * run.about().default_speed;
  const told = run.story().flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
  return told.at(-1) ?? SHARE_OF_RUN * run.end_ms();
}
