/**
 * The posters: each lab's picture at its telling moment, as SVG, light or dark as the reader's system says.
 *
 * The simulator paints them, on a canvas that writes down what is painted.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toTellingMoment } from '../src/components/start/telling-moment.ts';
import { Recorder } from './recorder.ts';

const [WIDTH, HEIGHT] = [480, 270];
const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

/** A file for each lab: its name, and its text. */
export async function posters(): Promise<{ name: string; svg: string }[]> {
  const core = (await import(
    `${SOURCES}core/pkg/slowfire.js`
  )) as typeof import('../src/core/pkg/slowfire.js');
  const { loadWhole } = (await import(`${SOURCES}core/whole.mjs`)) as { loadWhole: () => void };
  loadWhole();
  const inks = readInks();
  // A colour stands for an ink: which one it is in the light and in the dark is the file's to say.
  const palette = Object.fromEntries([...inks.keys()].map((ink, place) => [ink, sign(place)]));
  const paint = async ({ id, title }: { id: string; title: string }) => {
    const run = new core.Run(`#/${id}`);
    try {
      run.set_palette(JSON.stringify({ ...palette, font: 'system-ui, sans-serif' }) as never);
      await toTellingMoment(run, (one) => {
        one.arrive();
        return Promise.resolve(true);
      });
      const recorder = new Recorder(
        (colour) => `k${[...inks.keys()].findIndex((_, at) => sign(at) === colour)}`,
      );
      run.paint('world', recorder as never, WIDTH, HEIGHT);
      return { name: id, svg: file(title, recorder.marks, inks) };
    } finally {
      run.free();
    }
  };
  return Promise.all(core.labs().map(paint));
}

const sign = (place: number) => `#0000${place.toString(16).padStart(2, '0')}`;

/** The colours of the page that pictures are painted with, light and dark. */
function readInks(): Map<string, [light: string, dark: string]> {
  const tokens = readFileSync(`${SOURCES}style/tokens.css`, 'utf8');
  const [normal = ''] = tokens.split('@media');
  const found = normal.matchAll(/--(\w+): light-dark\((#\w+), (#\w+)\)/g);
  return new Map([...found].map(([, ink = '', light = '', dark = '']) => [ink, [light, dark]]));
}

function file(title: string, marks: readonly string[], inks: Map<string, [string, string]>): string {
  const rules = (of: 0 | 1) =>
    [...inks.values()].map((pair, at) => `.f${at}{fill:${pair[of]}}.s${at}{stroke:${pair[of]}}`).join('');
  const style = `*{fill:none;stroke-linejoin:round;stroke-linecap:round}text{stroke-width:3;paint-order:stroke}`;
  const escaped = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui,sans-serif"><title>${escaped}</title><style>${style}${rules(0)}@media(prefers-color-scheme:dark){${rules(1)}}</style>${marks.join('')}</svg>\n`;
}
