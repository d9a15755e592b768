/**
 * What a frame and the page around it tell each other, by `postMessage`: plain objects `{ slowfire: 1, kind, ... }`.
 *
 * The frame sends `ready`, `state`, `violation`, `error` and `resize`; `ready`, `violation` and `error` say what the events
 * of the same names say, `state` what `timechange` does. It takes `play`, `pause`, `seek` and `open`. Messages of another
 * version, of another shape, or from anywhere else are left alone. Fields may be added to a kind, and kinds to a version.
 */
import type { FigureEvents } from './events.ts';

/** The version of all messages here. */
export const VERSION = 1;

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

/** The height that a message says, in CSS pixels; nothing where it says none. */
export function heightIn(data: unknown): number | undefined {
  if (!isOurs(data) || data.kind !== 'resize') return undefined;
  const { height } = data;
  return typeof height === 'number' && height > 0 && height < 1e5 ? height : undefined;
}

function isOurs(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && 'slowfire' in data && data.slowfire === VERSION;
}
