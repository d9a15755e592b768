/** A stretch of a run as a film: stepped, so that every picture is the same each time, however busy the machine is. */
import type { Run } from '../core/index.ts';
import type { Stretch, Waiting } from './order.ts';
import { canvasOf, paint } from './picture.ts';
import type { Reel } from './reel.ts';
import { breathe, reach } from './workshop.ts';

/** Pictures per second. A GIF counts in hundredths of a second: 8 for each picture. */
export const PER_SECOND = { webm: 25, gif: 12.5 };

/** A film is at most so long. */
export const LONGEST_S = 60;

/** How many pictures a film of the stretch has, the first and the last included. */
export function pictureCount({ fromMs, toMs, speed }: Stretch, perSecond: number): number {
  return Math.round(((toMs - fromMs) / speed / 1000) * perSecond) + 1;
}

/** Paints one picture after the other. */
export async function film(
  run: Run,
  stretch: Stretch,
  perSecond: number,
  ground: string,
  waiting: Waiting,
  reel: Reel,
): Promise<BlobPart[]> {
  const count = pictureCount(stretch, perSecond);
  const canvas = canvasOf(reel.size, 1);
  try {
    for (let place = 0; place < count; place += 1) {
      run.seek(stretch.fromMs + (place * stretch.speed * 1000) / perSecond);
      await reach(run, waiting);
      paint(run, 'world', canvas, reel.size, ground);
      await reel.take(canvas, place);
      waiting.onProgress((place + 1) / count);
      await breathe(waiting);
    }
  } catch (fault) {
    await reel.end();
    throw fault;
  }
  return reel.end();
}
