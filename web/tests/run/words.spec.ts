/** The words are about this run: what a switch would do, what it did, and a story that tells of nothing else. */
import { expect, test } from '../lab.ts';

/** What the page finds out in idle time is there soon. */
const SOON = { timeout: 20_000 };

test('each switch shows what flipping it would do, in this run and in many', async ({ lab, page }) => {
  await lab('#/lease-and-pause');
  const look = page.getByRole('switch', { name: 'Check the lease before each write' });
  // The clock is looked at, all seems well, and it breaks at the very end.
  await expect(look).toContainText('When on: breaks at 56.75 s', SOON);
  await expect(look).toContainText('(84/300 seeds)');
  await expect(look).toContainText('The file accepts no write once the next holder has opened it');
  await expect(look).toHaveAccessibleDescription(
    /breaks at 56\.75\ss.*2 of 2 checks.*84\/300 seeds.*The file accepts no write/s,
  );
  const token = page.getByRole('switch', { name: 'Fencing token' });
  await expect(token).toContainText('When on: holds to the end', SOON);
  await expect(token).toContainText('0 of 300 seeds break');
  await expect(page.locator('sf-defences .head')).toContainText('Now: breaks at 4.70 s');
  await look.click();
  await expect(page.locator('sf-defences .head')).toContainText('Now: breaks at 56.75 s', SOON);
  await expect(look).toContainText('When off: breaks at 4.70 s', SOON);
});

test('the strip shows when it breaks, by its shape too', async ({ lab, page }) => {
  await lab('#/lease-and-pause');
  const blocks = page.locator('sf-switch[data-defence="check-lease-before-write"] .strip .broken');
  await expect(blocks).toHaveCount(1, SOON);
  const x = Number(await blocks.first().getAttribute('x'));
  expect(x / 1000).toBeCloseTo(56.75 / 60, 2);
  await expect(page.locator('sf-switch[data-defence="fencing-token"] .strip .broken')).toHaveCount(0);
});

test('a run that is not the lab’s own shows its own future, and no counts', async ({ lab, page }) => {
  await lab('#/double-charge?loss=0&duplication=0');
  const key = page.getByRole('switch', { name: 'Idempotency key' });
  await expect(key).toContainText('When on: ', SOON);
  await expect(key).not.toContainText('seeds');
});

test('a flipped defence is explained in one sentence, by what the run does', async ({ lab, page }) => {
  await lab('#/retry-storm');
  const said = page.locator('sf-defences .next [role="status"]');
  await page.getByRole('switch', { name: 'Jitter' }).click();
  await expect(said).toContainText('Jitter needs backoff', SOON);
  await page.getByRole('switch', { name: 'Jitter' }).click();
  await page.getByRole('switch', { name: 'Retry budget' }).click();
  await expect(said).toContainText('one for every ten calls', SOON);
});

test('with the cure on, the story tells what happened instead', async ({ lab, page }) => {
  const opened = await lab('#/lease-and-pause?on=fencing-token');
  await opened.toTheEnd();
  const told = page.locator('sf-story .text:not([hidden])');
  await expect(told).toContainText('The file refuses this write');
  await expect(told).not.toContainText('lines are gone');
  const key = await lab('#/double-charge?on=idempotency-key');
  await key.toTheEnd();
  await expect(told).toContainText('Each payment is charged once');
  await expect(told).not.toContainText('does not happen');
});

test('a step that names a payment of another seed does not come before the step before it', async ({
  lab,
  page,
}) => {
  // Each step is there at once.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab('#/double-charge?seed=1001927104');
  const moments: number[] = [];
  const story = page.locator('sf-story');
  for (let step = 0; step < 5; step += 1) {
    const at = await story.locator('.text:not([hidden]) .moment').allTextContents();
    moments.push(...at.map((text) => Number(/([\d.]+)\ss/.exec(text)?.[1])));
    const next = story.getByRole('button', { name: 'Next step' });
    if (await next.isVisible()) await next.click();
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible(SOON);
  }
  expect(moments.length).toBeGreaterThan(2);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
});

test('a lab plays to where its interest ends, and the rest on demand', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?t=27.9s');
  await expect(page.locator('.time')).toContainText('of 28 s');
  await opened.play.click();
  await expect(opened.play).toBeVisible(SOON);
  await expect(opened.clock).toHaveText('28.00');
  await opened.play.click();
  await expect(page.locator('.time')).toContainText('of 60 s');
  await opened.pause.click();
  await lab('#/double-charge?t=40s');
  await expect(page.locator('.time')).toContainText('of 60 s');
});
