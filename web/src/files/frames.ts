/** A stretch of a run as pictures: stepped, so that every one is the same each time, however busy the machine is. */
import type { Run } from '../core/index.ts';
import { goOnUnlessCancelled, type Stretch, type Waiting } from './order.ts';
import { canvasOf, paint, type Canvas, type Size } from './picture.ts';
import { reach } from './workshop.ts';

/** A GIF counts in hundredths of a second: 8 for each picture. */
export const GIF_PER_SECOND = 12.5;
export const WEBM_PER_SECOND = 25;

/** A film is at most so long. */
export const LONGEST_S = 60;

/** How many pictures a film of the stretch has, the first and the last included. */
export function frameCount({ fromMs, toMs, speed }: Stretch, perSecond: number): number {
  return Math.round(((toMs - fromMs) / speed / 1000) * perSecond) + 1;
}

export interface Film {
  size: Size;
  perSecond: number;
  ground: string;
}

/** Paints one picture after the other, and shows each to `each`. */
export async function frames(
  run: Run,
  stretch: Stretch,
  { size, perSecond, ground }: Film,
  waiting: Waiting,
  each: (canvas: Canvas, place: number) => Promise<void> | void,
): Promise<void> {
  const count = frameCount(stretch, perSecond);
  const canvas = canvasOf(size, 1);
  for (let place = 0; place < count; place += 1) {
    run.seek(stretch.fromMs + (place * stretch.speed * 1000) / perSecond);
    await reach(run, waiting);
    paint(run, 'world', canvas, size, ground);
    await each(canvas, place);
    waiting.onProgress((place + 1) / count);
    goOnUnlessCancelled(waiting);
  }
}
