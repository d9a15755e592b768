/** What makes a film of pictures. */
import type { Canvas, Size } from './picture.ts';

export interface Reel {
  size: Size;
  /** Takes the picture at this place, from 0. */
  take(canvas: Canvas, place: number): Promise<void> | void;
  /** Ends the film. Also called where nobody wants it any more: what records must not go on. */
  end(): Promise<BlobPart[]> | BlobPart[];
}
