/** What a reader does in which a task of the page takes too long, in time of the processor. */
import type { Browser, Page } from '@playwright/test';
import { expect } from './lab.ts';
import { slowness } from './slowness.mjs';
import { arrive, tasksDuring, type Task } from './tasks.mjs';

/**
 * How much slower the machine is, and how long a task may take then. They are to take 100 and 50 ms; this is where the longest are:
 * a lab's load, and coming back to one, and a defence that is flipped in a heavy run.
 */
export const SLOW = { slower: 4, longestMs: 160 };
export const HERE = { slower: 1, longestMs: 80 };
export type Machine = typeof SLOW;

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
