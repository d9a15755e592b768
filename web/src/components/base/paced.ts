/** Spreads over several tasks what a page shows for the first time: all of it in one would hold up the page. */
import type { LitElement } from 'lit';
import { nextTask } from '../../core/index.ts';

/** How long a task goes on with what is to be shown. */
const SLICE_MS = 12;

/** How Lit sets out on an update. */
interface Updated {
  scheduleUpdate: (this: LitElement) => unknown;
}

/** Since when the task goes on that shows something for the first time. */
let begun: number | undefined;

/** Elements of this kind show themselves for the first time in a task that has the time for it. */
export function paced(element: typeof LitElement): void {
  const prototype = element.prototype as unknown as Updated;
  const update = prototype.scheduleUpdate;
  prototype.scheduleUpdate = function scheduleUpdate() {
    if (this.hasUpdated || hasTime()) return update.call(this);
    return nextTask().then(() => update.call(this));
  };
}

function hasTime(): boolean {
  const now = performance.now();
  if (begun === undefined) {
    begun = now;
    void nextTask().then(() => {
      begun = undefined;
    });
  }
  return now - begun < SLICE_MS;
}
