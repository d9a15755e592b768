/** Runs links beside the page, with what the page has compiled. A simulator that breaks here ends the worker, and nothing else. */
import { initSync } from '../pkg/slowfire.js';
import { nextTask } from '../task.ts';
import type { Asked, Modules, Told } from './told.ts';
import { Hunter, NoFailure, shrink } from './work.ts';

/** So often it tells how far it has come, and hears that it is to stop. */
const TOLD_MS = 80;

const hunter = new Hunter();
let isStopped = false;
/** What is asked is done in order. */
let done: Promise<void> = Promise.resolve();

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if (data.kind === 'stop') isStopped = true;
  else done = done.then(() => answer(data));
  done.catch((fault: unknown) => {
    // Nobody can trust the simulator any more: the page hears of an error, and takes another worker.
    setTimeout(() => {
      throw fault;
    });
  });
});

async function answer(asked: Exclude<Asked, { kind: 'stop' }>): Promise<void> {
  if (asked.kind === 'begin') begin(asked.modules);
  else if (asked.kind === 'hunt') tell({ kind: 'hunted', hunted: await hunter.hunt(asked.seeds) });
  else await shrinkOn(asked.link, asked.check);
}

function begin({ main, parts }: Modules): void {
  const exports = { ...initSync({ module: main }) } as unknown as Record<string, WebAssembly.ExportValue>;
  for (const part of parts) Object.assign(exports, new WebAssembly.Instance(part, { m: exports }).exports);
  tell({ kind: 'ready' });
}

async function shrinkOn(link: string, check: string | undefined): Promise<void> {
  let toldAt = performance.now();
  try {
    const shrunk = await shrink(link, check, (progress) => {
      if (performance.now() - toldAt < TOLD_MS) return true;
      toldAt = performance.now();
      tell({ kind: 'progress', progress: progress() });
      return nextTask().then(() => !isStopped);
    });
    tell({ kind: 'smallest', ...shrunk });
  } catch (fault) {
    if (!(fault instanceof NoFailure)) throw fault;
    tell({ kind: 'refused', sentence: fault.message });
  }
}

function tell(told: Told): void {
  // The numbers need not be copied.
  const moved = told.kind === 'hunted' ? [told.hunted.marks.buffer, told.hunted.found.buffer] : [];
  self.postMessage(told, { transfer: moved });
}
