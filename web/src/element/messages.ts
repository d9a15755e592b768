/**
 * What a frame and the page around it tell each other, by `postMessage`: plain objects `{ slowfire: 1, kind, ... }`.
 *
 * The frame sends `ready`, `state`, `violation`, `error` and `resize`; `ready`, `violation` and `error` say what the events
 * of the same names say, `state` what `timechange` does. It takes `play`, `pause`, `seek` and `open`. Messages of another
 * version, of another shape, or from anywhere else are left alone. Fields may be added to a kind, and kinds to a version.
 */
import { isOurs, VERSION } from '../core/frame-height.ts';
import type { FigureEvents } from './events.ts';

/** What a frame tells, by kind. */
export interface Told extends Pick<FigureEvents, 'ready' | 'violation' | 'error'> {
  state: FigureEvents['timechange'];
  /** How high the frame would be, in CSS pixels, at the width that it has. */
  resize: { height: number };
}

/** What a frame is told. */
export type Command =
  | { kind: 'play' }
  | { kind: 'pause' }
  /** A moment, in virtual milliseconds or as links write it. */
  | { kind: 'seek'; moment: number | string }
  /** A link, whole or from the `#` on. */
  | { kind: 'open'; link: string };

/** A message that a frame sends. */
export function message(kind: keyof Told, detail: object): object {
  return { slowfire: VERSION, kind, ...detail };
}

/** What a message asks a frame to do; nothing where it is none of ours. */
export function commandIn(data: unknown): Command | undefined {
  if (!isOurs(data)) return undefined;
  const { kind, moment, link } = data;
  if (kind === 'play' || kind === 'pause') return { kind };
  if (kind === 'seek' && (typeof moment === 'number' || typeof moment === 'string'))
    return { kind, moment };
  if (kind === 'open' && typeof link === 'string') return { kind, link };
  return undefined;
}
