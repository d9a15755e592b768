/** A run that is saved as a file: each is opened by something that did not write it. */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { Lab, embedDigest, expect, inkShare, openLab, test } from '../lab.ts';

const MOMENT = '#/double-charge?rev=2&seed=11&loss=0.35&t=6s';

/** Opens the sheet, chooses a file, and saves it. */
async function saved(page: Page, form: string, prepare?: () => Promise<void>) {
  if (!(await page.getByRole('dialog').isVisible()))
    await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('combobox', { name: 'File' }).selectOption(form);
  await prepare?.();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const download = await coming;
  const content = await readFile(await download.path());
  return { name: download.suggestedFilename(), content, text: content.toString('utf8') };
}

/** The address in the comment of a GIF, which ends the file, or in the tag of a WebM. */
function commentOf(content: Buffer): string {
  const tag = content.indexOf('COMMENT');
  // The tag's text has an id of two bytes and a length of four.
  if (tag >= 0)
    return content.toString('latin1', tag + 13, tag + 13 + content.readUInt32BE(tag + 9) - 2 ** 28);
  const comment = content.lastIndexOf(Buffer.from([0x21, 0xfe]));
  return content.toString('latin1', comment + 3, comment + 3 + (content[comment + 2] ?? 0));
}

test.beforeEach(async ({ page }) => {
  await openLab(page, MOMENT);
});

test('pictures are SVG with their address and text in them, and are drawn', async ({
  page,
  context,
  baseURL,
}) => {
  // The page's own policy lets nobody parse a text.
  const reader = await context.newPage();
  for (const [form, name, says] of [
    ['svg', 'charged-twice.svg', 'bank'],
    ['spacetime', 'charged-twice.spacetime.svg', 'bank'],
    ['history-svg', 'charged-twice.history.svg', 'payment #'],
  ] as const) {
    const file = await saved(page, form);
    expect(file.name).toBe(name);
    const seen = await reader.evaluate(async (text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(128, 72);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0, 128, 72);
      const pixels = context?.getImageData(0, 0, 128, 72).data ?? new Uint8ClampedArray();
      return {
        isXml: parsed.querySelector('parsererror') === null,
        address: parsed.querySelector('metadata')?.textContent,
        title: parsed.querySelector('title')?.textContent,
        text: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent).join('\n'),
        colours: new Set(Array.from({ length: pixels.length / 4 }, (_, at) => pixels[4 * at])).size,
      };
    }, file.text);
    expect(seen.isXml).toBe(true);
    expect(seen.address).toContain(`${baseURL ?? ''}#/double-charge?`);
    expect(seen.address).toContain('loss=0.35');
    expect(seen.title).toBe('Charged twice');
    expect(seen.text).toContain(says);
    expect(seen.colours).toBeGreaterThan(10);
  }
});

test('a PNG is as large as it says, with its address in it', async ({ page }) => {
  const { name, content } = await saved(page, 'png');
  expect(name).toBe('charged-twice.png');
  expect(content.toString('latin1')).toMatch(
    /iTXtSource\0{5}http:[^\0]*#\/double-charge\?[^\0]*loss=0\.35/,
  );
  const size = await page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(data)]));
    return [image.width, image.height];
  }, Array.from(content));
  expect(size).toEqual([2560, 1440]);
});

/** A stretch of one second to watch: shorter, and there is nothing to cancel. */
async function shorten(page: Page) {
  await page.getByRole('spinbutton', { name: 'From, in seconds' }).fill('4');
  await page.getByRole('spinbutton', { name: 'To, in seconds' }).fill('4.5');
  await page.getByRole('spinbutton', { name: 'To, in seconds' }).blur();
}

