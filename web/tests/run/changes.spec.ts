/** What was done to a run: the list of it, and taking it back. */
import { expect, test } from '../lab.ts';

test('what a link did is listed, can be taken back, and moved in time', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?loss=0.3&do=crash:bank@2s&t=5s');
  const changes = page.locator('sf-changes li');
  await expect(changes).toHaveCount(2);
  await expect(changes.first()).toContainText(/Loss\s30\s%/);
  await expect(changes.last()).toContainText('crash bank');
  await changes.last().getByRole('spinbutton').fill('3.5');
  await changes.last().getByRole('spinbutton').press('Enter');
  await expect.poll(() => opened.hash).toContain('do=crash:bank@3.5s');
  await changes
    .last()
    .getByRole('button', { name: /Take back/ })
    .click();
  await expect.poll(() => opened.hash).not.toContain('crash');
  await page.getByRole('button', { name: 'Back to the lab’s own' }).click();
  await expect(changes).toHaveCount(0);
  await expect.poll(() => opened.hash).not.toContain('loss');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(changes).toHaveCount(1);
});

test('a moment that makes no sense is not taken, and not left standing', async ({ lab, page }) => {
  await lab('#/double-charge?do=crash:bank@2s&t=5s');
  const moment = page.locator('sf-changes').getByRole('spinbutton');
  for (const text of ['', '-3']) {
    await moment.fill(text);
    await moment.press('Enter');
    await expect(moment).toHaveValue('2');
  }
  await moment.fill('999');
  await moment.press('Enter');
  await expect(moment).toHaveValue('60');
  await moment.fill('999');
  await moment.press('Enter');
  await expect(moment).toHaveValue('60');
});

test('a slider turned late can be made to hold from the start', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?t=5s');
  await opened.slider('loss').press('ArrowRight');
  await expect.poll(() => opened.hash).toContain('do=loss:');
  await page.locator('sf-changes').getByRole('button', { name: 'from the start' }).click();
  await expect.poll(() => opened.hash).toMatch(/[?&]loss=/);
  expect(opened.hash).not.toContain('do=');
});

test('a cut that is drawn across the links of one side is one deed', async ({ lab, page }) => {
  const opened = await lab('#/split-brain?t=1s');
  const box = await opened.stage.boundingBox();
  if (!box) throw new Error('the stage has no box');
  await page.mouse.move(box.x + 5, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 5, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect(page.locator('sf-changes li:not(.planned)')).toHaveCount(1);
  await expect.poll(() => opened.hash).toMatch(/do=(?:split|isolate):[^,]*@1s/);
});

test('a moment beyond the end shows the end, and a new seed that is undone brings the moment back', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?t=500s');
  expect(await opened.time()).toBe(60);
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect.poll(() => opened.time()).toBe(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => opened.time()).toBe(60);
});

test('the start page finds labs by fault, defence, algorithm and paper, the likeliest first', async ({
  page,
}) => {
  await page.goto('index.html');
  const posters = page.locator('sf-poster');
  await expect(posters.first()).toBeVisible();
  for (const [sought, lab] of [
    ['raft', 'raft'],
    ['timeline', 'bank-or-social'],
    ['lock', 'lease-and-pause'],
    ['CAP', 'stale-read'],
  ] as const) {
    await page.getByRole('searchbox').fill(sought);
    await expect(posters.first(), sought).toHaveAttribute('data-lab', lab);
  }
  // A clock is no lock.
  await expect(page.locator('sf-poster[data-lab="flipped-bits"]')).toBeHidden();
  await expect(page.getByRole('status')).toContainText(/of \d+ labs/);
  for (const [sought, lab] of [
    ['idempotency', 'double-charge'],
    ['retries', 'retry-storm'],
    ['Spanner', 'commit-wait'],
    ['fencing tokens', 'lease-and-pause'],
    ['duplicate message', 'late-write'],
    ['linearizable', 'raft-reads'],
    ['clock skew', 'commit-wait'],
  ] as const) {
    await page.getByRole('searchbox').fill(sought);
    await expect(page.locator(`sf-poster[data-lab="${lab}"]`), sought).toBeVisible();
  }
});
