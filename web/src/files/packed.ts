/** Texts in links: deflated, in base64url. */
import { base64url } from '../session/stored-link.ts';

/** What a link may hold, in bytes: little enough for the page to read it in one go. */
export const MOST_HELD = 2e6;
/** So many bytes are deflated in a task. */
const DEFLATED = 131_072;
/** So many are inflated before it is seen what they have become, which may be a thousand times as many. */
const INFLATED = 2048;

/** Fails with a `RangeError` where a text has more than a link may hold, or deflates to more than `most` bytes. */
export async function packed(text: string, most = MOST_HELD): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MOST_HELD) throw new RangeError(String(bytes.length));
  const pieces = inPieces(bytes, DEFLATED, () => new Promise((next) => setTimeout(next)));
  return base64url(await whole(pieces.pipeThrough(new CompressionStream('deflate-raw')), most));
}

/** Fails where a link is damaged, or holds too much. */
export async function unpacked(link: string): Promise<string> {
  const binary = atob(link.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const pieces = inPieces(bytes, INFLATED, () => Promise.resolve());
  const inflated = pieces.pipeThrough(new DecompressionStream('deflate-raw'));
  return new TextDecoder().decode(await whole(inflated, MOST_HELD));
}

async function whole(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > most) {
      const tooLong = new RangeError(String(length));
      await reader.cancel(tooLong);
      throw tooLong;
    }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What is all there at once goes through a transform in one task, unless there is something to wait for between. */
function inPieces(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  between: () => Promise<unknown>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(to) {
      await between();
      if (at < bytes.length) to.enqueue(bytes.subarray(at, at + size));
      else to.close();
      at += size;
    },
  });
}
