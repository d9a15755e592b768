/**
 * Each lab's picture at its telling moment: the poster, as SVG, light or dark as the reader's system says, and the card that
 * goes with a link to the lab, as PNG.
 *
 * The simulator paints them, on a canvas that writes down what is painted.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escaped } from '../src/files/markup.ts';
import { modifiedOf, saidOf, titledOf } from '../src/session/algorithm.ts';
import { toTellingMoment } from '../src/components/start/telling-moment.ts';
import { words } from '../src/words.ts';
import { CARD, PICTURE, cardOf } from './card.ts';
import { Recorder } from './recorder.ts';

const POSTER = { width: 480, height: 270 };
/** So high is a line below the picture. */
const NOTE = 18;
const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

/** A lab, as it is told to those who have not opened it. */
export interface Pictured {
  id: string;
  /** With what the algorithm is called if the lab opens with a modified one. */
  title: string;
  question: string;
  /** What is modified in the published algorithm, as the lab opens; nothing if it is as published, or none. */
  modified: string[];
  /** What is to be seen, in Markdown. */
  summary: string;
  poster: string;
  card: Buffer;
}

type Core = typeof import('../src/core/pkg/slowfire.js');

/** All labs, in their order. */
export async function picturedLabs(): Promise<Pictured[]> {
  const core = (await import(`${SOURCES}core/pkg/slowfire.js`)) as Core;
  const { loadWhole } = (await import(`${SOURCES}core/whole.mjs`)) as { loadWhole: () => void };
  loadWhole();
  const labs: Pictured[] = [];
  for (const { id } of core.labs()) labs.push(await pictured(core, id));
  return labs;
}

async function pictured(core: Core, id: string): Promise<Pictured> {
  const inks = readInks();
  // A colour stands for an ink: which one it is in the light and in the dark is the file's to say.
  const palette = Object.fromEntries([...inks.keys()].map((ink, place) => [ink, sign(place)]));
  const run = new core.Run(`#/${id}`);
  try {
    run.set_palette(JSON.stringify({ ...palette, font: 'system-ui, sans-serif' }) as never);
    await toTellingMoment(run, (one) => {
      one.arrive();
      return Promise.resolve(true);
    });
    const marks = ({ width, height }: Size) => {
      const recorder = new Recorder(
        (colour) => `k${[...inks.keys()].findIndex((_, at) => sign(at) === colour)}`,
      );
      run.paint('world', recorder as never, width, height);
      return recorder.marks.join('');
    };
    const about = run.about();
    const { question, summary } = about.lab;
    const state = run.state(0);
    const modified = modifiedOf(about, state).map(saidOf);
    const title = words.site.run(...titledOf(about, state));
    const drawn = (size: Size) => {
      const [said] = modified;
      if (said === undefined) return marks(size);
      return `${marks({ ...size, height: size.height - NOTE })}${noted(inks, said, size)}`;
    };
    const lightAndDark = `${rules(inks, 0)}@media(prefers-color-scheme:dark){${rules(inks, 1)}}`;
    const poster = `${file(POSTER, lightAndDark, `<title>${escaped(title)}</title>${drawn(POSTER)}`)}\n`;
    // Whoever shows a card shows the same one to everybody.
    const card = await cardOf({
      question: escaped(question),
      marks: marks(PICTURE),
      modified,
      fill: (ink) => `f${[...inks.keys()].indexOf(ink)}`,
      file: (drawn) => file(CARD, rules(inks, 0), drawn),
    });
    return { id, title, question, modified, summary, poster, card };
  } finally {
    run.free();
  }
}

const sign = (place: number) => `#0000${place.toString(16).padStart(2, '0')}`;

/** The colours of the page that pictures are painted with, light and dark. */
function readInks(): Map<string, [light: string, dark: string]> {
  const tokens = readFileSync(`${SOURCES}style/tokens.css`, 'utf8');
  const [normal = ''] = tokens.split('@media');
  const found = normal.matchAll(/--(\w+): light-dark\((#\w+), (#\w+)\)/g);
  return new Map([...found].map(([, ink = '', light = '', dark = '']) => [ink, [light, dark]]));
}

/** What is modified, below the picture. */
function noted(inks: Map<string, [string, string]>, said: string, { width, height }: Size): string {
  const ink = [...inks.keys()].indexOf('muted');
  return `<text class="f${ink}" x="${width - 8}" y="${height - 5}" font-size="11" text-anchor="end">${escaped(said)}</text>`;
}

interface Size {
  width: number;
  height: number;
}

/** What makes ink `n` the class `f<n>` of what is filled, and `s<n>` of what is drawn. */
function rules(inks: Map<string, [string, string]>, of: 0 | 1): string {
  return [...inks.values()]
    .map((pair, at) => `.f${at}{fill:${pair[of]}}.s${at}{stroke:${pair[of]}}`)
    .join('');
}

function file({ width, height }: Size, colours: string, drawn: string): string {
  const style = `*{fill:none;stroke-linejoin:round;stroke-linecap:round}text{stroke-width:3;paint-order:stroke}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif"><style>${style}${colours}</style>${drawn}</svg>`;
}
