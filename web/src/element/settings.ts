/** What the attributes of a figure ask for: read here, and trusted from here on. */
import type { ShownViews } from '../session/pictures/views.ts';
import { SHOWN } from '../session/pictures/views.ts';
import { FASTEST, SLOWEST } from '../session/playing/speed.ts';
import { storedLink } from '../session/stored-link.ts';
import { words } from '../words.ts';

/** Reads an attribute of an element, or a parameter of a frame's address; null where there is none. */
export type Attributes = (name: string) => string | null;

export type Controls = 'full' | 'play' | 'none';

export interface Settings {
  /** The link of the run. */
  link: string;
  /** What is shown; as the link says if left out. */
  view: ShownViews | undefined;
  controls: Controls;
  /** The moment that is shown first, in virtual milliseconds; as the link says if left out. */
  momentMs: number | undefined;
  /** In virtual seconds per real second; the lab's own if left out. */
  speed: number | undefined;
  autoplay: boolean;
  /** Whether the reader may watch the run, but change nothing. */
  readonly: boolean;
  /** What could not be used. */
  bad: BadValue[];
}

/** An attribute that has a value which it cannot have. */
export interface BadValue {
  attribute: string;
  value: string;
  /** The same in a sentence, with what it could be. */
  sentence: string;
}

/** In milliseconds: the units of a link. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1e3],
  ['min', 6e4],
  ['h', 36e5],
]);
/** The last moment that a link takes. */
export const LATEST_MS = 36e5;
const HIGHEST_SEED = 2 ** 32 - 1;

/** Attributes that only a lab has: other runs bring their own. */
const OF_A_LAB = ['seed', 'rev', 'on', 'off'];

/** Reads all attributes; `scenario` is the document that stands in the element, if one does. */
export function readSettings(attributes: Attributes, scenario: string | undefined): Settings {
  const bad: BadValue[] = [];
  const report = (attribute: string, value: string, range: string) => {
    bad.push({ attribute, value, sentence: words.element.bad(attribute, value, range) });
  };
  /** What the value means; nothing where there is none, or where it means nothing. */
  const read = <T>(name: string, range: string, meaning: (value: string) => T | undefined) => {
    const value = attributes(name);
    const meant = value === null ? undefined : meaning(value.trim());
    if (value !== null && meant === undefined) report(name, value, range);
    return meant;
  };
  const oneOf = <T extends string>(name: string, ...all: T[]) =>
    read(name, words.element.oneOf(all), (value) => all.find((each) => each === value));
  oneOf('loading', 'lazy', 'eager');
  oneOf('reveal', 'visible', 'interaction');
  oneOf('theme', 'light', 'dark');
  const [lowest, highest] = [0, HIGHEST_SEED];
  const seed = read('seed', words.element.whole(lowest, highest), (value) =>
    /^\d+$/.test(value) && Number(value) <= highest ? value : undefined,
  );
  const [source, ...ignored] = sourcesOf(attributes, scenario);
  for (const name of ignored) report(name, attributes(name) ?? '', words.element.without(source ?? name));
  return {
    link: linkOf(source, (name) => (name === 'seed' ? (seed ?? null) : attributes(name)), scenario),
    view: oneOf('view', ...SHOWN.map(({ shown }) => shown)),
    controls: oneOf('controls', 'full', 'play', 'none') ?? 'full',
    momentMs: read('t', words.element.moment, momentOf),
    speed: read('speed', words.element.between(SLOWEST, FASTEST), (value) => {
      const speed = value === '' ? NaN : Number(value);
      return speed >= SLOWEST && speed <= FASTEST ? speed : undefined;
    }),
    autoplay: attributes('autoplay') !== null,
    readonly: attributes('readonly') !== null,
    bad,
  };
}

/** A moment as links take it: `6s`, `.25s`, `1e3ms`. In milliseconds; nothing for what is none. */
export function momentOf(text: string): number | undefined {
  const [, number = '', unit = ''] =
    /^\+?((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zµ]+)$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS.get(unit) ?? NaN);
  return ms <= LATEST_MS ? ms : undefined;
}

/** What the run comes from, and after it the attributes that have nothing to say beside it. */
function sourcesOf(attributes: Attributes, scenario: string | undefined): string[] {
  const given = (name: string) => attributes(name) !== null;
  const own = [...(scenario === undefined ? [] : ['script']), ...['src', 'lab'].filter(given)];
  if (own[0] === 'lab' || own.length === 0) return own;
  return [...own, ...OF_A_LAB.filter(given)];
}

function linkOf(source: string | undefined, attributes: Attributes, scenario: string | undefined): string {
  if (scenario !== undefined) return storedLink(scenario);
  if (source === 'src') return hashOf(attributes('src') ?? '');
  const lab = attributes('lab');
  const said = OF_A_LAB.flatMap((name) => {
    const value = attributes(name);
    if (value === null) return [];
    return [`${name}=${encodeURIComponent(value.replaceAll(/\s*,\s*/g, ',').trim())}`];
  });
  // `rev` comes first, as in links that are copied.
  said.sort((a, b) => Number(b.startsWith('rev')) - Number(a.startsWith('rev')));
  const path = `#/${encodeURIComponent(lab ?? '')}`;
  return said.length === 0 ? path : `${path}?${said.join('&')}`;
}

/** Of a whole address, what stands from the `#` on; of a bare path, that. */
function hashOf(address: string): string {
  const text = address.trim();
  const hash = text.indexOf('#');
  return hash >= 0 ? text.slice(hash) : `#${text}`;
}
