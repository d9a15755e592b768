/** `embed.html` in a page of another origin: its height, and what the two tell each other. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../lab.ts';
import { isShown, SHOWN } from './host.ts';

let server: Server;
let address: string;
let post = '';
let policy = '';

test.beforeAll(async () => {
  server = createServer((_, response) => {
    if (policy !== '') response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', 'text/html; charset=utf-8').end(post);
  });
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  address = `http://localhost:${(server.address() as AddressInfo).port}/`;
});

test.afterAll(() => {
  server.close();
});

interface Message {
  slowfire: number;
  kind: string;
  [field: string]: unknown;
}

/** Keeps what the page hears. */
const KEEP = "var told = []; addEventListener('message', ({ data }) => told.push(data));";
const OWN_SCRIPT = createHash('sha256').update(KEEP).digest('base64');

/** Opens a page with a frame, which keeps what the frame tells. */
async function openFrame(page: Page, base: string | undefined, frame: string, head = ''): Promise<void> {
  post = `<!doctype html><html lang="en"><head><title>A post</title><link rel="icon" href="data:," />
    <script>${KEEP}</script>${head}</head>
    <body style="margin: 0"><iframe title="A figure" width="700" height="300" ${frame.replace('BASE', base ?? '')}></iframe></body></html>`;
  await page.goto(address);
  await expect.poll(() => told(page, 'ready')).toHaveLength(1);
}

const told = (page: Page, kind: string) =>
  page.evaluate(
    (wanted) => (globalThis as unknown as { told: Message[] }).told.filter((each) => each.kind === wanted),
    kind,
  );

const tell = (page: Page, data: object) =>
  page.evaluate((sent) => {
    document.querySelector('iframe')?.contentWindow?.postMessage(sent, '*');
  }, data);

test('a frame takes the height that it asks for', async ({ page, baseURL }) => {
  const script = `<script type="module" src="${baseURL ?? ''}frames.js"></script>`;
  await openFrame(page, baseURL, `src="BASEembed.html${SHOWN}"`, script);
  const frame = page.locator('iframe');
  const height = () => frame.evaluate(({ clientHeight }) => clientHeight);
  await expect.poll(height).toBeGreaterThan(420);
  const wide = await height();
  expect((await told(page, 'resize')).at(-1)?.height).toBe(wide);
  await frame.evaluate((element) => element.setAttribute('width', '320'));
  await expect.poll(height).not.toBe(wide);
  // It settles.
  const heights = await page.evaluate(async () => {
    const seen = new Set<number>();
    for (let frames = 0; frames < 30; frames += 1) {
      await new Promise(requestAnimationFrame);
      if (frames > 15) seen.add(document.querySelector('iframe')?.clientHeight ?? 0);
    }
    return seen.size;
  });
  expect(heights).toBe(1);
});

test('the frame of a lab tells the address on the full page', async ({ page, baseURL }) => {
  await openFrame(page, baseURL, 'src="BASEembed/double-charge.html"');
  expect((await told(page, 'ready'))[0]?.link).toMatch(`${baseURL ?? ''}#/double-charge`);
});

test('a frame plays, pauses, seeks and opens as its page tells it', async ({ page, baseURL }) => {
  await openFrame(page, baseURL, `src="BASEembed.html?controls=play#/double-charge?rev=2&seed=11"`);
  const last = async () => (await told(page, 'state')).at(-1);
  await tell(page, { slowfire: 1, kind: 'play' });
  await expect.poll(async () => (await last())?.playing).toBe(true);
  await tell(page, { slowfire: 1, kind: 'pause' });
  await expect.poll(async () => (await last())?.playing).toBe(false);
  await tell(page, { slowfire: 1, kind: 'seek', moment: '20s' });
  await expect.poll(async () => (await last())?.timeMs).toBe(20_000);
  await expect.poll(async () => (await told(page, 'violation')).length).toBeGreaterThan(0);
  await tell(page, { slowfire: 1, kind: 'seek', moment: 'soon' });
  await expect.poll(async () => (await told(page, 'error'))[0]?.message).toContain('soon');
  await tell(page, { slowfire: 1, kind: 'open', link: 'https://example.org/#/two-clocks' });
  await expect.poll(async () => (await last())?.timeMs).toBe(0);
  await expect(page.frameLocator('iframe').locator('sf-embed')).toContainText('');
});

test('messages of another version, shape or sender are left alone', async ({ page, baseURL }) => {
  await openFrame(page, baseURL, `src="BASEembed.html${SHOWN}"`);
  for (const data of [
    { slowfire: 2, kind: 'seek', moment: 0 },
    { kind: 'seek', moment: 0 },
    { slowfire: 1, kind: 'seek', moment: { ms: 0 } },
    { slowfire: 1, kind: 'open', link: 3 },
    { slowfire: 1, kind: 'constructor' },
  ]) {
    await tell(page, data);
  }
  const frame = page.frames()[1];
  // From the frame itself.
  await frame?.evaluate(() => window.postMessage({ slowfire: 1, kind: 'seek', moment: 0 }, '*'));
  await tell(page, { slowfire: 1, kind: 'seek', moment: 7000 });
  await expect.poll(async () => (await told(page, 'state')).at(-1)?.timeMs).toBe(7000);
  expect((await told(page, 'state')).map(({ timeMs }) => timeMs)).not.toContain(0);
});

