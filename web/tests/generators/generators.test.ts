/** A figure in pages that other people's tools make, each built with the real tool: mdBook, Eleventy, Docusaurus, and a deck of reveal.js. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import type { SlowFire } from '../../src/slow-fire.ts';
import { StaticHost } from '../delivery/static-host.ts';
import { isShown } from '../embed/host.ts';
import { expect, test } from '../lab.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MDBOOK = process.env.SLOWFIRE_MDBOOK ?? 'mdbook';

/** How each tool makes its pages: the command, in the folder of its sources, and what it is given for the folder to write to. */
const TOOLS = {
  mdbook: { command: MDBOOK, given: (out: string) => ['build', '--dest-dir', out], page: 'run.html' },
  eleventy: {
    command: join(HERE, 'node_modules/.bin/eleventy'),
    given: (out: string) => ['--quiet', `--output=${out}`],
    page: '',
  },
  docusaurus: {
    command: join(HERE, 'docusaurus/node_modules/.bin/docusaurus'),
    given: (out: string) => ['build', '--out-dir', out],
    page: '',
  },
} as const;

let out: string;
let host: StaticHost;

test.beforeEach(async ({ page, baseURL }) => {
  out = mkdtempSync(join(tmpdir(), 'slowfire-pages-'));
  host = new StaticHost(out);
  await page.route('https://your.host/slowfire/**', async (route) => {
    const address = route
      .request()
      .url()
      .replace('https://your.host/slowfire/', baseURL ?? '');
    await route.fulfill({ response: await route.fetch({ url: address }) });
  });
});

test.afterEach(async () => {
  await host.stop();
  rmSync(out, { recursive: true });
});

for (const [name, { command, given, page: path }] of Object.entries(TOOLS)) {
  test(`a page of ${name} shows a figure as an element and in a frame`, async ({ page }) => {
    execFileSync(command, given(out), { cwd: join(HERE, name), stdio: 'pipe' });
    await page.goto((await host.start()) + path);
    const figure = page.locator('slow-fire');
    await isShown(figure);
    await figure.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(figure.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
    await page.locator('iframe').scrollIntoViewIfNeeded();
    await isShown(page.frameLocator('iframe').locator('sf-embed'));
    await expect(page.getByText('That was a run.')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
  });
}

test('a figure in a deck loads on its slide, and stops when the slide goes', async ({ page }) => {
  cpSync(join(HERE, 'deck'), out, { recursive: true });
  cpSync(join(HERE, 'node_modules/reveal.js/dist'), join(out, 'reveal'), { recursive: true });
  let loaded = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) loaded += 1;
  });
  await page.goto(await host.start());
  const figure = page.locator('slow-fire');
  await expect(page.getByRole('heading', { name: 'First' })).toBeVisible();
  await turn(page, 'ArrowRight');
  expect(await figure.evaluate((element: SlowFire) => element.session === undefined)).toBe(true);
  expect(loaded).toBe(0);
  await turn(page, 'ArrowRight');
  await isShown(figure);
  await expect.poll(() => isPlaying(figure)).toBe(true);
  // The deck keeps its keys.
  await turn(page, 'ArrowRight');
  await expect(page.getByRole('heading', { name: 'Last' })).toBeVisible();
  await expect.poll(() => isPlaying(figure)).toBe(false);
});

const isPlaying = (figure: Locator) => figure.evaluate((element: SlowFire) => element.playing);

/** Turns the page, and waits until it lies. */
async function turn(page: Page, key: string): Promise<void> {
  const place = () =>
    page.evaluate(() => window.location.hash + String(document.querySelectorAll('.past').length));
  const before = await place();
  await page.keyboard.press(key);
  await expect.poll(place).not.toBe(before);
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}
