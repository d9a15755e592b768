/** A stretch of a run as an animated GIF. */
import { GIFEncoder, applyPalette, quantize } from 'gifenc';
import type { Run } from '../core/index.ts';
import { GIF_PER_SECOND, frameCount, frames } from './frames.ts';
import type { Stretch, Waiting } from './order.ts';
import type { Size } from './picture.ts';
import { breathe } from './workshop.ts';

/** So long the last picture stays, before the first comes again. */
const REST_MS = 1500;
/** More than pictures of the world have, with the blends at the edges of their shapes. */
const COLOURS = 128;
const SIZE: Size = { width: 800, height: 450 };

export async function gif(
  run: Run,
  stretch: Stretch,
  ground: string,
  waiting: Waiting,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = GIFEncoder();
  const last = frameCount(stretch, GIF_PER_SECOND) - 1;
  const film = { size: SIZE, perSecond: GIF_PER_SECOND, ground };
  await frames(run, stretch, film, waiting, async ({ context }, place) => {
    const { data } = context.getImageData(0, 0, SIZE.width, SIZE.height);
    const palette = quantize(data, COLOURS);
    const delay = place === last ? REST_MS : 1000 / GIF_PER_SECOND;
    encoder.writeFrame(applyPalette(data, palette), SIZE.width, SIZE.height, { palette, delay });
    await breathe(waiting);
  });
  encoder.finish();
  return encoder.bytes();
}
