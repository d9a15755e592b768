/** The picture that goes with a link to a lab where it is shared: the question, and below it the lab's telling moment. */
import { escaped } from '../src/files/markup.ts';
import { words } from '../src/words.ts';
import { raster } from './raster.ts';

/** In the units of its drawing; as a picture it is twice as large, which is what those who show links ask for. */
export const CARD = { width: 600, height: 315 };
const HEAD = 84;
/** What is drawn of the lab. */
export const PICTURE = { width: CARD.width, height: CARD.height - HEAD };

const LETTERS_PER_LINE = 48;

/** What a card is made of. */
interface Drawing {
  question: string;
  /** The marks of the lab's picture. */
  marks: string;
  /** What is modified in the published algorithm. */
  modified: string[];
  /** The class of what is filled with an ink. */
  fill: (ink: string) => string;
  /** Makes a file of what is drawn. */
  file: (drawn: string) => string;
}

export function cardOf({ question, marks, modified, fill, file }: Drawing): Promise<Buffer> {
  const lines = wrapped(question, LETTERS_PER_LINE);
  const first = 34 + (2 - lines.length) * 14;
  const head = lines
    .map(
      (line, at) =>
        `<text class="${fill('ink')}" x="32" y="${first + at * 30}" font-size="23" font-weight="600">${line}</text>`,
    )
    .join('');
  const picture = `<g transform="translate(0 ${HEAD})">${marks}</g>`;
  // Between the question and the picture, whose nodes may stand anywhere.
  const said = modified.map(
    (note) => `<text class="${fill('muted')}" x="32" y="${HEAD}" font-size="13">${escaped(note)}</text>`,
  );
  const name = `<text class="${fill('muted')}" x="${CARD.width - 16}" y="${CARD.height - 12}" font-size="13" text-anchor="end">${words.site.name}</text>`;
  const ground = `<path class="${fill('ground')}" d="M0 0H${CARD.width}V${CARD.height}H0Z"/>`;
  return raster(file(`${ground}${picture}${head}${said.join('')}${name}`), 2 * CARD.width);
}

/** Lines of about the same length: as few as there can be if each has at most so many letters. */
export function wrapped(text: string, most: number): string[] {
  const aim = Math.min(most, text.length / Math.ceil(text.length / most) + 6);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && line.length <= aim) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
