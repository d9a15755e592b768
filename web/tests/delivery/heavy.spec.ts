/** Links that ask for much, as a reader follows them: no task of the page is long, and each way comes to its end. */
import type { Page } from '@playwright/test';
import { heavyLinks } from '../heavy.mjs';
import { expect, test } from '../lab.ts';
import { HERE, longActs, opens } from '../long-acts.ts';
import { act } from '../tasks.mjs';

async function follows(page: Page, link: string): Promise<void> {
  await opens(page, link);
  for (const name of [
    'all views',
    'seek to the end',
    'flip each defence',
    'history',
    'seek to the end',
  ] as const)
    await act(page, name);
}

for (const link of heavyLinks(6)) {
  test(`opens, goes to the end and flips each defence: ${link.slice(0, 80)}`, async ({ browser }) => {
    test.setTimeout(600_000);
    expect(await longActs(browser, HERE, (page) => follows(page, link))).toEqual([]);
  });
}
