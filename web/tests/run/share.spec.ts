/** The sheet from which a run is taken elsewhere. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import jsQR from 'jsqr';
import { snippet } from '../../src/components/share/snippets.ts';
import { expect, openLab, test } from '../lab.ts';

const MOMENT = '#/double-charge?rev=2&seed=11&loss=0.35&t=6s';

async function share(page: Page) {
  await page.getByRole('button', { name: 'Share' }).click();
  const sheet = page.getByRole('dialog', { name: 'Share this run' });
  await expect(sheet).toBeVisible();
  return sheet;
}

test('a run is shared from here or from the start', async ({ page, context }) => {
  const opened = await openLab(page, MOMENT);
  const digest = await opened.digest();
  const sheet = await share(page);
  const link = sheet.getByRole('textbox', { name: 'Link' });
  const other = await context.newPage();
  const here = await link.inputValue();
  expect(await (await openLab(other, new URL(here).hash)).digest()).toBe(digest);
  await sheet.getByRole('radio', { name: 'from the start' }).check();
  const start = new URL(await link.inputValue()).hash;
  expect(start).toContain('loss=0.35');
  expect(start).not.toContain('t=');
});

test('the QR code says what the link says', async ({ page }) => {
  await openLab(page, MOMENT);
  const sheet = await share(page);
  const address = await sheet.getByRole('textbox', { name: 'Link' }).inputValue();
  const pixels = await sheet
    .getByRole('link', { name: 'Save as SVG' })
    .evaluate(async (link: HTMLAnchorElement) => {
      const image = new Image();
      image.src = link.href;
      await image.decode();
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const drawn = context?.getImageData(0, 0, canvas.width, canvas.height);
      return { width: canvas.width, height: canvas.height, data: Array.from(drawn?.data ?? []) };
    });
  expect(jsQR(Uint8ClampedArray.from(pixels.data), pixels.width, pixels.height)?.data).toBe(address);
});

test('a link that no QR code can hold is shared all the same', async ({ page }) => {
  const turns = Array.from({ length: 300 }, (_, at) => `latency:${at + 1}ms@${at + 1}ms`).join();
  await openLab(page, `#/double-charge?do=${turns}`);
  const sheet = await share(page);
  await expect(sheet.getByText('The link is too long for a QR code.')).toBeVisible();
  await expect(sheet.getByRole('textbox', { name: 'Link' })).toHaveValue(/latency:300ms@/);
});

test('a figure for a page is shown before it is taken', async ({ page }) => {
  await openLab(page, MOMENT);
  const sheet = await share(page);
  const element = sheet.getByRole('textbox', { name: 'Element' });
  await sheet.getByRole('radio', { name: 'Element' }).check();
  // A strict policy refuses styles in markup: a size that nobody has chosen is none.
  await expect(element).toHaveValue(/<slow-fire src="[^"]+">/);
  await sheet.getByRole('radio', { name: 'Frame' }).check();
  await sheet.getByRole('spinbutton', { name: 'Width' }).fill('400');
  await sheet.getByRole('spinbutton', { name: 'Height' }).fill('9000');
  await sheet.getByRole('spinbutton', { name: 'Height' }).blur();
  await expect(sheet.getByRole('spinbutton', { name: 'Height' })).toHaveValue('1200');
  const text = await sheet.getByRole('textbox', { name: 'Frame' }).inputValue();
  expect(text).toContain('width="400" height="1200"');
  const preview = page.frameLocator('iframe[title=Preview]');
  await expect(preview.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await sheet.getByRole('radio', { name: 'Element' }).check();
  await expect(element).toHaveValue(/style="max-width:400px;height:1200px"/);
  await expect(page.locator('iframe[title=Preview]')).toHaveAttribute('height', '1200');
  await sheet.getByRole('radio', { name: 'Markdown' }).check();
  const picture = sheet.getByRole('img', { name: 'Charged twice' });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
});

test('a frame that is as high as its figure needs brings the script for that, and shows it', async ({
  page,
}) => {
  await openLab(page, MOMENT);
  const sheet = await share(page);
  await sheet.getByRole('radio', { name: 'Frame' }).check();
  const text = sheet.getByRole('textbox', { name: 'Frame' });
  await expect(text).not.toHaveValue(/frames\.js/);
  await sheet.getByRole('spinbutton', { name: 'Height' }).fill('1000');
  const follows = sheet.getByRole('checkbox', { name: 'As high as the figure needs' });
  await follows.check();
  await expect(text).toHaveValue(
    /^<script type="module" src="http:[^"]*\/frames\.js"><\/script>\n<iframe /,
  );
  const preview = page.locator('iframe[title=Preview]');
  await expect.poll(async () => (await preview.boundingBox())?.height).toBeLessThan(900);
  await follows.uncheck();
  await expect(preview).toHaveAttribute('height', '1000');
});

test('where nothing may be copied, the text is selected', async ({ page }) => {
  await openLab(page, MOMENT);
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const sheet = await share(page);
  await sheet.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(sheet.getByText('Press Ctrl C').first()).toBeVisible();
  const selected = await sheet
    .getByRole('textbox', { name: 'Link' })
    .evaluate((field: HTMLInputElement) =>
      field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0),
    );
  expect(selected).toContain(MOMENT);
});

test('the sheet keeps its keys to itself, and gives the focus back', async ({ page }) => {
  const opened = await openLab(page, MOMENT);
  const digest = await opened.digest();
  const sheet = await share(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('?');
  expect(await opened.digest()).toBe(digest);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share' })).toBeFocused();
});

test('the focus goes to the page where what opened the sheet is gone', async ({ page }) => {
  await openLab(page, MOMENT);
  await page.locator('sf-story button').last().focus();
  // As a key or a tool presses it: the focus stays where it is.
  await page.getByRole('button', { name: 'Share' }).evaluate((button: HTMLElement) => button.click());
  const sheet = page.getByRole('dialog', { name: 'Share this run' });
  await expect(sheet).toBeVisible();
  await page.locator('sf-story').evaluate((story) => story.remove());
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(sheet).toBeHidden();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
});

test('what an author pastes is one figure, whatever the run is called', async ({ page }) => {
  const title = `Ann's "lock" <b>& [more](x)`;
  const run = { link: '#1.abc&"(d)', home: 'https://your.host/slowfire/', title, lab: '' };
  const size = { width: 640, height: 420, isChosen: true, follows: false };
  const parsed = await page.evaluate(
    ([element = '', frame = '']) => {
      const parse = (text: string) => new DOMParser().parseFromString(text, 'text/html');
      const [figure] = parse(element).querySelectorAll('slow-fire');
      const [inner, ...others] = parse(frame).body.children;
      return {
        src: figure?.getAttribute('src'),
        inside: figure?.textContent.trim(),
        title: inner?.getAttribute('title'),
        frame: inner?.getAttribute('src'),
        others: others.length,
      };
    },
    [snippet('element', run, size), snippet('frame', run, size)],
  );
  const frame = `${run.home}embed.html${run.link}`;
  expect(parsed).toEqual({ src: run.link, inside: title, title, frame, others: 0 });
  expect(snippet('markdown', run, size)).toBe(
    String.raw`[Ann's "lock" \<b\>\& \[more\](x)](https://your.host/slowfire/#1.abc&"%28d%29)`,
  );
});

test('a reader who leaves before the sharing is loaded is told of no fault', async ({ lab, page }) => {
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((done) => (isAsked = done));
  let goOn: () => void = () => undefined;
  const left = new Promise<void>((done) => (goOn = done));
  await page.route(/sf-share/, async (route) => {
    isAsked();
    await left;
    await route.continue();
  });
  const opened = await lab();
  await opened.button('Share').click();
  await asked;
  const loaded = page.waitForResponse(/sf-share/);
  await page.evaluate(() => (window.location.hash = '#/'));
  await expect(page.locator('sf-poster').first()).toBeVisible();
  goOn();
  await loaded;
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('where a version stays in a folder of its own, links and snippets can name it', async ({ page }) => {
  await page.route('**/index.html', async (route) => {
    const response = await route.fetch();
    const head = '<head><meta name="slowfire-version" content="1.2">';
    await route.fulfill({ response, body: (await response.text()).replace('<head>', head) });
  });
  // The folder is a copy.
  await page.route('**/1.2/**', async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('/1.2/', '/') });
    await route.fulfill({ response });
  });
  await openLab(page, MOMENT);
  const sheet = await share(page);
  const link = sheet.getByRole('textbox', { name: 'Link' });
  await expect(link).toHaveValue(/\d\/#\/double-charge/);
  await sheet.getByRole('radio', { name: 'always 1.2' }).check();
  await expect(link).toHaveValue(/\d\/1\.2\/#\/double-charge/);
  await sheet.getByRole('radio', { name: 'Element' }).check();
  await expect(sheet.getByRole('textbox', { name: 'Element' })).toHaveValue(
    /src="[^"]*\/1\.2\/slow-fire\.js"/,
  );
});
