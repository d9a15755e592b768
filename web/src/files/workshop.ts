/** A run of its own for a file: the same as the page's, since its link makes it, and the reader's stays where it is. */
import { arrive, json, loadCore, nextTask, type Core, type Run } from '../core/index.ts';
import { goOnUnlessCancelled, Cancelled, type Order, type Waiting } from './order.ts';
import { words } from './words.ts';

export async function withRun<T>(
  { link, look, palette }: Order,
  waiting: Waiting,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const core = await loadCore(link);
  await Promise.all([core.prepare(link), core.complete()]);
  const run = core.open(link);
  try {
    await reach(run, waiting);
    run.set_palette(palette);
    run.look(json(look));
    return await work(run);
  } catch (fault) {
    throw fault instanceof WebAssembly.RuntimeError ? broken(core, fault) : fault;
  } finally {
    core.close(run);
  }
}

/** Takes the run to the moment that it is bound for. */
export async function reach(run: Run, waiting: Waiting): Promise<void> {
  const between = async () => {
    await nextTask();
    return !waiting.signal.aborted;
  };
  if (!(await arrive(run, between))) throw new Cancelled();
}

/** Lets the page have its turn. */
export async function breathe(waiting: Waiting): Promise<void> {
  await nextTask();
  goOnUnlessCancelled(waiting);
}

/** After a panic every run of the page is built again from its link. */
function broken(core: Core, fault: Error): Error {
  const detail = core.lastPanic() || String(fault);
  core.renew();
  return new Error(words.save.broke(detail));
}
