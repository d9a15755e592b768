/** The moment of a lab's run that its picture shows. */
import type { Run } from '../../core/index.ts';

/** Takes a run to where it is bound for, and answers whether it is there. */
export type Arrive = (run: Run) => Promise<boolean>;

/** A lab whose story and checks name no moment shows this one. */
const SHARE_OF_RUN = 0.15;
/** How far a run is simulated in search of a moment. */
const SEARCH_MS = 20_000;
/** How long after a violation the picture says so most clearly, in milliseconds of watching. */
const AFTER_MS = 150;

/** Takes a run to where the first check breaks, or else to where the story's last step is. */
export async function toTellingMoment(run: Run, arrive: Arrive): Promise<boolean> {
  run.seek(Math.min(SEARCH_MS, run.end_ms()));
  if (!(await arrive(run))) return false;
  run.seek(tellingMoment(run));
  return arrive(run);
}

/** Takes a run that is bound for a violation there, and a little further. */
export async function toViolation(run: Run, arrive: Arrive): Promise<boolean> {
  run.seek(run.aim_ms() + AFTER_MS * run.about().default_speed);
  return arrive(run);
}

function tellingMoment(run: Run): number {
  const broken = run.violation_ms();
  if (broken !== undefined) return broken + AFTER_MS * run.about().default_speed;
  const told = run.story().flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
  return told.at(-1) ?? SHARE_OF_RUN * run.end_ms();
}
