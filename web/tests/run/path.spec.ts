/** Lesson paths: offered, gone through, kept on the device, written and shared. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openLab, openStart, test } from '../lab.ts';

const bar = (page: Page) => page.getByRole('navigation', { name: /^Path: / });

test('a reader goes through a path from the start page, and it is known where the reader has been', async ({
  page,
}) => {
  await openStart(page);
  await page.getByRole('link', { name: 'A week on unreliable networks' }).click();
  await expect(page.getByRole('heading', { name: 'A week on unreliable networks' })).toBeVisible();
  await expect(page.getByText('0 of 5 stops seen on this device.')).toBeVisible();
  await page.getByRole('link', { name: 'Begin', exact: true }).click();
  await expect(page).toHaveURL(/#\/double-charge/);
  await expect(bar(page)).toContainText('Stop 1 of 5');
  await expect(bar(page)).toContainText('Monday.');
  await page.getByRole('link', { name: 'Next stop' }).click();
  await expect(page.getByRole('heading', { name: 'No answer came. Did it fail?' })).toBeVisible();
  await expect(bar(page)).toContainText('Stop 2 of 5');
  await page.reload();
  await expect(bar(page)).toContainText('Stop 2 of 5');
  await page.getByRole('link', { name: 'A week on unreliable networks' }).click();
  await expect(page.getByText('2 of 5 stops seen on this device.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Go on with stop 3' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Leave the path' })).toBeVisible();
  await page.getByRole('button', { name: 'Leave the path' }).click();
  await expect(bar(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No answer came. Did it fail?' })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test('back from a stop, the bar names the one that is shown', async ({ page }) => {
  await openLab(page, '#path=week/1');
  await expect(bar(page)).toContainText('Stop 1 of 5');
  await page.getByRole('link', { name: 'Next stop' }).click();
  await expect(bar(page)).toContainText('Stop 2 of 5');
  await page.goBack();
  await expect(page).toHaveURL(/#\/double-charge/);
  await expect(bar(page)).toContainText('Stop 1 of 5');
  await page.goForward();
  await expect(bar(page)).toContainText('Stop 2 of 5');
  // Another lab is no stop.
  await page.goto('index.html#/raft');
  await expect(page.locator('sf-lab-header')).toContainText('Five servers keep one log');
  await expect(bar(page)).toHaveCount(0);
});

test('the last stop leads back to the whole path, and the start page leaves it', async ({ page }) => {
  await openLab(page, '#path=week/5');
  await expect(bar(page)).toContainText('Stop 5 of 5');
  await page.getByRole('link', { name: 'End of the path' }).click();
  await expect(page.getByText('1 of 5 stops seen on this device.')).toBeVisible();
  await page.getByRole('link', { name: 'Slowfire' }).click();
  await page.getByRole('link', { name: 'Begin with: Charged twice' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test('a path that is written from shared runs is a link, which opens elsewhere', async ({
  page,
  browser,
}) => {
  await openLab(page, '#/double-charge?seed=11');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Add this run to your path' }).click();
  await expect(page.getByText('It is stop 1.')).toBeVisible();
  await page.getByRole('link', { name: 'Open your path' }).click();
  await expect(page.getByText('Title: nothing is written there yet.')).toBeVisible();
  await page.getByLabel('Title').fill('Two evenings');
  await page.getByLabel('Sentence before stop 1').fill('First <b>break</b> it.');
  await page.getByRole('button', { name: 'Add a stop' }).click();
  await expect(page.getByText('Link of stop 2: nothing is written there yet.')).toBeVisible();
  await page.getByLabel('Link of stop 2').fill('https://elsewhere.example/');
  await expect(
    page.getByText('Link of stop 2: “https://elsewhere.example/” is not the link of a run.'),
  ).toBeVisible();
  await page.getByLabel('Link of stop 2').fill('https://your.host/slowfire/#/raft?seed=3');
  await page.getByRole('button', { name: 'Move stop 2 up' }).click();
  await expect(page.getByLabel('Link of stop 1')).toHaveValue('#/raft?seed=3');
  await page.getByRole('link', { name: 'Open the path' }).click();
  await expect(page.getByRole('heading', { name: 'Two evenings' })).toBeVisible();
  const other = await browser.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('listitem')).toHaveCount(2);
  await expect(other.getByText('First <b>break</b> it.')).toBeVisible();
  await other.getByRole('link', { name: 'The receipt never came. Do I pay again?' }).click();
  await expect(other).toHaveURL(/#\/double-charge\?.*seed=11/);
  await expect(bar(other)).toContainText('Stop 2 of 2');
  await other.close();
});

test('a link that holds no path says so, and a stop that is not there too', async ({ page }) => {
  for (const [link, told] of [
    ['#path=month', 'No path is called “month”'],
    ['#path=1.abcd', 'it was cut off or changed on its way'],
    ['#path=week/9', 'The path has no stop 9; its stops are 1 to 5.'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(`index.html${link}`);
    await expect(page.getByRole('alert')).toContainText(told);
  }
  await expect(page.getByRole('link', { name: 'Begin', exact: true })).toBeVisible();
});

test('assistive technology finds no fault with a path, and nothing is too wide on a phone', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [link, ready] of [
    ['#path=week', () => page.getByRole('link', { name: 'Begin', exact: true })],
    ['#path', () => page.getByRole('button', { name: 'Add a stop' })],
    ['#path=week/2', () => page.getByRole('link', { name: 'Next stop' })],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(`index.html${link}`);
    await expect(ready()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
});