test('a frame in a sandbox with scripts alone runs', async ({ page, baseURL }) => {
  await openFrame(
    page,
    baseURL,
    `sandbox="allow-scripts" src="BASEembed.html?theme=dark&t=6s#/double-charge"`,
  );
  await expect(
    page.frameLocator('iframe').getByRole('button', { name: 'Play', exact: true }),
  ).toBeVisible();
  await expect(page.frameLocator('iframe').locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('an element works from another origin, in a page with a strict policy', async ({ page, baseURL }) => {
  const base = baseURL ?? '';
  policy = [
    "default-src 'none'",
    `script-src ${base} 'wasm-unsafe-eval'`,
    `connect-src ${base}`,
    `img-src ${base} data:`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  post = `<!doctype html><html lang="en"><head><title>A post</title><link rel="icon" href="data:," />
    <script type="module" src="${base}slow-fire.js"></script></head>
    <body><slow-fire src="${SHOWN}"></slow-fire></body></html>`;
  await page.goto(address);
  policy = '';
  const figure = page.locator('slow-fire');
  await isShown(figure);
  await figure.getByRole('switch').first().click();
  await figure.getByRole('slider', { name: 'Time' }).press('End');
  await expect(figure.locator('sf-worst li').first()).toHaveAttribute('data-state', /holds|violated/);
});

test('frames work in a page with a strict policy', async ({ page, baseURL }) => {
  const base = baseURL ?? '';
  const script = `<script type="module" src="${base}frames.js"></script>`;
  // The test's page has a script, a style and an icon of its own.
  const own = `'sha256-${OWN_SCRIPT}'; style-src 'unsafe-inline'; img-src data:`;
  policy = `default-src 'none'; frame-src ${base}; script-src ${base} ${own}`;
  await openFrame(page, baseURL, `src="BASEembed.html${SHOWN}"`, script);
  policy = '';
  const frame = page.locator('iframe');
  await expect.poll(() => frame.evaluate(({ clientHeight }) => clientHeight)).toBeGreaterThan(420);
});

test.describe('until it is seen', () => {
  test('a frame costs 8 KB and no simulator', async ({ page, baseURL }) => {
    const files = new Set<string>();
    page.on('request', (request) => files.add(request.url()));
    for (const path of [`embed.html${SHOWN}`, 'embed/double-charge.html']) {
      files.clear();
      post = `<!doctype html><title>A post</title><link rel="icon" href="data:," /><div style="height: 9000px"></div>
        <iframe title="A figure" src="${baseURL ?? ''}${path}" width="640" height="420"></iframe>`;
      await page.goto(address);
      await page.frameLocator('iframe').locator('button.poster').waitFor({ state: 'attached' });
      // Its picture comes at the latest when it is near: it counts.
      files.add(`${baseURL ?? ''}posters/double-charge.svg`);
      const ours = [...files].filter((file) => file.startsWith(baseURL ?? '-'));
      expect(ours.filter((file) => /wasm|figure/.test(file))).toEqual([]);
      const sizes = await Promise.all(
        ours.map(async (file) => brotliCompressSync(await (await fetch(file)).arrayBuffer()).length),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8000);
    }
  });

  test('a frame that waits for its reader shows its lab, and plays when it is asked to', async ({
    page,
  }) => {
    await page.goto(`embed/double-charge.html?reveal=interaction`);
    const button = page.getByRole('button', { name: 'Play this figure' });
    const picture = button.locator('img');
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await button.click();
    await isShown(page.locator('sf-embed'));
    await expect(page.getByRole('heading')).toHaveText('The receipt never came. Do I pay again?');
    const full = page.getByRole('link', { name: /Slowfire/ });
    expect(new URL((await full.getAttribute('href')) ?? '').pathname).toBe('/');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the frame of any link says in view what it needs, and where Slowfire is', async ({
    page,
    baseURL,
  }) => {
    await page.setViewportSize({ width: 320, height: 240 });
    await page.goto(`embed.html${SHOWN}`);
    const link = page.getByRole('link', { name: 'Slowfire' });
    await expect(link).toBeInViewport({ ratio: 1 });
    expect(await link.evaluate(({ href }: HTMLAnchorElement) => href)).toBe(baseURL);
    const sentence = page.locator('noscript p');
    await expect(sentence).toContainText('needs JavaScript');
    await expect(sentence).toBeInViewport({ ratio: 1 });
    await expect(page.locator('.waiting')).toBeHidden();
  });

  test('the frame of a lab keeps its picture, which links to the lab', async ({ page, baseURL }) => {
    await page.goto('embed/double-charge.html');
    const link = page.getByRole('link', { name: 'Charged twice' });
    await expect(link.locator('img')).toBeVisible();
    expect(await link.evaluate(({ href }: HTMLAnchorElement) => href)).toBe(
      `${baseURL ?? ''}#/double-charge`,
    );
  });
});
