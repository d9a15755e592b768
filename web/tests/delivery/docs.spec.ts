/** The documentation, as a reader meets it. */
import AxeBuilder from '@axe-core/playwright';
import { existsSync } from 'node:fs';
import type { SlowFire } from '../../src/slow-fire.ts';
import { DOCS, docsPaths } from '../../build/docs.ts';
import { expect, openLab, test } from '../lab.ts';
import { DIST } from './static-host.ts';

for (const [colorScheme, width] of [
  ['light', 320],
  ['dark', 1280],
] as const) {
  test.describe(`${colorScheme}, ${width} px wide`, () => {
    test.use({ colorScheme, viewport: { width, height: 800 } });

    test('axe finds nothing, no page scrolls sideways, and each has its head', async ({ page }) => {
      // The reference is long.
      test.setTimeout(180_000);
      for (const path of docsPaths()) {
        await page.goto(path);
        const { violations } = await new AxeBuilder({ page }).exclude('slow-fire').analyze();
        expect(violations.map(({ id, nodes }) => `${path} ${id}: ${String(nodes[0]?.html)}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width);
        await expect(page).toHaveTitle(/^\w.* · Slowfire$/);
        await expect(page.locator('meta[name=description]')).toHaveAttribute('content', /\w+ .*\./);
        await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', new RegExp(`${path}$`));
      }
    });
  });
}

test('the start page and the help lead there, and each page to the others by the keyboard', async ({
  page,
}) => {
  await openLab(page);
  await page.keyboard.press('?');
  const named = { name: 'How to embed, link, teach and cite' };
  await page.getByRole('dialog').getByRole('link', named).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Documentation');
  await page.goto('index.html');
  await page.getByRole('link', named).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Documentation');
  await page.keyboard.press('Tab');
  await DOCS.reduce((before) => before.then(() => page.keyboard.press('Tab')), Promise.resolve());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How to cite it');
  await expect(page.getByRole('link', { name: 'How to cite it' })).toHaveAttribute('aria-current', 'page');
});

test('each link between its pages leads somewhere, and those to runs and paths to the page', async ({
  page,
}) => {
  for (const path of docsPaths()) {
    await page.goto(path);
    const links = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    const home = new URL('.', new URL(page.url().replace(/docs\/.*/, ''))).href;
    for (const link of links.filter((each) => each.startsWith(home))) {
      const { pathname, hash } = new URL(link);
      const file = pathname.replace(new URL(home).pathname, '').replace(/(?:^|\/)$/, '$&index.html');
      expect(existsSync(DIST + file), link).toBe(true);
      if (file === 'index.html') expect(hash, link).toMatch(/^(?:#\/[a-z]|#path(?:=|$)|$)/);
      else if (hash !== '') {
        const other = await page.request.get(link);
        expect(await other.text(), link).toContain(`id="${decodeURIComponent(hash.slice(1))}"`);
      }
    }
  }
});

test('its figure is alive, and in the colours that the reader chose', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('slowfire.theme', 'dark'));
  await page.goto('docs/embed/');
  const figure = page.locator('slow-fire');
  await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(figure).toHaveAttribute('theme', 'dark');
  const problems = () => figure.evaluate((element: SlowFire) => element.session?.notices.revision);
  await expect.poll(problems).toEqual([]);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('it reads as it is, with a picture for the figure', async ({ page }) => {
    await page.goto('docs/embed/');
    await expect(page.getByRole('heading', { name: 'Attributes' })).toBeVisible();
    await expect(page.locator('slow-fire img')).toBeVisible();
  });
});
