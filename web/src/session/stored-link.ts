/** A scenario as a link: `1.`, then base64url of a deflated document (`crates/scenario/src/link/packed.rs` reads it). */

/** What a block of deflate that is stored as it is can hold. */
const MOST_STORED = 0xffff;

/** Nothing is compressed: the link is never seen, and a compressor would take longer to load than it saves. */
export function storedLink(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const blocks: number[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += MOST_STORED) {
    const block = bytes.subarray(from, from + MOST_STORED);
    const isLast = from + MOST_STORED >= bytes.length;
    blocks.push(
      Number(isLast),
      ...littleEndian(block.length),
      ...littleEndian(block.length ^ 0xffff),
      ...block,
    );
  }
  return `#1.${base64url(blocks)}`;
}

export function base64url(bytes: Iterable<number>): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function littleEndian(length: number): [number, number] {
  return [length & 0xff, length >> 8];
}
