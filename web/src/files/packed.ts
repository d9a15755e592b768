/** Texts in links: deflated, in base64url. */
import { base64url } from '../session/stored-link.ts';

/** What a link may inflate to. */
const MOST_INFLATED = 32e6;

export async function packed(text: string): Promise<string> {
  return base64url(await through(new CompressionStream('deflate-raw'), text));
}

/** Fails where a link is damaged. */
export async function unpacked(link: string): Promise<string> {
  const binary = atob(link.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
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
