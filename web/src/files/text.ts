/** A run as text: its document, and the notations of other tools. */
import type { Run } from '../core/index.ts';
import type { Waiting } from './order.ts';
import { breathe } from './workshop.ts';

/** So many events make a part: a few milliseconds' work. */
const EVENTS = 2048;

/** The run up to its cursor in one of the notations of `slowfire export`, in parts. */
export async function transcript(run: Run, form: string, waiting: Waiting): Promise<string[]> {
  const parts: string[] = [];
  const writing = run.transcript(form);
  try {
    for (let part = writing.part(run, EVENTS); part !== undefined; part = writing.part(run, EVENTS)) {
      parts.push(part);
      waiting.onProgress(writing.share(run));
      await breathe(waiting);
    }
  } finally {
    writing.free();
  }
  return parts;
}
