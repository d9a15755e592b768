/** Challenges: what the reader does is judged, what would give them away is not there, and scores stay on the device. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../lab.ts';

const KEYS = 'on=idempotency-key,key-survives-restart';
const WIPED = `#/double-charge?rev=2&seed=1&${KEYS}&do=crash:bank@4s,wipe:bank@4s,restart:bank@4.2s&t=60s`;

const panel = (page: Page) => page.locator('sf-challenge section');
const read = (page: Page) =>
  page
    .locator('sf-challenge')
    .evaluate(({ session }: HTMLElementTagNameMap['sf-challenge']) =>
      session.addressOf(session.challenging.linkOf('break', 2) ?? ''),
    );

/** On the same page: what somebody else's link has done already is no score of this reader. */
async function goOn(page: Page, link: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, link);
}

/** Nothing of these is there, not even out of sight. */
async function tellsNothing(page: Page): Promise<void> {
  for (const telling of ['sf-story', 'sf-tries', 'sf-further', 'sf-sheet *'])
    await expect(page.locator(telling)).toHaveCount(0);
  await expect(page.locator('sf-defences')).not.toContainText(
    /breaks at|holds to the end|seeds break|knows each key/,
  );
}

test('a challenge to break a system begins with its defences on, and tells nothing', async ({
  lab,
  page,
}) => {
  await lab('#/double-charge');
  await page.getByRole('button', { name: 'Break it with the fewest faults' }).click();
  await expect(panel(page)).toContainText('No fault yet.');
  await expect(panel(page)).toContainText(/Every payment is charged exactly once\s*Withstands:/);
  await expect(page).toHaveURL(/challenge=break$/);
  for (const name of [/^Idempotency key/, /^Retry/])
    await expect(page.getByRole('switch', { name }).first()).toBeChecked();
  await tellsNothing(page);
  await page.reload();
  await expect(panel(page)).toContainText('No fault yet.');
  await tellsNothing(page);
  await panel(page).getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('sf-story')).toBeVisible();
  await expect(page).not.toHaveURL(/challenge/);
});

test('whoever breaks the system has a score, and a link that does not tell how', async ({ lab, page }) => {
  await lab(`${WIPED.replace('60s', '3s')}&challenge=break-3`);
  await expect(panel(page)).toContainText('Not broken so far.');
  await goOn(page, `${WIPED}&challenge=break-3`);
  await expect(panel(page)).toContainText('Broken with 2 faults.');
  await expect(panel(page)).toContainText('crash bank at 4.00');
  await expect(panel(page).getByText('beyond the claim')).toHaveCount(1);
  await expect(panel(page)).toContainText('Whoever shared this link needed 3 faults.');
  await expect(panel(page)).toContainText('Your best on this device: 2 faults.');
  const shared = await read(page);
  expect(shared).toMatch(/challenge=break-2$/);
  expect(shared).not.toMatch(/do=|seed=/);
  await panel(page).getByRole('button', { name: 'Begin again' }).click();
  await expect(panel(page)).toContainText('Not broken so far.');
  await expect(panel(page)).toContainText('Your best on this device: 2 faults.');
});

test('a link that holds what somebody else has done is no score', async ({ lab, page }) => {
  await lab(`${WIPED}&challenge=break`);
  await expect(panel(page)).toContainText('Broken with 2 faults.');
  await expect(panel(page)).not.toContainText('Your best');
});

test('what a challenge does not allow is said, and meets nothing', async ({ lab, page }) => {
  await lab(
    '#/double-charge?rev=2&seed=11&off=idempotency-key&loss=0.5&duplication=0.6&t=60s&challenge=break',
  );
  const against = panel(page).locator('.against');
  await expect(against).toContainText('Idempotency key is off; it must be on.');
  await expect(against).toContainText('2 faults go beyond what the lab claims to withstand; 1 may.');
  await expect(panel(page).locator('.outcome')).toContainText('Broken, but this run does not count:');
});