test('an animation has every picture of its stretch, the same each time', async ({ page }) => {
  const one = await saved(page, 'gif', () => shorten(page));
  expect(one.name).toBe('charged-twice.gif');
  const decoded = await page.evaluate(async (data) => {
    const decoder = new ImageDecoder({ type: 'image/gif', data: Uint8Array.from(data) });
    await decoder.tracks.ready;
    const { frameCount = 0 } = decoder.tracks.selectedTrack ?? {};
    const { image } = await decoder.decode({ frameIndex: frameCount - 1 });
    return { frameCount, width: image.displayWidth, height: image.displayHeight };
  }, Array.from(one.content));
  expect(commentOf(one.content)).toMatch(/^http:.*#\/double-charge\?.*loss=0\.35.*t=/);
  const told = await page.getByText('to watch').textContent();
  expect(told).toContain(`${decoded.frameCount} pictures`);
  expect(decoded).toMatchObject({ width: 800, height: 450 });
  const again = await saved(page, 'gif', () => shorten(page));
  expect(again.content.equals(one.content)).toBe(true);
});

test('a film plays for as long as its stretch takes, and names its run', async ({ page, context }) => {
  const { name, content } = await saved(page, 'webm', () => shorten(page));
  expect(name).toBe('charged-twice.webm');
  expect(commentOf(content)).toMatch(/^http:.*#\/double-charge\?.*loss=0\.35.*t=/);
  const told = Number(
    /([\d.]+)\s*s to watch/.exec((await page.getByText('to watch').textContent()) ?? '')?.[1],
  );
  const other = await context.newPage();
  const seen = await other.evaluate(async (data) => {
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(data)], { type: 'video/webm' }));
    await new Promise((done) => video.addEventListener('loadeddata', done));
    // A recorder writes no length: the end tells it.
    const ended = new Promise((done) => video.addEventListener('ended', done));
    video.playbackRate = 4;
    await video.play();
    await ended;
    return { seconds: video.currentTime, width: video.videoWidth, height: video.videoHeight };
  }, Array.from(content));
  expect(seen).toMatchObject({ width: 1280, height: 720 });
  // The recorder's clock is the machine's.
  expect(seen.seconds).toBeGreaterThan(0.8 * told);
});

test('a film can be cancelled, and a stretch that is none is refused', async ({ page }) => {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('combobox', { name: 'File' }).selectOption('webm');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled. Nothing was saved.')).toBeVisible();
  await page.getByRole('spinbutton', { name: 'To, in seconds' }).fill('1');
  await page.getByRole('spinbutton', { name: 'From, in seconds' }).fill('3');
  await save.click();
  await expect(page.getByText('The stretch must end after it begins')).toBeVisible();
  await page.getByRole('spinbutton', { name: 'From, in seconds' }).fill('0');
  await page.getByRole('spinbutton', { name: 'To, in seconds' }).fill('60');
  await save.click();
  await expect(page.getByText('at most 60\u00a0s to watch')).toBeVisible();
});

test('the page that was saved plays with the network off', async ({ page, browser }) => {
  const digest = await new Lab(page).digest();
  const { name, content } = await saved(page, 'page');
  const path = test.info().outputPath(name);
  await writeFile(path, content);
  const context = await browser.newContext({ offline: true });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).protocol));
  const alone = await context.newPage();
  const errors: string[] = [];
  alone.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await alone.goto(pathToFileURL(path).href);
  await expect.poll(() => inkShare(alone.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
  await expect(alone).toHaveTitle('Charged twice');
  expect(await embedDigest(alone.locator('sf-embed'))).toBe(digest);
  await alone.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(alone.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  expect(await alone.getByRole('link').getAttribute('href')).toContain('http://127.0.0.1');
  expect(errors).toEqual([]);
  expect(asked.filter((protocol) => protocol !== 'file:' && protocol !== 'data:')).toEqual([]);
  await context.close();
});

test('what was saved opens the same run again', async ({ page }) => {
  for (const form of ['scenario', 'trace']) {
    const { name, content } = await saved(page, form);
    const digest = await new Lab(page).digest();
    await page.goto('index.html#history');
    await page.getByLabel('Choose a file').setInputFiles({ name, mimeType: '', buffer: content });
    await expect(page.locator('sf-transport')).toBeVisible();
    const again = () => new Lab(page).digest();
    await expect.poll(again).toBe(digest);
  }
});

test.describe('without a network', () => {
  test.use({ provoked: /Failed to load resource/ });

  test('a sentence says that a part cannot be loaded', async ({ page }) => {
    await page.route('**/offline.html', (route) => route.abort());
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('combobox', { name: 'File' }).selectOption('page');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const said = 'The file could not be made. A part of Slowfire could not be loaded.';
    await expect(page.getByText(said)).toBeVisible();
  });
});
