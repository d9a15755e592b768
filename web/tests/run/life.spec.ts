// What becomes of a walk and of a comparison when their run breaks, gives way to another one or is left.
import type { Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { breakNext, modules, standAtBorder, twinsKept } from '../border.ts';
import { BROKEN, expect, test, type Lab } from '../lab.ts';

const KEY = 'idempotency-key';
const COMPARED = `${BROKEN}&twin=${KEY}&t=2s`;

const follow = (page: Page, hash: string) =>
  page.evaluate((link) => {
    window.location.hash = link;
  }, hash);

async function compare(page: Page, lab: (hash?: string) => Promise<Lab>): Promise<Lab> {
  const opened = await lab(COMPARED);
  await expect(page.locator('sf-twin')).toBeVisible();
  await expect.poll(() => twinOf(page)).not.toBe('');
  return opened;
}

async function explain(page: Page, lab: (hash?: string) => Promise<Lab>): Promise<Lab> {
  const opened = await lab(BROKEN);
  await opened.toTheFailure();
  await page.getByRole('button', { name: /^Show me why/ }).click();
  await expect(page.locator('sf-why')).toBeVisible();
  return opened;
}

/** The digest of the other run. */
const twinOf = (page: Page) =>
  page.locator('sf-page').evaluate(({ session }: SfPage) => session?.comparing.twin?.digest() ?? '');

const step = (page: Page) =>
  page.locator('sf-page').evaluate(({ session }: SfPage) => session?.travel.step());

/** Tells the link where a message is lost: it glides there. */
const tellLoss = (page: Page) =>
  page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const place = session?.walking.walk?.chain.links.findIndex(({ kind }) => kind === 'loss') ?? -1;
    session?.walking.walk?.tell(place);
    return place;
  });

test.beforeEach(async ({ page }) => {
  await standAtBorder(page);
});

test('a run that breaks beside another one is built again, and compared again', async ({ lab, page }) => {
  await compare(page, lab);
  await breakNext(page, 'run_step');
  await step(page);
  await expect(page.getByRole('alert')).toContainText('built again');
  await expect(page.getByRole('alert')).not.toContainText('could not');
  await expect.poll(() => twinOf(page)).not.toBe('');
  expect(await modules(page)).toBe(2);
});

test('a run that breaks while it is explained is built again', async ({ lab, page }) => {
  await page.clock.install();
  const opened = await explain(page, lab);
  await breakNext(page, 'run_step');
  await step(page);
  await expect(page.getByRole('alert')).toContainText('built again');
  await expect(page.getByRole('alert')).not.toContainText('could not');
  await expect(page.locator('sf-why')).toBeHidden();
  await page.clock.runFor(2000);
  expect(await modules(page)).toBe(2);
  expect(await opened.digest()).not.toBe('');
});

for (const call of ['twin_compare', 'twin_figures', 'twin_go_on', 'run_beside']) {
  test(`a comparison that breaks in ${call} is over, and the run stays`, async ({ lab, page }) => {
    const opened = await lab(`${BROKEN}&t=2s`);
    const digest = await opened.digest();
    await breakNext(page, call, 'trap', 50);
    await page.getByRole('button', { name: 'Compare with and without: Idempotency key' }).click();
    await expect.poll(() => modules(page)).toBeGreaterThan(1);
    await expect(page.locator('sf-twin')).toBeHidden();
    const made = await modules(page);
    // So many frames that a comparison would have been opened again in them.
    await page.evaluate(async () => {
      for (let frames = 0; frames < 30; frames += 1) await new Promise(requestAnimationFrame);
    });
    expect(await modules(page)).toBe(made);
    await expect.poll(() => opened.hash).not.toContain('twin=');
    expect(await opened.digest()).toBe(digest);
  });
}

test('each change gives back the comparison before it', async ({ lab, page }) => {
  const opened = await compare(page, lab);
  for (const loss of ['30', '31', '32', '33']) await opened.slider('loss').fill(loss);
  await expect.poll(() => twinOf(page)).not.toBe('');
  await expect.poll(() => twinsKept(page)).toBe(1);
  await page.locator('sf-twin').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => twinsKept(page)).toBe(0);
});

test('the way of a lost message ends with its run', async ({ lab, page }) => {
  await page.clock.install();
  await explain(page, lab);
  expect(await tellLoss(page)).toBeGreaterThanOrEqual(0);
  await page.clock.runFor(100);
  await follow(page, '#/split-brain');
  await page.clock.runFor(2000);
  await expect(page.locator('sf-lab-header')).toContainText('took over');
  await expect(page).not.toHaveURL(/t=/);
  expect(await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.timeMs)).toBe(0);
});

test('the way of a lost message gives way to the reader', async ({ lab, page }) => {
  await page.clock.install();
  await explain(page, lab);
  await tellLoss(page);
  await page.clock.runFor(100);
  await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.travel.seek(100));
  await page.clock.runFor(2000);
  expect(await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.timeMs)).toBe(100);
});

test('the start page ends a walk and a comparison', async ({ lab, page }) => {
  await explain(page, lab);
  const here = new URL(page.url()).hash;
  await follow(page, '#/');
  await expect(page.locator('sf-poster').first()).toBeVisible();
  await follow(page, here);
  await expect(page.locator('sf-world')).toBeVisible();
  await expect(page.locator('sf-why')).toHaveCount(0);
});

test('what is loaded too late for its run is not begun', async ({ lab, page }) => {
  let letGo = () => {
    // Nothing is held yet.
  };
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/sf-twin/, async (route) => {
    await held;
    await route.continue();
  });
  await lab(BROKEN);
  await page.getByRole('button', { name: 'Compare with and without: Idempotency key' }).click();
  await follow(page, '#/double-charge?seed=12');
  await expect(page).toHaveURL(/seed=12/);
  letGo();
  await page.waitForFunction(() => customElements.get('sf-twin'));
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(page.locator('sf-twin')).toHaveCount(0);
  await expect(page).not.toHaveURL(/twin=/);
});
