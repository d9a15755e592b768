/** A lab on a wall. */
import AxeBuilder from '@axe-core/playwright';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { BROKEN, expect, openLab, test } from '../lab.ts';

for (const [width, height] of [
  [1280, 720],
  [1920, 1080],
] as const) {
  test(`a presentation fills a projector of ${width} by ${height}, in large type`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const lab = await openLab(page, `${BROKEN}&t=14s`);
    await lab.button('Present').click();
    await expect(page.getByRole('button', { name: 'Leave the presentation' })).toBeVisible();
    await expect(page.locator('sf-story, sf-defences, sf-transport, sf-time-bar, header')).toHaveCount(0);
    const picture = await lab.stage.boundingBox();
    expect(picture?.height).toBeGreaterThan(0.6 * height);
    expect(picture?.width).toBeGreaterThan(0.9 * width);
    const sizes = await page
      .locator('sf-worst .word, sf-caption p')
      .evaluateAll((texts) => texts.map((text) => Number.parseFloat(getComputedStyle(text).fontSize)));
    // So large is what the last row reads.
    for (const size of sizes) expect(size).toBeGreaterThan(height / 40);
    await expect(page.locator('sf-worst')).toContainText('Violated');
    const sides = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.scrollHeight,
    ]);
    expect(sides).toEqual([width, height]);
  });
}

test('it is reached by a key, played by keys, and left by escape', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=11');
  const digest = await opened.digest();
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/\?present#\/double-charge/);
  await page.keyboard.press('ArrowRight');
  expect(await opened.digest()).not.toBe(digest);
  const playing = () => page.locator('sf-page').evaluate(({ session }: SfPage) => session?.playing);
  await page.keyboard.press('Space');
  await expect.poll(playing).toBe(true);
  await page.keyboard.press('Space');
  await expect.poll(playing).toBe(false);
  await page.keyboard.press('Escape');
  await expect(opened.play).toBeVisible();
  await expect(page).not.toHaveURL(/present/);
  const focused = () =>
    page.locator('sf-page').evaluate((element) => element.shadowRoot?.activeElement?.className);
  await expect.poll(focused).toBe('present');
});

test('as a node sees it, it tells no more than the node knows; its keys are listed', async ({ page }) => {
  await page.goto('index.html?other=1&present#/double-charge?seed=11&as=alice&t=14s');
  await expect(page.locator('sf-worst')).toContainText('alice cannot know');
  await expect(page.locator('sf-worst')).not.toContainText('charged twice');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('P');
  await expect(page).toHaveURL(/index\.html\?other=1#/);
});

test('a link opens it, and axe finds nothing in it', async ({ page }) => {
  await page.goto(`index.html?present${BROKEN}&t=14s`);
  await expect(page.locator('sf-worst')).toContainText('Violated');
  expect(await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.address)).toContain(
    '?present#/',
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
    [],
  );
  await page.reload();
  await expect(page.locator('sf-worst')).toContainText('Violated');
});

test('each view fits a small projector', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  for (const hash of [
    '#/raft?t=7s&view=logs',
    '#/stale-read?t=14s&view=history',
    '#/reordered-feed?view=spacetime&t=3s',
    '#/two-clocks?t=5s',
  ]) {
    await page.goto('about:blank');
    await page.goto(`index.html?present${hash}`);
    await expect(page.locator('sf-worst .word')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollHeight), hash).toBe(720);
  }
});
