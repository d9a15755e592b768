/** Makes the files that a run can be saved as. What is heavy is loaded when it is asked for. */
import { unavailable, type Run } from '../core/index.ts';
import { PER_SECOND, film, pictureCount } from './film.ts';
import { KINDS, type FileForm } from './forms.ts';
import type { Order, Stretch, Waiting } from './order.ts';
import { SLIDE, png } from './picture.ts';
import { transcript } from './text.ts';
import { words } from './words.ts';
import { withRun } from './workshop.ts';

export interface MadeFile {
  name: string;
  blob: Blob;
}

export async function make(
  form: FileForm,
  order: Order,
  stretch: Stretch,
  waiting: Waiting,
): Promise<MadeFile> {
  const { extension, type } = KINDS[form];
  const parts =
    form === 'page'
      ? [await (await loaded(import('./offline-page.ts'))).offlinePage(order)]
      : await withRun(order, waiting, (run) => MAKERS[form](run, order, stretch, waiting));
  return { name: `${nameOf(order.title)}.${extension}`, blob: new Blob(parts, { type }) };
}

type Maker = (run: Run, order: Order, stretch: Stretch, waiting: Waiting) => Promise<BlobPart[]>;

const MAKERS: Readonly<Record<Exclude<FileForm, 'page'>, Maker>> = {
  svg: (run, order) => Promise.resolve([run.svg('world', SLIDE.width, SLIDE.height, order.home)]),
  spacetime: (run, order) => Promise.resolve([run.svg('spacetime', SLIDE.width, SLIDE.height, order.home)]),
  'history-svg': (run, order) =>
    Promise.resolve([run.svg('history', SLIDE.width, SLIDE.height, order.home)]),
  png: async (run, order) => [await png(run, groundOf(order), order.title, addressOf(run, order))],
  webm: async (run, order, stretch, waiting) => {
    const { webm } = await loaded(import('./webm.ts'));
    const rate = PER_SECOND.webm;
    return film(run, stretch, rate, groundOf(order), waiting, webm(rate, addressOf(run, order)));
  },
  gif: async (run, order, stretch, waiting) => {
    const { gif } = await loaded(import('./gif.ts'));
    const rate = PER_SECOND.gif;
    const reel = gif(rate, pictureCount(stretch, rate), addressOf(run, order));
    return film(run, stretch, rate, groundOf(order), waiting, reel);
  },
  scenario: (run) => Promise.resolve([`${JSON.stringify(JSON.parse(run.document()), null, 2)}\n`]),
  trace: (run, _, __, waiting) => transcript(run, 'trace', waiting),
  shiviz: (run, _, __, waiting) => transcript(run, 'shiviz', waiting),
  mermaid: (run, _, __, waiting) => transcript(run, 'mermaid', waiting),
  history: (run, _, __, waiting) => transcript(run, 'history', waiting),
};

/** A part of the page that may be out of reach. */
function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch(async (cause: unknown) => {
    throw await unavailable(cause, words.save.notLoaded);
  });
}

/** Where the run can be seen, at the moment that it is at. */
function addressOf(run: Run, { home }: Order): string {
  return home + run.link();
}

function groundOf({ palette }: Order): string {
  return (JSON.parse(palette) as { ground: string }).ground;
}

/** A title as the name of a file: letters and digits of any script, and hyphens. */
function nameOf(title: string): string {
  const name = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  return name.replaceAll(/^-|-$/g, '') || 'slowfire';
}
