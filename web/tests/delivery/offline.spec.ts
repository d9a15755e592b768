/** What is kept for when there is no network, and what becomes of it when a new version is published. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
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

/** As the next version names a script. */
const next = (name: string) => name.replace(/.{4}\.js$/, 'NEXT.js');

/** The next version: all scripts have changed, and the old files are gone. */
function nextVersion(): string {
  cpSync(DIST, folder, { recursive: true });
  const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'));
  for (const name of scripts) renameSync(join(folder, 'assets', name), join(folder, 'assets', next(name)));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|html)$/.test(file)) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const renamed = scripts.reduce((all, name) => all.replaceAll(name, next(name)), text);
    if (renamed !== text) writeFileSync(join(folder, file), renamed);
  }
  return folder;
}

/** The next version has all modules under other names as well. */
function gone(path: string, response: ServerResponse): boolean {
  if (!path.endsWith('.wasm')) return false;
  response.writeHead(404).end();
  return true;
}

/** Has the page's browser install the newer version; it waits until nobody has the older one. */
async function update(page: Page): Promise<void> {
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  // That is over when the installation begins.
  const isWaiting = () =>
    page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  await expect.poll(isWaiting).toBe(true);
}

/** What is kept at a later visit, which ends. One that begins before the browser has noticed that nobody has the older version still has that. */
async function keptAfter(page: Page): Promise<string> {
  await page.goto(address);
  const kept = await keptIn(page);
  await page.goto('about:blank');
  return kept;
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

/** What of the build is kept for readers who have not asked for it: all assets, and the pages to read with what they take. */
const WHOLE = [
  ...readdirSync(`${DIST}assets`)
    .filter((name) => !/\.(?:br|gz)$/.test(name))
    .map((name) => `/assets/${name}`),
  '/docs/',
  '/docs/links/',
  '/docs/embed/',
  '/slow-fire.js',
  '/posters/double-charge.svg',
];

/** Which of them are not kept. */
async function missingOf(page: Page): Promise<string[]> {
  const kept = new Set((await keptIn(page)).split(' '));
  return WHOLE.filter((path) => !kept.has(path));
}

test('after the first visit every lab and every page is there without a network', async ({ page }) => {
  await visit(page);
  await expect.poll(() => missingOf(page)).toEqual([]);
  await host.stop();
  await page.goto(`${address}docs/links/`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto(`${address}docs/embed/`);
  const figure = page.locator('slow-fire');
  const picture = figure.locator('> a img');
  expect(await picture.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth)).toBeGreaterThan(0);
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator('sf-stage canvas').first()).toBeVisible();
  await page.goto(`${address}#/raft`);
  await expect(page.locator('sf-world canvas')).toBeVisible();
  await page.goto(`${address}#/`);
  await expect(page.locator('sf-poster').first()).toBeVisible();
});

test('a page that does not come keeps no other away', async ({ page }) => {
  host.answers = (path, response) => {
    if (path !== '/docs/cite/') return false;
    response.writeHead(503).end();
    return true;
  };
  await visit(page);
  await expect.poll(() => missingOf(page)).toEqual([]);
  expect(await keptIn(page)).not.toContain('/docs/cite/');
});

test('a page to read that nobody opens is kept as the newest version has it', async ({ page, context }) => {
  await visit(page);
  await expect.poll(() => missingOf(page)).toEqual([]);
  cpSync(DIST, folder, { recursive: true });
  writeFileSync(join(folder, 'docs/links/index.html'), '<h1>As it is now</h1>');
  // As the build says that only this has changed: see `tests/node/service-worker.test.mjs`.
  writeFileSync(join(folder, 'service-worker.js'), '// another\n', { flag: 'a' });
  host.folder = folder;
  await update(page);
  await page.close();
  const later = await context.newPage();
  const text = async () => {
    await later.goto('about:blank');
    await later.goto(`${address}${BROKEN}`);
    return later.evaluate(async () => (await caches.match('docs/links/'))?.text());
  };
  await expect.poll(text).toContain('As it is now');
});

for (const isSaving of [false, true]) {
  test(`a device that ${isSaving ? 'saves data keeps nothing' : 'does not save data keeps the page'}`, async ({
    page,
  }) => {
    await page.addInitScript((saveData) => {
      Object.defineProperty(navigator, 'connection', { value: { saveData } });
      // What waits until the page is idle is done at once.
      window.requestIdleCallback = (work) =>
        window.setTimeout(() => work({ didTimeout: false, timeRemaining: () => 50 }));
      navigator.serviceWorker.register = () => {
        Object.assign(globalThis, { isRegistered: true });
        return Promise.reject(new Error('none'));
      };
    }, isSaving);
    await page.goto(`${address}${BROKEN}`);
    const isRegistered = await page.evaluate(async () => {
      await new Promise((done) => setTimeout(done));
      return 'isRegistered' in globalThis;
    });
    expect(isRegistered).toBe(!isSaving);
  });
}

test('a tab that was never told of a lab opens it after the next version is published', async ({
  page,
}) => {
  await visit(page);
  await expect.poll(() => missingOf(page)).toEqual([]);
  host.folder = nextVersion();
  host.answers = gone;
  await page.evaluate(() => {
    window.location.hash = '#/raft';
  });
  await expect(page.locator('sf-lab-header')).toContainText('Raft');
});