test('a system is saved by the fewest defences, at the end alone', async ({ lab, page }) => {
  await lab('#/double-charge');
  await page.getByRole('button', { name: 'Save it with the fewest defences' }).click();
  await expect(panel(page)).toContainText('0 defences');
  await tellsNothing(page);
  await lab('#/double-charge?rev=2&on=idempotency-key,retry&t=30s&challenge=save');
  await expect(panel(page)).toContainText('Play on to 60.00\u00a0s to see whether it is saved.');
  await goOn(page, '#/double-charge?rev=2&on=idempotency-key,retry&t=60s&challenge=save');
  await expect(panel(page)).toContainText('Saved with 2 defences.');
  await lab('#/double-charge?rev=2&on=retry&t=60s&challenge=save');
  await expect(panel(page)).toContainText('Not saved. Violated: Every payment is charged exactly once.');
  await expect(panel(page)).toContainText('Your best on this device: 2 defences.');
});

test('a challenge begins as it is meant to, whatever its link leaves out', async ({ lab, page }) => {
  const switches = page.getByRole('switch', { name: /^(Idempotency key|Retry)/ });
  await lab('#/double-charge?challenge=break');
  await expect(panel(page)).toContainText('No fault yet.');
  for (const one of await switches.all()) await expect(one).toBeChecked();
  await lab('#/double-charge?challenge=save');
  await expect(panel(page)).toContainText('0 defences');
  for (const one of await switches.all()) await expect(one).not.toBeChecked();
  await lab('#/double-charge?off=retry&challenge=break');
  await expect(panel(page).locator('.against')).toContainText('is off; it must be on.');
});

test('the offer is in the first view of a phone, and a lab that has none says why', async ({
  lab,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab('#/double-charge');
  const offer = page.getByRole('button', { name: 'Challenges' });
  await expect(offer).toBeInViewport();
  await offer.press('Enter');
  await expect(page.getByRole('button', { name: 'Break it with the fewest faults' })).toBeFocused();
  await lab('#/retry-storm');
  await expect(page.locator('sf-challenges')).toContainText('There is none in this lab');
  await expect(page.getByRole('button', { name: 'Challenges' })).toHaveCount(0);
});

test('why a system is not saved is said for what it is', async ({ lab, page }) => {
  const all = 'rev=2&on=idempotency-key,key-survives-restart,retry&challenge=save';
  const outcome = panel(page).locator('.outcome');
  await lab(`#/double-charge?${all}&seed=8&loss=0&t=60s`);
  await expect(outcome).toHaveText('Saved, but this run does not count:');
  await expect(panel(page).locator('.against')).toContainText('The seed is 8');
  await lab(`#/double-charge?${all}&loss=1&t=60s`);
  await expect(outcome).toContainText('Not saved. The run is over, and nothing in it decides:');
  await lab('#/double-charge?challenge=break&t=60s');
  await expect(outcome).toHaveText('Not broken: the run is over, and all claims held.');
});

test('while what judges is being loaded the focus stays on the page', async ({ page }) => {
  await page.route(/sf-challenge/, () => undefined);
  await page.goto('index.html#/double-charge?loss=banana&challenge=break');
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).press('Enter');
  await page.locator('sf-problems').getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('a word that is no challenge is told, and embeds challenge nobody', async ({ lab, page }) => {
  await lab('#/double-charge?challenge=win');
  await expect(page.getByText(/challenge is “?"?win"?”?; it must be break or save/)).toBeVisible();
  await page.goto(`embed.html${WIPED}&challenge=break`);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.locator('sf-challenge')).toHaveCount(0);
});

test('assistive technology finds no fault with it, and nothing is too wide on a phone', async ({
  lab,
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await lab(`${WIPED}&challenge=break`);
  await expect(panel(page)).toContainText('Broken with 2 faults.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
