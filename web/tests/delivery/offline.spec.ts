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
});
