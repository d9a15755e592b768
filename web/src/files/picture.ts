/** A moment as a picture. */
import type { Run, View } from '../core/index.ts';
import { withText } from './png.ts';
import { words } from './words.ts';

export interface Size {
  width: number;
  height: number;
}

/** As a slide is wide and high. */
export const SLIDE: Size = { width: 1280, height: 720 };

/** So many pixels of a PNG are one of a slide. */
const SHARPNESS = 2;

export interface Canvas {
  element: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
}

/** A canvas on which a picture of `size` fills `scale` times as many pixels. */
export function canvasOf({ width, height }: Size, scale: number): Canvas {
  const element = document.createElement('canvas');
  [element.width, element.height] = [width * scale, height * scale];
  const context = element.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(words.save.noPicture);
  context.scale(scale, scale);
  return { element, context };
}

/** Paints a view of the run as it is, on its ground: the page paints that itself. */
export function paint(run: Run, view: View, { context }: Canvas, size: Size, ground: string): void {
  run.paint(view, context, size.width, size.height);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = ground;
  context.fillRect(0, 0, size.width, size.height);
  context.globalCompositeOperation = 'source-over';
}

/** The world as a PNG, with the address of the run in its text. */
export async function png(run: Run, ground: string, title: string, address: string): Promise<BlobPart> {
  const canvas = canvasOf(SLIDE, SHARPNESS);
  paint(run, 'world', canvas, SLIDE, ground);
  const blob = await new Promise<Blob | null>((done) => canvas.element.toBlob(done, 'image/png'));
  if (!blob) throw new Error(words.save.noPicture);
  const file = new Uint8Array(await blob.arrayBuffer());
  return withText(file, { Title: title, Source: address });
}
