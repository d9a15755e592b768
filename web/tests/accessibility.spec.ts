import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { SfApp } from '../src/components/sf-app.ts';
import { BROKEN, expect, openLab, test } from './lab.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of [
    ['laptop', { width: 1280, height: 800 }],
    ['phone', { width: 390, height: 844 }],
  ] as const) {
    test.describe(`axe finds nothing, ${colorScheme} on a ${device}`, () => {
      test.use({ colorScheme, viewport });

      test('in the page before, during and after a run', async ({ page }) => {
        const lab = await openLab(page, BROKEN);
        expect(await violations(page)).toEqual([]);
        await lab.toTheEnd();
        expect(await violations(page)).toEqual([]);
      });

      test('on the start page', async ({ page }) => {
        await page.goto('index.html');
        await expect(page.locator('sf-poster').first()).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in space-time, with a card open', async ({ page }) => {
        await openLab(page, `${BROKEN}&t=9s`);
        await page.getByRole('radio', { name: 'Both' }).check();
        await page.locator('sf-app').evaluate((app: SfApp) => {
          app.session?.figure.select({ kind: 'node', id: 'bank' });
          app.session?.redraw();
        });
        await expect(page.locator('sf-card')).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in the list of what the picture shows', async ({ page }) => {
        await openLab(page, `${BROKEN}&t=9s`);
        await page.getByRole('button', { name: 'As a list' }).click();
        await expect(page.locator('sf-mirror button').first()).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in the help sheet', async ({ page }) => {
        await openLab(page);
        await page.keyboard.press('?');
        expect(await violations(page)).toEqual([]);
      });

      test('in the embed', async ({ page }) => {
        await page.goto(`embed.html${BROKEN}`);
        await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}

test('what the canvas shows is in the page as lists', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  const nodes = page.getByRole('list', { name: 'Nodes' }).getByRole('listitem');
  await expect(nodes.first()).toContainText('running');
  expect(await nodes.count()).toBeGreaterThan(2);
  const messages = page.getByRole('list', { name: 'Messages in flight' });
  await expect(messages).toContainText('None');
  await expect
    .poll(async () => {
      await opened.button('Step').click();
      return messages.textContent();
    })
    .toContain('of the way');
});

test('the theme can be chosen by hand and is remembered', async ({ lab, page }) => {
  const opened = await lab();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  const picture = await opened.stage.screenshot();
  await opened.button('Dark colours').click();
  await expect.poll(ground).not.toBe(light);
  await expect.poll(async () => picture.equals(await opened.stage.screenshot())).toBe(false);
  const dark = await ground();
  await page.reload();
  await expect(opened.button('Light colours')).toBeVisible();
  expect(await ground()).toBe(dark);
});
