// No task holds up the page for longer than its bound (`../long-acts.ts`, beside where that is to be): as it loads, while it
// plays, on all ways, with what a reader may do. Time of the processor counts (`../tasks.mjs`), so other tests may run beside it.
import type { Page } from '@playwright/test';
import { expect, openStart, test } from '../lab.ts';
import { HERE, SLOW, longActs, opens, type Machine } from '../long-acts.ts';
import { ACTS, act } from '../tasks.mjs';

/** How long a reader watches a way that an act sets out on. */
const PATIENCE_MS = 2000;

/**
 * A lab that is read first, one of the largest, and one of the links that once froze the page. Its million events would take
 * minutes on a slow machine, where a frame has room for a few of them.
 */
const LINKS: [string, Machine][] = [
  ['#/double-charge', SLOW],
  ['#/raft', SLOW],
  ['#/stale-read?latency=0s&jitter=0s&loss=0&r=2&w=2&pause=1ms&t=25s', HERE],
];

async function readsAll(page: Page, link: string): Promise<void> {
  await opens(page, link);
  for (const name of Object.keys(ACTS)) await act(page, name, PATIENCE_MS);
}

async function plays(page: Page, address: string): Promise<void> {
  await page.goto(address);
  const play = page.getByRole('button', { name: 'Play', exact: true });
  await play.click();
  await expect(page.getByRole('switch').first()).toBeVisible();
  await page.waitForTimeout(1000);
}

for (const [link, machine] of LINKS) {
  test(`no task takes over ${machine.longestMs} ms, ${machine.slower} times slowed: ${link.slice(0, 70)}`, async ({
    browser,
  }) => {
    test.setTimeout(300_000);
    expect(await longActs(browser, machine, (page) => readsAll(page, link))).toEqual([]);
  });
}

for (const address of ['index.html#/', 'embed.html#/double-charge', 'examples/element.html']) {
  test(`nor does one of ${address}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const work = address.startsWith('index') ? openStart : (page: Page) => plays(page, address);
    expect(await longActs(browser, SLOW, work)).toEqual([]);
  });
}
