/** A run as one node sees it: the page tells what that node knows, and the rest when the fog is lifted. */
import type { Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { measured, rounded } from '../../src/format.ts';
import { expect, openLab, test } from '../lab.ts';

/** Alice has tried to pay, and a check is violated that she cannot know of. */
const ALICE = '#/double-charge?as=alice&t=4s';

const card = (page: Page) => page.locator('sf-card');
const fogButton = (page: Page) => page.locator('.told').getByRole('button', { name: 'Lift the fog' });

/** Asks the page's session something. */
const session = <T>(page: Page, ask: (element: SfPage) => T): Promise<T> =>
  page.locator('sf-page').evaluate(ask);

async function openCardOf(page: Page, node: string): Promise<void> {
  await page.getByRole('button', { name: 'As a list' }).click();
  await page
    .locator('sf-mirror')
    .getByRole('button', { name: new RegExp(`^${node}, `) })
    .click();
  await expect(card(page)).toBeVisible();
}

test('a node in the fog has a card of what is known of it, and the whole one while F is held', async ({
  page,
}) => {
  await openLab(page, ALICE);
  await openCardOf(page, 'bank');
  await expect(card(page)).toContainText('What alice knows of bank');
  await expect(card(page)).toContainText(/heard (?:just now|\d+\.\d\ss ago)/);
  await expect(card(page)).toContainText('Last message');
  await expect(card(page)).toContainText('The rest lies in fog');
  for (const hidden of ['Monotonic clock', 'Wall clock', 'What you can do to it', 'running'])
    await expect(card(page)).not.toContainText(hidden);
  await page.keyboard.down('f');
  await expect(card(page)).toContainText('Monotonic clock');
  await expect(card(page)).not.toContainText('What alice knows of bank');
  await page.keyboard.up('f');
  await expect(card(page)).toContainText('What alice knows of bank');
});

test('a card of a message on its way is gone as soon as one node looks', async ({ page }) => {
  await openLab(page, '#/double-charge?t=0.55s');
  await page.getByRole('button', { name: 'As a list' }).click();
  await page
    .locator('sf-mirror')
    .getByRole('button', { name: /% of the way/ })
    .first()
    .click();
  await expect(card(page)).toBeVisible();
  await page.getByLabel('Perspective').selectOption('bob');
  await expect(card(page)).toHaveCount(0);
});

test('a button lifts the fog until it is pressed again', async ({ page }) => {
  await openLab(page, ALICE);
  const unknown = page.locator('sf-verdicts .unknown');
  await expect(unknown).toHaveCount(1);
  await expect(fogButton(page)).toHaveAttribute('aria-pressed', 'false');
  await fogButton(page).click();
  await expect(unknown).toHaveCount(0);
  await expect(fogButton(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByLabel('Perspective')).toHaveValue('alice');
  // A key that is let go, or a window that is left, is about a key that was held.
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await page.keyboard.press('f');
  await expect(unknown).toHaveCount(0);
  await fogButton(page).click();
  await expect(unknown).toHaveCount(1);
  await expect(page).toHaveURL(/as=alice/);
  await page.getByLabel('Perspective').selectOption('');
  await expect(fogButton(page)).toHaveCount(0);
});

test('the time bar marks the past of that node alone', async ({ page }) => {
  await openLab(page, '#/double-charge?as=alice&t=9s&do=crash:bank@6s,restart:bank@7s');
  const marks = () =>
    session(page, (element) => element.session?.marks.map(({ sentence }) => sentence) ?? []);
  const own = await marks();
  expect(own.filter((sentence) => !sentence.startsWith('alice'))).toEqual([]);
  await page.keyboard.down('f');
  await expect.poll(async () => (await marks()).join()).toContain('bank crashes');
  await page.keyboard.up('f');
  await expect.poll(marks).toEqual(own);
});

test('measurements and what was done lie in fog', async ({ page }) => {
  await openLab(page, '#/double-charge?as=alice&t=4s&do=crash:bank@3s');
  const fogged = page.locator('.side sf-fogged');
  await expect(fogged).toHaveCount(2);
  await expect(fogged.nth(0)).toContainText('What was done to this run');
  await expect(fogged.nth(0)).toContainText('alice cannot know');
  await expect(fogged.nth(1)).toContainText('Measurements');
  await expect(page.locator('sf-changes')).toHaveCount(0);
  expect(await session(page, (element) => element.session?.series().length)).toBe(0);
  await fogged.nth(1).getByRole('button', { name: 'Lift the fog' }).click();
  await expect(page.locator('sf-changes')).toContainText('crash bank');
  await expect
    .poll(() => session(page, (element) => element.session?.series().length ?? 0))
    .toBeGreaterThan(0);
});

test('what a node knows of the others is read out, and what it believes', async ({ page }) => {
  await openLab(page, '#/timeout-tuning?as=lb&t=20s&do=crash:n1@15s');
  const mirror = page.locator('sf-mirror');
  await expect(mirror).toContainText('Nodes in the fog');
  const workers = mirror.getByRole('list', { name: 'Nodes in the fog' }).getByRole('listitem');
  await expect(workers.first()).toHaveText(/^n1, worker: (?:heard|silent|not heard).*, taken for dead$/);
  const own = mirror.getByRole('list', { name: 'Nodes', exact: true });
  await expect(own).toContainText('I think n1 is dead');
  await page.keyboard.down('f');
  await expect(mirror).not.toContainText('Nodes in the fog');
  await page.keyboard.up('f');
});

test('a run that one node watches does not rest at what it cannot know', async ({ page }) => {
  await openLab(page, '#/double-charge?as=alice&t=3s');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const time = () => session(page, (element) => element.session?.timeMs ?? 0);
  await expect.poll(time, { timeout: 20_000 }).toBeGreaterThan(4500);
  // Nor when the fog is lifted after it has happened.
  await page.keyboard.down('f');
  await expect.poll(time).toBeGreaterThan(4800);
  await page.keyboard.up('f');
});

test('no step of the story is lit in fog', async ({ page }) => {
  await openLab(page, ALICE);
  await page.keyboard.press('ArrowRight');
  const look = await session(page, (element) => element.session?.pictures.look);
  expect(look).toMatchObject({ light_node: null, light_message: null });
});

test('a plot of who was wrong names each node with its share, and says what counts as wrong', async ({
  page,
}) => {
  await openLab(page, '#/lease-and-pause?t=6s');
  const plots = page.locator('.side sf-plots');
  await plots.getByText('Measurements').click();
  const wrong = plots.locator('figure').filter({ hasText: 'How long each node was wrong' });
  await expect(wrong).toContainText('A lease that ran out counts');
  const told = /ann: [1-9]\d*\s% of the time so far/;
  await expect(wrong.locator('.legend')).toContainText(told);
  await expect(wrong).toHaveAttribute('aria-label', told);
});

test('numbers at plots have the digits that tell something', () => {
  const measurements: [number, string][] = [
    [0.1 + 0.2, '0.3'],
    [0, '0'],
    [1 / 3, '0.333'],
    [12.3456, '12.3'],
    [1249.7, '1,250'],
    [-0.8, '-0.8'],
  ];
  for (const [value, words] of measurements) expect(measured(value)).toBe(words);
  const marks: [number, string][] = [
    [0.1 + 0.2, '0.3'],
    [0.7 * 3, '2.1'],
    [0.005, '0.005'],
    [1500, '1,500'],
  ];
  for (const [value, words] of marks) expect(rounded(value)).toBe(words);
});

for (const viewport of [
  { width: 390, height: 844 },
  { width: 320, height: 640 },
]) {
  test.describe(`a phone of ${viewport.width} by ${viewport.height}`, () => {
    test.use({ viewport, hasTouch: true, isMobile: true });

    test('lifts the fog with a tap, and nothing sticks out', async ({ page }) => {
      await openLab(page, ALICE);
      await fogButton(page).tap();
      await expect(page.locator('sf-verdicts .unknown')).toHaveCount(0);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBe(viewport.width);
      await fogButton(page).tap();
      await expect(page.locator('sf-verdicts .unknown')).toHaveCount(1);
    });
  });
}