test.describe('a tab of which nothing is kept', () => {
  test.use({ serviceWorkers: 'block' });

  test('says that a newer version is there, and loads that at the same link', async ({ page }) => {
    await page.goto(`${address}${BROKEN}`);
    await expect(page.locator('sf-world canvas')).toBeVisible();
    const old = await scriptOf(page);
    host.folder = nextVersion();
    host.answers = gone;
    await page.evaluate(() => {
      window.location.hash = '#/raft?seed=3';
    });
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('A newer version of Slowfire has been published');
    host.answers = () => false;
    await alert.getByRole('button', { name: 'Load the newer version' }).click();
    await expect(page.locator('sf-lab-header')).toContainText('Raft');
    expect(new URL(page.url()).hash).toContain('#/raft?');
    expect(page.url()).toContain('seed=3');
    expect(await scriptOf(page)).not.toBe(old);
  });

  test('says so on the start page, and of what is loaded when it is asked for', async ({ page }) => {
    await page.goto(`${address}${BROKEN}`);
    await expect(page.locator('sf-world canvas')).toBeVisible();
    host.folder = nextVersion();
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('A newer version of Slowfire has been published');
    host.answers = gone;
    await page.evaluate(() => {
      window.location.hash = '#/';
    });
    await expect(page.getByRole('alert')).toContainText('A newer version of Slowfire has been published');
    host.answers = () => false;
    await page.getByRole('button', { name: 'Load the newer version' }).click();
    await expect(page.locator('sf-poster').first()).toBeVisible();
  });

  test('speaks of the connection, too, where the host never says which version it has', async ({
    page,
  }) => {
    await page.goto(`${address}${BROKEN}`);
    await expect(page.locator('sf-world canvas')).toBeVisible();
    host.answers = (path, response) => path === '/' || gone(path, response);
    await page.evaluate(() => {
      window.location.hash = '#/raft';
    });
    await expect(page.getByRole('alert')).toContainText('Check your connection');
  });

  test('says of what is loaded when it is asked for that there is no connection, and tries again', async ({
    page,
  }) => {
    await page.goto(`${address}${BROKEN}`);
    await expect(page.locator('sf-world canvas')).toBeVisible();
    await page.route('**/sf-share-*.js', (route) => route.abort());
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('Check your connection');
    await expect(alert.getByRole('button', { name: 'Try again' })).toHaveCount(0);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await expect(alert).toHaveCount(0);
    await page.unroute('**/sf-share-*.js');
    await shares(page);
  });

  test('speaks of the connection where there is none', async ({ page }) => {
    await page.goto(`${address}${BROKEN}`);
    await expect(page.locator('sf-world canvas')).toBeVisible();
    await host.stop();
    await page.evaluate(() => {
      window.location.hash = '#/raft';
    });
    await expect(page.getByRole('alert')).toContainText('Check your connection');
  });
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
  await update(other);
  await page.close();
  await other.close();
  // Nobody has the old version any more.
  const later = await context.newPage();
  await expect.poll(() => keptAfter(later)).not.toContain(old?.replace('./assets/', '') ?? '');
  expect(await keptAfter(later)).toMatch(/sf-share-.{4}NEXT\.js/);
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
      if (!/\/assets\/sf-share-.{4}NEXT\.js/.test(path)) return false;
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
    // Who visits meanwhile has the newer page, which the network brings.
    await page.reload();
    expect(await scriptOf(page)).not.toBe(old);
    await host.stop();
    await page.reload();
    await expect(lab.play.or(lab.pause)).toBeVisible();
    expect(await scriptOf(page)).toBe(old);
    await shares(page);
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

test('what is not of the build goes past, whatever its address asks', async ({ page }) => {
  host.answers = (path, response) => {
    const isOther = /^\/(?:api\/who|history\.edn|assets\/other\.json)$/.test(path);
    if (isOther) response.writeHead(200, { 'content-type': 'text/plain' }).end('one');
    return isOther;
  };
  await visit(page);
  const others = ['api/who', 'history.edn', 'assets/other.json'];
  const answers = (query: string) =>
    page.evaluate(
      (addresses) =>
        Promise.all(
          addresses.map((address) =>
            fetch(address).then(
              (response) => response.text(),
              () => 'none',
            ),
          ),
        ),
      others.map((path) => `${path}?${query}`),
    );
  expect(await answers('user=1')).toEqual(['one', 'one', 'one']);
  await host.stop();
  expect(await answers('user=2')).toEqual(['none', 'none', 'none']);
  expect(await keptIn(page)).not.toMatch(/api|edn|other/);
});

test('a page that an older version has left goes with its assets', async ({ page, context }) => {
  await visit(page);
  const lab = await context.newPage();
  await lab.goto(`${address}lab/double-charge/`);
  await expect.poll(() => keptIn(page)).toContain(' /lab/double-charge/');
  await lab.close();
  host.folder = nextVersion();
  await update(page);
  await page.close();
  const later = await context.newPage();
  await expect.poll(() => keptAfter(later)).not.toMatch(/(?<!NEXT)\.js/);
  expect(await keptAfter(later)).not.toContain('/lab/double-charge/');
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
