/** An animated GIF. */
import { GIFEncoder, applyPalette, quantize } from 'gifenc';
import type { Canvas, Size } from './picture.ts';
import type { Reel } from './reel.ts';

/** So long the last picture stays, before the first comes again. */
const REST_MS = 1500;
/** More than pictures of the world have, with the blends at the edges of their shapes. */
const COLOURS = 128;
const SIZE: Size = { width: 800, height: 450 };

/** Of `count` pictures. */
export function gif(perSecond: number, count: number): Reel {
  const encoder = GIFEncoder();
  return {
    size: SIZE,
    take: ({ context }: Canvas, place) => {
      const { data } = context.getImageData(0, 0, SIZE.width, SIZE.height);
      const palette = quantize(data, COLOURS);
      const delay = place === count - 1 ? REST_MS : 1000 / perSecond;
      encoder.writeFrame(applyPalette(data, palette), SIZE.width, SIZE.height, { palette, delay });
    },
    end: () => {
      encoder.finish();
      return [encoder.bytes()];
    },
  };
}
