/** An animated GIF, with the address of its run in a comment. */
import { GIFEncoder, applyPalette, quantize } from 'gifenc';
import type { Canvas, Size } from './picture.ts';
import type { Reel } from './reel.ts';

/** So long the last picture stays, before the first comes again. */
const REST_MS = 1500;
/** More than pictures of the world have, with the blends at the edges of their shapes. */
const COLOURS = 128;
const SIZE: Size = { width: 800, height: 450 };

/** How a comment begins, how its parts end, and how the file does (GIF89a, sections 24, 16 and 27). */
const [EXTENSION, COMMENT, TERMINATOR, TRAILER] = [0x21, 0xfe, 0, 0x3b];
/** What a part of a comment can hold. */
const MOST_IN_PART = 255;

/** Of `count` pictures. */
export function gif(perSecond: number, count: number, address: string): Reel {
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
      // All but its last byte, which ends the file.
      return [encoder.bytes().subarray(0, -1), commentOf(address), Uint8Array.of(TRAILER)];
    },
  };
}

function commentOf(address: string): Uint8Array<ArrayBuffer> {
  // Addresses have no characters but ASCII's, and comments no others either.
  const bytes = new TextEncoder().encode(new URL(address).href);
  const parts: number[] = [];
  for (let from = 0; from < bytes.length; from += MOST_IN_PART) {
    const part = bytes.subarray(from, from + MOST_IN_PART);
    parts.push(part.length, ...part);
  }
  return Uint8Array.from([EXTENSION, COMMENT, ...parts, TERMINATOR]);
}
