/**
 * A lesson path: links of runs in an order, with a sentence before each. It is a link itself: `#path=1.`, then base64url of the
 * deflated JSON, or `#path=week` for one that is carried. A place after it, `#path=week/2`, is one of its stops.
 */
import { packed, unpacked } from '../files/packed.ts';
import { Refusal } from '../files/refusal.ts';
import { words } from './words.ts';

/** One run of a path. */
export interface Stop {
  /** The link of the run, from the `#` on. */
  link: string;
  /** What leads to it. */
  says: string;
}

/** What a path is as a document. */
export interface Path {
  title: string;
  stops: Stop[];
}

/** The page on which a path is written. */
export const PATH = '#path';
const NAMED = `${PATH}=`;
const PACKED = `${NAMED}1.`;

/** A longer link breaks in mails and chats. */
export const LONGEST_LINK = 8000;
/** How long the texts may be, in characters, and how many stops there may be. */
export const MOST = { title: 120, says: 500, stops: 40 } as const;

/** The link of a path without its place, and the place, from 1; none where the whole path is meant. */
export function placed(link: string): { path: string; place: number | undefined } {
  const [, path = link, place] = /^(.*)\/(\d{1,3})$/.exec(link) ?? [];
  return { path, place: place === undefined ? undefined : Number(place) };
}

/** The link of a stop, by its place from 1. */
export const stopLink = (path: string, place: number): string => `${path}/${place}`;

/** The link that holds a path. Fails with a `Refusal` where it would hold no path, or be too long. */
export async function pathLink(path: Path): Promise<string> {
  const text = JSON.stringify(checked(path));
  const most = ((LONGEST_LINK - PACKED.length) * 3) / 4;
  const held = await packed(text, most).catch((fault: unknown) => {
    if (fault instanceof RangeError) throw new Refusal(words.wrong.tooLong(LONGEST_LINK));
    throw fault;
  });
  return PACKED + held;
}

/** The path that a link without a place names. Fails with a `Refusal` where it names none. */
export async function pathOf(link: string): Promise<Path> {
  if (!link.startsWith(PACKED)) return ourPath(link.slice(NAMED.length));
  const text = await unpacked(link.slice(PACKED.length)).catch(() => undefined);
  return checked(parsed(text));
}

async function ourPath(name: string): Promise<Path> {
  const { OURS } = await import('./ours.ts');
  const path = new Map(OURS).get(name);
  if (!path) throw new Refusal(words.wrong.unknown(name, words.list(OURS.map(([id]) => id))));
  return path;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    throw new Refusal(words.wrong.damaged);
  }
}

/** A document as a path. Fails with a `Refusal` that names the field as readers know it, its value, and what it may be. */
export function checked(document: unknown): Path {
  const { title, stops } = fields(document, words.draft.path, ['title', 'stops']);
  if (!Array.isArray(stops) || stops.length === 0) throw new Refusal(words.wrong.noStops);
  if (stops.length > MOST.stops) throw new Refusal(words.wrong.stops(stops.length, MOST.stops));
  return {
    title: text(title, words.draft.name, MOST.title),
    stops: stops.map((stop, place) => checkedStop(stop, place + 1)),
  };
}

/** A stop, by its place from 1. */
function checkedStop(stop: unknown, place: number): Stop {
  const { link, says } = fields(stop, words.draft.stop(place), ['link', 'says']);
  const address = text(link, words.draft.link(place), LONGEST_LINK);
  if (!isRun(address)) throw new Refusal(words.wrong.link(words.draft.link(place), short(address)));
  return { link: address, says: text(says ?? '', words.draft.says(place), MOST.says, 0) };
}

/** Whether a link names a run: of a lab, or of a packed document. */
const isRun = (link: string): boolean => /^#(?:\/[\w-]|\d\.)/.test(link);

function fields(value: unknown, name: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(words.wrong.noObject(name));
  const other = Object.keys(value).find((field) => !known.includes(field));
  if (other !== undefined) throw new Refusal(words.wrong.field(name, short(other), words.list(known)));
  return value as Record<string, unknown>;
}

function text(value: unknown, name: string, most: number, least = 1): string {
  if (typeof value !== 'string') throw new Refusal(words.wrong.noText(name));
  const length = value.trim().length;
  if (length < least) throw new Refusal(words.wrong.empty(name));
  if (length > most) throw new Refusal(words.wrong.long(name, length, most));
  return value.trim();
}

const SHOWN = 60;

const short = (value: string): string => (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
