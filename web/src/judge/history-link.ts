/** A history, and what is asked of it, as a link: `#history=1.`, then base64url of the deflated JSON. */
import type { Question } from './judged.ts';

export const HISTORY = '#history';
const MARK = `${HISTORY}=1.`;

/** A longer link breaks in mails and chats. */
export const LONGEST_LINK = 8000;
/** What a link may inflate to. */
const MOST_INFLATED = 32e6;

/** Nothing where it would be too long. */
export async function historyLink({ text, asked }: Question): Promise<string | undefined> {
  // What deflates best still needs more than a byte in a thousand.
  if (text.length > 1000 * LONGEST_LINK) return undefined;
  const bytes = await through(new CompressionStream('deflate-raw'), JSON.stringify([text, asked]));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const packed = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const link = MARK + packed;
  return link.length > LONGEST_LINK ? undefined : link;
}

/** What a link holds; nothing where it holds nothing, and an error where it is damaged. */
export async function historyOf(link: string): Promise<Question | undefined> {
  if (link === HISTORY) return undefined;
  if (!link.startsWith(MARK)) throw new SyntaxError(link);
  const binary = atob(link.slice(MARK.length).replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const json = await through(new DecompressionStream('deflate-raw'), bytes);
  const held: unknown = JSON.parse(new TextDecoder().decode(json));
  if (!Array.isArray(held) || typeof held[0] !== 'string') throw new SyntaxError(link);
  return { text: held[0], asked: held[1] as Question['asked'] };
}

async function through(
  transform: GenericTransformStream,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const reader = (
    new Blob([content]).stream().pipeThrough(transform) as ReadableStream<Uint8Array>
  ).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > MOST_INFLATED) throw new RangeError(String(length));
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
