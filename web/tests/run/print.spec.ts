/** A lab on paper. */
import type { Page } from '@playwright/test';
import jsQR from 'jsqr';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { BROKEN, LABS, expect, inkShare, openLab, test } from '../lab.ts';

/** What prints is loaded once the page has nothing else to do. */
async function openToPrint(page: Page, hash: string): Promise<void> {
  await openLab(page, hash);
  await page.waitForFunction(() => customElements.get('sf-sheet'));
}

async function pagesOf(page: Page): Promise<number> {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

/** As on A4, without its margins. */
async function asOnPaper(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 703, height: 1032 });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('a lab is printed with its question, its picture, its verdicts, its story and its link', async ({
      page,
    }) => {
      await openToPrint(page, `${BROKEN}&t=9.2s`);
      const link = await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.address ?? '');
      await asOnPaper(page);
      const sheet = page.locator('sf-sheet');
      await expect(sheet.getByRole('heading', { level: 1 })).toHaveText(
        'The receipt never came. Do I pay again?',
      );
      await expect(sheet).toContainText('Payment #20 was charged twice');
      await expect(sheet).toContainText('The bank was asked twice and charged twice.');
      await expect(sheet).toContainText(link);
      expect(await inkShare(sheet.locator('canvas'))).toBeGreaterThan(0.005);
      await expect(page.locator('header, .figure, .side').first()).toBeHidden();
      // Black on white, whatever the screen shows.
      const inks = await sheet.evaluate((element) => [
        getComputedStyle(element).color,
        getComputedStyle(document.documentElement).backgroundColor,
      ]);
      expect(inks).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
      const picture = await sheet.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
          data: [],
        };
        let [light, dark] = [0, 0];
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] !== 255) continue;
          const isLight = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 600;
          if (isLight) light += 1;
          else dark += 1;
        }
        return light > dark;
      });
      expect(picture).toBe(true);
      expect(await read(page)).toBe(link);
    });
  });
}

test('each lab is one page, at its end', async ({ page }) => {
  test.setTimeout(240_000);
  for (const lab of LABS) {
    const opened = await openLab(page, `#/${lab}`);
    await page.waitForFunction(() => customElements.get('sf-sheet'));
    await opened.toTheEnd();
    expect(await pagesOf(page), lab).toBe(1);
  }
});

test('where nothing may be told, what is shown is printed', async ({ page }) => {
  for (const [hash, shown] of [
    ['#/double-charge?guess=first', 'sf-guess .question'],
    ['#/double-charge?challenge=break', 'sf-challenge h2'],
  ] as const) {
    await page.goto('about:blank');
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.goto(`index.html${hash}`);
    await expect(page.locator(shown)).toBeVisible();
    await page.waitForFunction(() => customElements.get('sf-sheet'));
    await asOnPaper(page);
    await expect(page.locator(shown)).toBeVisible();
    await expect(page.locator('sf-sheet *')).toHaveCount(0);
    const canvas = page.locator('sf-page canvas').first();
    await expect.poll(() => inkShare(canvas)).toBeGreaterThan(0.001);
    expect(await pagesOf(page)).toBeGreaterThan(0);
  }
});

/** The QR code, as a camera reads it: a screen has fewer dots than paper. */
async function read(page: Page): Promise<string | undefined> {
  const pixels = await page.locator('sf-sheet .link svg').evaluate((code: SVGElement) => {
    const { width: side } = (code as SVGSVGElement).viewBox.baseVal;
    const path = new Path2D(code.querySelector('path')?.getAttribute('d') ?? '');
    const canvas = new OffscreenCanvas(side * 8, side * 8);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no context');
    context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(8, 8);
    context.fillStyle = getComputedStyle(code).fill;
    context.fill(path);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { data: Array.from(data), side: canvas.width };
  });
  return jsQR(Uint8ClampedArray.from(pixels.data), pixels.side, pixels.side)?.data;
}
