/** Texts in a PNG: chunks `iTXt` (PNG specification, third edition, 11.3.3.4). */

/** The signature, and the chunk `IHDR`, which is the first in every file. */
const HEAD = 8 + 25;

/** The file with these texts, by their keywords. */
export function withText(
  file: Uint8Array<ArrayBuffer>,
  texts: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const chunks = Object.entries(texts).map(([keyword, text]) => {
    // No compression, no language, no translated keyword.
    return chunk('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));
  });
  return joined([file.subarray(0, HEAD), ...chunks, file.subarray(HEAD)]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(type), data]);
  return joined([bigEndian(data.length), named, bigEndian(crc(named))]);
}

function bigEndian(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The checksum of a chunk (annex D). */
function crc(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
