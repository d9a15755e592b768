/** Finding the moment of a step of a run's story. */
import type { Run, StoryStep } from '../../core/index.ts';

/** How far a run goes on at a time in search of a step's moment. */
const STRIDE_MS = 2000;

/** The step at a place, with its moment if that ever comes. The run stays where it is. */
export function findStep(run: Run, place: number): StoryStep | undefined {
  const here = run.time_ms();
  let step = run.story()[place];
  while (step?.at_ms === null && run.time_ms() < run.end_ms()) {
    run.seek(Math.min(run.time_ms() + STRIDE_MS, run.end_ms()));
    step = run.story()[place];
  }
  run.seek(here);
  return step;
}
