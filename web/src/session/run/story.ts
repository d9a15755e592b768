/** Bringing a run to the moment of a step of its story. */
import type { Run, StoryStep } from '../../core/index.ts';

/** How far a run goes on at a time in search of a step's moment. */
const STRIDE_MS = 2000;

/**
 * Goes on until the moment of this step has come, and rests there. Where it never comes, the run stays where it was.
 * Answers the step, if the story has it.
 */
export function goToStep(run: Run, place: number): StoryStep | undefined {
  const here = run.time_ms();
  let step = run.lesson().steps[place];
  while (step?.at_ms === null && run.time_ms() < run.end_ms()) {
    run.seek(Math.min(run.time_ms() + STRIDE_MS, run.end_ms()));
    step = run.lesson().steps[place];
  }
  run.seek(step?.at_ms ?? here);
  return step;
}
