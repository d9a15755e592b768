/** The text that bytes stand for, as the command takes it, too (`crates/cli/src/input.rs`). */
import { Refusal } from './refusal.ts';
import { words } from './words.ts';

/**
 * Text in UTF-8, or in UTF-16 with a byte order mark. Bytes that are none of it are refused: put in one character's place,
 * different texts would be the same. Of the head of a file the last character may be cut in two.
 */
export function textOf(bytes: Uint8Array, isHead = false): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new Refusal(words.open.compressed);
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, { stream: isHead });
  } catch {
    throw new Refusal(words.open.noText);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
