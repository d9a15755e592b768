/** What a file holds that somebody opens: a run, or a history for the checkers. */
import type { Core } from '../core/index.ts';
import { packed } from './packed.ts';
import { Refusal } from './refusal.ts';
import { textOf } from './encoding.ts';
import { words } from './words.ts';

/** A longer file is refused: of a history of 10 MB and more the checkers have enough to do. */
export const MOST_BYTES = 32e6;
/** A longer scenario is refused by the simulator, too (`crates/scenario/src/terms/limits.rs`). */
const MOST_DOCUMENT_BYTES = 65_536;
/** So much of a file tells what it is. */
const HEAD = 65_536;

export type Opened = { kind: 'run'; link: string } | { kind: 'history'; text: string };

export async function opened(file: File, core: Core): Promise<Opened> {
  const head = textOf(await bytesOf(file.slice(0, HEAD)), file.size > HEAD);
  if (head.includes('\0')) throw new Refusal(words.open.noText);
  // Of a trace the first line is enough, however long it is.
  const link = linkOfTrace(head);
  if (link !== undefined) return { kind: 'run', link };
  if (isToml(file.name, head)) throw new Refusal(words.open.toml);
  if (file.size > MOST_BYTES) throw new Refusal(words.open.tooLarge(file.size, MOST_BYTES));
  if (isDocument(head) && file.size > MOST_DOCUMENT_BYTES)
    throw new Refusal(words.open.largeDocument(file.size, MOST_DOCUMENT_BYTES));
  const text = textOf(await bytesOf(file));
  if (isDocument(head)) return { kind: 'run', link: await linkOfDocument(text, core) };
  return { kind: 'history', text };
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

function linkOfTrace(head: string): string | undefined {
  const [first = ''] = head.split('\n', 1);
  try {
    const said: unknown = JSON.parse(first);
    if (typeof said !== 'object' || said === null || !('slowfire' in said) || !('link' in said))
      return undefined;
    if (said.slowfire !== 'trace' || typeof said.link !== 'string') return undefined;
    // Of a run: a link to a file could lead to another trace, and so on for ever.
    return /^#(?:\/.|1\.)/.test(said.link) ? said.link : undefined;
  } catch {
    return undefined;
  }
}

function isToml(name: string, head: string): boolean {
  return name.endsWith('.toml') || /^\s*(?:#[^\n]*\n\s*)*(?:\[\w+\]\s*\n\s*)?\w+\s*=/.test(head);
}

/** A scenario, or a lab: an object with what every one has. A history's entries have none of it. */
function isDocument(head: string): boolean {
  return /^\s*\{/.test(head) && /"(?:scenario|protocol|nodes)"\s*:/.test(head);
}

async function linkOfDocument(text: string, core: Core): Promise<string> {
  // As it is, a long one would make a link that is longer than one may be.
  const link = `#1.${await packed(text)}`;
  await core.prepare(link);
  const run = core.open(link);
  try {
    const [problem, ...more] = run.problems();
    if (problem !== undefined) throw new Refusal([problem, ...more].join(' '));
    return run.link();
  } finally {
    core.close(run);
  }
}
