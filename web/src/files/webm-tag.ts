/**
 * The address of a run in a film: a tag of Matroska's (RFC 9559), whose elements are those of EBML (RFC 8794), each with its
 * id, its length and its content.
 */

const ID = { head: 0x1a45dfa3, segment: 0x18538067, seekHead: 0x114d9b74, unused: 0xec } as const;
/** What stands before the first pictures fits in there many times over. */
const HEAD_BYTES = 65_536;
/** The longest content of an element whose length is one byte. */
const SHORT = 126;

/** A film as a browser records it, with a comment at its end. What is no such film is left as it is. */
export async function withComment(film: Blob, comment: string): Promise<Blob> {
  const head = new Uint8Array(await film.slice(0, HEAD_BYTES).arrayBuffer());
  const first = elementAt(head, 0);
  const segment = first?.id === ID.head ? elementAt(head, first.end) : undefined;
  const isFilm = segment?.id === ID.segment && (segment.end === film.size || segment.end === Infinity);
  if (!isFilm) return film;
  const tag = tagOf(comment);
  listEnd(head, segment, film.size - segment.content);
  if (segment.end === film.size) lengthen(head, segment, tag.length);
  return new Blob([head, film.slice(head.length), tag]);
}

interface Element {
  id: number;
  /** Where its length begins, and its content. It ends nowhere where nobody knew the length. */
  length: number;
  content: number;
  end: number;
}

function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const length = at + (widthAt(bytes, at) ?? Infinity);
  const content = length + (widthAt(bytes, length) ?? Infinity);
  if (!(content <= bytes.length)) return undefined;
  const digits = bytes.slice(length, content);
  digits[0] = (digits[0] ?? 0) & ~mark(digits.length);
  const said = numberOf(digits);
  const end = said >= 2 ** (7 * digits.length) - 1 ? Infinity : content + said;
  return { id: numberOf(bytes.subarray(at, length)), length, content, end };
}

/** How many bytes a number has: as many zeros as it begins with, and one more. */
function widthAt(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at];
  return first ? Math.clz32(first) - 23 : undefined;
}

/** What the first byte of a length has beside the number, to say how wide it is. */
function mark(width: number): number {
  return 0x80 >> (width - 1);
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function lengthen(bytes: Uint8Array, { length, content, end }: Element, by: number): void {
  const width = content - length;
  const [first = 0, ...others] = bigEndian(end - content + by, width);
  bytes.set([first | mark(width), ...others], length);
}

/** Programs look up in a list where things are, and not in all of the film. A recorder leaves room behind that list. */
function listEnd(bytes: Uint8Array, segment: Element, place: number): void {
  const list = elementAt(bytes, segment.content);
  const room = list && elementAt(bytes, list.end);
  if (list?.id !== ID.seekHead || room?.id !== ID.unused || room.content - room.length !== 1) return;
  const entry = element(
    [0x4d, 0xbb],
    [...element([0x53, 0xab], TAGS), ...element([0x53, 0xac], bigEndian(place, 8))],
  );
  const [listed, left] = [list.end - list.content + entry.length, room.end - room.content - entry.length];
  if (list.content - list.length !== 1 || listed > SHORT || left < 0) return;
  bytes[list.length] = 0x80 | listed;
  bytes.set([...entry, ID.unused, 0x80 | left], list.end);
}

const TAGS = [0x12, 0x54, 0xc3, 0x67];

function tagOf(comment: string): Uint8Array<ArrayBuffer> {
  const text = (said: string) => [...new TextEncoder().encode(said)];
  const simple = element(
    [0x67, 0xc8],
    [...element([0x45, 0xa3], text('COMMENT')), ...element([0x44, 0x87], text(comment))],
  );
  // Of the whole film: its targets are empty.
  return Uint8Array.from(element(TAGS, element([0x73, 0x73], [...element([0x63, 0xc0], []), ...simple])));
}

function element(id: readonly number[], content: readonly number[]): number[] {
  // A length of four bytes begins with three zeros and a one.
  return [...id, ...bigEndian(2 ** 28 + content.length, 4), ...content];
}

/** A bitwise operation would cut what is longer than four bytes. */
function bigEndian(number: number, width: number): number[] {
  return Array.from({ length: width }, (_, at) => Math.floor(number / 256 ** (width - 1 - at)) % 256);
}
