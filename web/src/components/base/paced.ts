/**
 * Spreads over several tasks what a page shows when it begins to show a run: all of it in one would hold up the page. What is
 * shown later is there at once, so that the focus can go to it.
 */
import type { LitElement } from 'lit';
import { nextTask } from '../../core/index.ts';

/** How long a task goes on with what is to be shown. */
const SLICE_MS = 12;

/** How Lit sets out on an update. */
interface Updated {
  scheduleUpdate: (this: LitElement) => unknown;
}

/** How many elements wait for a task that has time for them. */
let waiting = 0;
/** Until when this task goes on, while a run begins to be shown. */
let endMs: number | undefined;

/** What shows itself for the first time from now on may do so in a later task, until all is shown. */
export function beginToShow(): void {
  endMs = performance.now() + SLICE_MS;
  void nextTask().then(goOn);
}

function goOn(): void {
  endMs = undefined;
  if (waiting > 0) beginToShow();
}

/** Elements of this kind show themselves for the first time in a task that has the time for it. */
export function paced(element: typeof LitElement): void {
  const prototype = element.prototype as unknown as Updated;
  const update = prototype.scheduleUpdate;
  prototype.scheduleUpdate = function scheduleUpdate() {
    if (this.hasUpdated || endMs === undefined || performance.now() < endMs) return update.call(this);
    waiting += 1;
    return nextTask().then(() => {
      waiting -= 1;
      return update.call(this);
    });
  };
}
