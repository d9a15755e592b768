/** What a reader does in which a task of the page takes too long, in time of the processor. */
import type { Browser, Page } from '@playwright/test';
import { expect } from './lab.ts';
import { arrive, tasksDuring, type Task } from './tasks.mjs';

/** How much slower the machine is, and how long a task may take then: here that is less than 50 ms as well. */
export const SLOW = { slower: 4, longestMs: 100 };
export const HERE = { slower: 1, longestMs: 50 };
export type Machine = typeof SLOW;

/**
 * The bounds are for a processor that does the loop below in so many milliseconds. On a slower one tasks may take as much
 * longer, but not more than twice as long: what is slow there is slow for readers, too.
 */
const LOOP_MS = 27;
const SLOWEST = 2;

/** How much longer this machine's processor takes than that one; the best of a few times. */
function slowness(): number {
  const numbers = new Float64Array(1 << 16);
  let best = Infinity;
  for (let time = 0; time < 7; time += 1) {
    const begun = process.cpuUsage();
    let state = 1;
    for (let round = 0; round < 2e7; round += 1) {
      state = Math.imul(state ^ round, 0x9e3779b1) >>> 0;
      const place = state & 0xffff;
      numbers[place] = (numbers[place] ?? 0) + (state % 7);
    }
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / 1000);
  }
  return Math.min(SLOWEST, Math.max(1, best / LOOP_MS));
}

/** What others do makes caches cold: what is long each time is long. */
const TIMES = 4;

/** Opens a link, and waits until its run is where it is bound for. */
export async function opens(page: Page, link: string): Promise<void> {
  await page.goto(`index.html${link}`);
  await page.waitForFunction(() => document.querySelector('sf-app')?.session !== undefined);
  await arrive(page);
}

/** The acts in which a task is too long every time, with the longest of the last time. */
export async function longActs(browser: Browser, machine: Machine, work: (page: Page) => Promise<void>) {
  let long: Map<string, Task> | undefined;
  const longestMs = machine.longestMs * slowness();
  for (let time = 0; time < TIMES && long?.size !== 0; time += 1) {
    const tasks = await measured(browser, machine, work);
    const found = new Map<string, Task>();
    for (const task of tasks) {
      if (task.ms > longestMs && (long?.has(task.act) ?? true) && !found.has(task.act))
        found.set(task.act, task);
    }
    long = found;
  }
  return [...(long ?? [])].map(([name, { ms, parts }]) => `${name}: ${ms.toFixed(0)} ms: ${parts}`);
}

async function measured(browser: Browser, { slower }: Machine, work: (page: Page) => Promise<void>) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const tasks = await tasksDuring(browser, page, () => work(page), slower);
  await context.close();
  expect(tasks.length).toBeGreaterThan(10);
  return tasks;
}
