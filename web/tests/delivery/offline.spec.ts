/** What is kept for when there is no network, and what becomes of it when a new version is published. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { BROKEN, Lab, expect, test } from '../lab.ts';
import { DIST, StaticHost } from './static-host.ts';

test.use({
  serviceWorkers: 'allow',
  // A page whose network is gone says so.
  provoked: /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/,
});

let host: StaticHost;
let address: string;
let folder: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slowfire-'));
  host = new StaticHost(DIST);
  address = await host.start();
});

test.afterEach(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

/** Opens a run, and waits until the page is kept. */
async function visit(page: Page): Promise<Lab> {
  await page.goto(`${address}${BROKEN}`);
  await expect.poll(() => keptIn(page)).toContain('sf-app-');
  await expect.poll(() => keptIn(page)).toContain('lab-double-charge-');
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  return new Lab(page);
}

/** The names of the assets that are kept. */
function keptIn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const names: string[] = [];
    for (const key of await caches.keys()) {
      for (const { url } of await (await caches.open(key)).keys()) names.push(new URL(url).pathname);
    }
    return names.join(' ');
  });
}

/** The start page, as hosts of apps of one page answer whatever is missing. */
const startPage = () => readFileSync(`${DIST}index.html`);

/** The script that a page began with. */
const scriptOf = (page: Page) => page.locator('head script').getAttribute('src');

/** The next version: the page's own script and one that it loads on demand have changed, and the old files are gone. */
function nextVersion(): string {
  cpSync(DIST, folder, { recursive: true });
  const assets = readdirSync(join(folder, 'assets'));
  const changed = assets.filter((name) => /^(?:index|sf-share)-.*\.js$/.test(name));
  const next = (name: string) => name.replace(/-.{8}\.js$/, '-NEXTNEXT.js');
  for (const name of changed) renameSync(join(folder, 'assets', name), join(folder, 'assets', next(name)));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|html)$/.test(file)) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const renamed = changed.reduce((all, name) => all.replaceAll(name, next(name)), text);
    if (renamed !== text) writeFileSync(join(folder, file), renamed);
  }
  return folder;
}

async function shares(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Share this run' })).toBeVisible();
}

test('after the first visit a lab is there without a network', async ({ page }) => {
  const lab = await visit(page);
  await expect(lab.play.or(lab.pause)).toBeVisible();
  await host.stop();
  await page.reload();
  await expect(lab.play.or(lab.pause)).toBeVisible();
  await expect.poll(() => lab.drawn()).toBeGreaterThan(0.005);
  await shares(page);
});

test('a tab goes on with its own version while the next one is published', async ({ page, context }) => {
  await visit(page);
  const old = await scriptOf(page);
  host.folder = nextVersion();
  await shares(page);
  const other = await context.newPage();
  await other.goto(`${address}${BROKEN}`);
  expect(await scriptOf(other)).not.toBe(old);
  await shares(other);
  expect(await scriptOf(page)).toBe(old);
  await other.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  // That is over when the installation begins.
  const isWaiting = () =>
    other.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  await expect.poll(isWaiting).toBe(true);
  await page.close();
  await other.close();
  // Nobody has the old version any more.
  const later = await context.newPage();
  // A visit that begins before the browser has noticed that still has the old one.
  const keptLater = async () => {
    await later.goto(address);
    const kept = await keptIn(later);
    await later.goto('about:blank');
    return kept;
  };
  await expect.poll(keptLater).not.toContain(old?.replace('./assets/', '') ?? '');
  expect(await keptLater()).toContain('sf-share-NEXTNEXT.js');
});

test('a page that stands for a missing asset is not kept as one', async ({ page }) => {
  await visit(page);
  host.answers = (path, response) => {
    if (!path.includes('/assets/gone')) return false;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(startPage());
    return true;
  };
  const types = await page.evaluate(async () => {
    const ask = async (name: string) => (await fetch(`assets/${name}`)).headers.get('content-type');
    return [await ask('gone-12345678.js'), await ask('gone-12345678.wasm')];
  });
  expect(types).toEqual(Array.from({ length: 2 }, () => 'text/html; charset=utf-8'));
  await page.reload();
  expect(await keptIn(page)).not.toContain('gone');
});

for (const [answer, status] of [
  ['no page', 404],
  ['the start page', 200],
] as const) {
  test(`a version of which a script is missing (the host has ${answer}) leaves the one before in service`, async ({
    page,
  }) => {
    const lab = await visit(page);
    const old = await scriptOf(page);
    host.folder = nextVersion();
    let isAsked = false;
    host.answers = (path, response) => {
      if (!path.includes('/assets/index-NEXTNEXT.js')) return false;
      isAsked = true;
      response.writeHead(status, { 'content-type': 'text/html' }).end(startPage());
      return true;
    };
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect.poll(() => isAsked).toBe(true);
    const others = () =>
      page.evaluate(async () => {
        const { installing, waiting } = (await navigator.serviceWorker.getRegistration()) ?? {};
        return Boolean(installing ?? waiting);
      });
    await expect.poll(others).toBe(false);
    await host.stop();
    await page.reload();
    await expect(lab.play.or(lab.pause)).toBeVisible();
    expect(await scriptOf(page)).toBe(old);
  });
}

test('a page that a host lets browsers keep for minutes is asked for anew', async ({ page }) => {
  host.answers = (path, response) => {
    if (!path.startsWith('/assets/')) response.setHeader('cache-control', 'max-age=600');
    return false;
  };
  await visit(page);
  // From here on the service worker asks, who may find the page in what the browser keeps.
  await page.reload();
  const old = await scriptOf(page);
  host.folder = nextVersion();
  await page.goto('about:blank');
  await page.goto(`${address}${BROKEN}`);
  expect(await scriptOf(page)).not.toBe(old);
  await shares(page);
});

test('another version in a folder below is left alone', async ({ page, context }) => {
  await visit(page);
  cpSync(DIST, join(folder, '1.2'), { recursive: true });
  cpSync(DIST, folder, { recursive: true });
  host.folder = folder;
  const pinned = await context.newPage();
  await pinned.goto(`${address}1.2/${BROKEN}`);
  await expect(pinned.locator('sf-world canvas')).toBeVisible();
  const scopes = () =>
    pinned.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname).sort(),
    );
  await expect.poll(scopes).toEqual(['/', '/1.2/']);
  const caches = () => pinned.evaluate(async () => (await window.caches.keys()).sort());
  await expect.poll(caches).toEqual([`slowfire:${address}`, `slowfire:${address}1.2/`]);
  await expect.poll(() => keptIn(pinned)).toMatch(/ \/1\.2\/assets\/lab-double-charge-/);
  await host.stop();
  // Each of them has its own page, and all that it takes.
  for (const folderOf of ['1.2/', '']) {
    await pinned.goto('about:blank');
    await pinned.goto(`${address}${folderOf}${BROKEN}`);
    await expect(pinned.locator('sf-world canvas')).toBeVisible();
    expect(new URL(pinned.url()).pathname).toBe(`/${folderOf}`);
  }
});
