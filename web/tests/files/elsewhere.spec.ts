/** Links that name a file on somebody's host: `#url=` and `#gist=`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../lab.ts';
import { STALE, choose, heading, pick, status } from './opened.ts';

const HOST = 'https://files.example';
const SCENARIO = {
  version: 1,
  protocol: 'payments',
  nodes: [
    { name: 'bank', role: 'bank' },
    { name: 'ann', role: 'client' },
  ],
};
/** A trace whose link would lead to another file, and so on. */
const TRACE = `${JSON.stringify({ slowfire: 'trace', version: 1, link: `#url=${HOST}/lab.json` })}\n`;
/** Too large for a link, whatever packs it. */
const LARGE = Array.from({ length: 4000 }, (_, at) => {
  const value = Math.imul(at + 1, 0x9e3779b1) >>> 0;
  return `{:process 0 :type :invoke :f :write :value ${value}}\n{:process 0 :type :ok :f :write :value ${value}}\n`;
}).join('');

/** What stands on somebody's host. */
const FILES: Readonly<Record<string, string>> = {
  '/stale.edn': STALE,
  '/large.edn': LARGE,
  '/lab.json': JSON.stringify(SCENARIO),
  '/trace.jsonl': TRACE,
  '/plain.txt': 'Dear reader, this is a letter.\n',
  [`/${'n'.repeat(200)}.toml`]: 'id = "x"\n',
};
const OPEN = { 'access-control-allow-origin': '*' };
/** Playwright opens what says nothing of that. */
const CLOSED = { 'access-control-allow-origin': 'https://other.example' };
const GIST = 'https://api.github.com/gists/0123456789abcdef';
const RAW = 'https://gist.githubusercontent.com/somebody/0123456789abcdef/raw';

test.use({ provoked: /Failed to load resource|CORS policy|ERR_FAILED|ERR_UNSAFE_REDIRECT|redirect/ });

const fetchIt = (page: Page) => page.getByRole('button', { name: /^Fetch it from/ }).click();

/** Opens a link as if nothing had been open before. */
async function follow(page: Page, named: string, home = '') {
  await page.goto('about:blank');
  await page.goto(`${home}index.html#${named}`);
}

/** What of somebody's host is asked for. */
let asked: string[];

test.beforeEach(async ({ page }) => {
  asked = [];
  await page.route(`${HOST}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    if (pathname === '/silent.edn') return;
    if (pathname === '/busy.edn') return route.fulfill({ status: 503, headers: OPEN });
    if (pathname === '/closed.edn') return route.fulfill({ body: STALE, headers: CLOSED });
    const body = FILES[pathname];
    await route.fulfill(body === undefined ? { status: 404, headers: OPEN } : { body, headers: OPEN });
  });
});

test('a link to a history, or to a scenario, opens it once the reader says so', async ({ page }) => {
  await follow(page, `url=${HOST}/stale.edn`);
  await expect(status(page)).toHaveText(
    'This link asks for a file from files.example, and wherever that leads. Nothing has been fetched yet.',
  );
  expect(asked).toEqual([]);
  await fetchIt(page);
  await expect(heading(page)).toHaveText('Not linearizable');
  await follow(page, `url=${encodeURIComponent(`${HOST}/lab.json`)}`);
  await fetchIt(page);
  await expect(page.locator('sf-world canvas')).toBeVisible();
});

test('a link that names nothing offers nothing', async ({ page }) => {
  for (const [named, said] of [
    ['url=http://example.org/a.edn', /“http:\/\/example\.org\/a\.edn” is not an address .*https:/],
    ['url=javascript:alert(1)', /must begin with https/],
    ['url=blob:http://127.0.0.1/1', /must begin with https/],
    ['gist=what', /“what” is not the id of a gist/],
  ] as const) {
    await follow(page, named);
    await expect(status(page), named).toHaveText(said);
    await expect(page.getByRole('button', { name: /fetch|again/i }), named).toHaveCount(0);
  }
});

test('what fails is told with its address, and what to do', async ({ page }) => {
  for (const [path, said, mayPass] of [
    [
      '/closed.edn',
      /does not allow other pages to read this file.* Download the file and open it here\.$/,
      true,
    ],
    ['/busy.edn', /could not be fetched: its host answered 503\. Try again later/, true],
    ['/missing.edn', /is not there: its host answered 404\. Check the link\.$/, false],
  ] as const) {
    await follow(page, `url=${HOST}${path}`);
    await fetchIt(page);
    await expect(status(page)).toHaveText(said);
    await expect(status(page)).toContainText(HOST + path);
    const again = page.getByRole('button', { name: 'Try again' });
    await expect(again).toHaveCount(mayPass ? 1 : 0);
    if (!mayPass) continue;
    await again.click();
    await expect(status(page)).toHaveText(said);
    expect(asked.filter((one) => one === path)).toHaveLength(2);
  }
});

test('a fetch may be stopped, and begun again', async ({ page }) => {
  await follow(page, `url=${HOST}/silent.edn`);
  await fetchIt(page);
  await expect(status(page)).toHaveText('Fetching the file…');
  await expect(page.getByRole('button', { name: /again|Fetch it/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(status(page)).toHaveText('Stopped. Nothing was opened.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(status(page)).toHaveText('Fetching the file…');
  await expect.poll(() => asked).toEqual(['/silent.edn', '/silent.edn']);
});

test('a host that sends nothing is given up', async ({ page }) => {
  await page.clock.install();
  await follow(page, `url=${HOST}/silent.edn`);
  await fetchIt(page);
  await expect(status(page)).toHaveText('Fetching the file…');
  await page.clock.fastForward(31_000);
  await expect(status(page)).toContainText(`${HOST}/silent.edn sent nothing for 30 s.`);
});

test.describe('a gist', () => {
  const answer = (page: Page, body: string) =>
    page.route(GIST, (route) => route.fulfill({ headers: OPEN, body }));
  const files = (...all: [name: string, raw: string][]) =>
    JSON.stringify({
      files: Object.fromEntries(all.map(([filename, raw_url]) => [filename, { filename, raw_url }])),
    });

  test('is opened by one of its files, once both hosts are named', async ({ page }) => {
    await answer(page, files(['readme.md', `${RAW}/readme.md`], ['stale.edn', `${RAW}/stale.edn`]));
    await page.route(`${RAW}/stale.edn`, (route) => route.fulfill({ headers: OPEN, body: STALE }));
    await follow(page, 'gist=somebody/0123456789abcdef/stale.edn');
    await expect(status(page)).toContainText(
      'from api.github.com and gist.githubusercontent.com, and wherever that leads.',
    );
    await fetchIt(page);
    await expect(heading(page)).toHaveText('Not linearizable');
    await follow(page, 'gist=0123456789abcdef/other.edn');
    await fetchIt(page);
    await expect(status(page)).toHaveText('The gist has no such file. It has: readme.md, stale.edn.');
  });

  test('that is none, or that leads to another host, is not read', async ({ page }) => {
    for (const body of ['<html>', 'null', '{}', files(['stale.edn', `${HOST}/stale.edn`])]) {
      await answer(page, body);
      await follow(page, 'gist=0123456789abcdef');
      await fetchIt(page);
      await expect(status(page), body).toContainText(`${GIST} answered, but not with a gist.`);
    }
    expect(asked).toEqual([]);
  });

  test('of many files names a few', async ({ page }) => {
    const many = Array.from({ length: 30 }, (_, at) => [`${at}${'n'.repeat(200)}`, `${RAW}/a`] as const);
    await answer(page, files(...many.map(([name, raw]): [string, string] => [name, raw])));
    await follow(page, 'gist=0123456789abcdef/other.edn');
    await fetchIt(page);
    await expect(status(page)).toContainText(', and 22 more.');
    expect((await status(page).textContent())?.length).toBeLessThan(800);
  });
});

test('names without an end are cut, and what asks for consent is shown whole', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const fits = async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect((await status(page).textContent())?.length).toBeLessThan(300);
  };
  await follow(page, `url=${HOST}/${'n'.repeat(200)}.toml`);
  await fetchIt(page);
  await expect(status(page)).toContainText('The file is TOML');
  await fits();
  await follow(page, `url=${'n'.repeat(20_000)}`);
  await expect(status(page)).toContainText('is not an address');
  await fits();
  const host = `${'n'.repeat(60)}.${'n'.repeat(60)}.${'n'.repeat(60)}.example`;
  await follow(page, `url=https://${host}/a.edn`);
  await expect(page.getByRole('button', { name: `Fetch it from ${host}` })).toBeVisible();
  await fits();
});

test('a trace that names a file leads to none', async ({ page }) => {
  await follow(page, `url=${HOST}/trace.jsonl`);
  await fetchIt(page);
  await expect(heading(page)).toHaveText('This is no history that the checkers can read');
  expect(asked).toEqual(['/trace.jsonl']);
});

test('a scenario as long as one may be is opened, and a longer one is not', async ({ page }) => {
  const most = 65_536;
  const nodes = Array.from({ length: 12 }, (_, at) => ({
    name: `c${(Math.imul(at + 1, 0x9e3779b1) >>> 0).toString(36)}`,
    role: 'client',
  }));
  const text = JSON.stringify({ ...SCENARIO, nodes: [SCENARIO.nodes[0], ...nodes] }, undefined, 2);
  const long = text + ' '.repeat(most - text.length);
  await page.route(`${HOST}/long.json`, (route) => route.fulfill({ body: long, headers: OPEN }));
  await page.route(`${HOST}/longer.json`, (route) => route.fulfill({ body: `${long} `, headers: OPEN }));
  await follow(page, `url=${HOST}/longer.json`);
  await fetchIt(page);
  await expect(status(page)).toHaveText(
    'longer.json: The scenario has 66 KB, and one may have at most 65 KB.',
  );
  await follow(page, `url=${HOST}/long.json`);
  await fetchIt(page);
  await expect(page.locator('sf-world canvas')).toBeVisible();
  await expect(page).toHaveURL(/#1\./);
});

test.describe('the address bar', () => {
  test('names no file of somebody’s host while another one is shown', async ({ page }) => {
    const link = new RegExp(`#url=${HOST}/large.edn$`);
    for (const [text, name, said] of [
      ['id = "x"\n', 'lab.toml', /The file is TOML/],
      [LARGE, 'own.edn', /too large for a link/],
    ] as const) {
      await follow(page, `url=${HOST}/large.edn`);
      await fetchIt(page);
      await expect(status(page)).toContainText('too large for a link');
      await expect(page).toHaveURL(link);
      await pick(page, text, name);
      await expect(page).toHaveURL(/#history$/);
      await expect(status(page)).toHaveText(said);
      await expect(page).toHaveURL(/#history$/);
      await page.goBack();
      await expect(page).toHaveURL(link);
      await expect(status(page)).toContainText('Nothing has been fetched yet.');
    }
  });

  test('goes on naming a file that is no history', async ({ page }) => {
    await follow(page, `url=${HOST}/plain.txt`);
    await fetchIt(page);
    await expect(heading(page)).toHaveText('This is no history that the checkers can read');
    await expect(page).toHaveURL(new RegExp(`#url=${HOST}/plain.txt$`));
  });

  test('names no history while a file that is refused is shown', async ({ page }) => {
    await choose(page, STALE);
    await expect(page).toHaveURL(/#history=1\./);
    await pick(page, '\0', 'no-text.edn');
    await expect(status(page)).toContainText('The file is not text.');
    await expect(page).toHaveURL(/#history$/);
  });

  test('asks what it says, also when that was asked before', async ({ page }) => {
    await choose(page, STALE);
    await expect(page).toHaveURL(/#history=1\./);
    const link = page.url();
    await follow(page, link.split('#')[1] ?? '');
    await page.getByLabel('Must be').selectOption('sequential');
    await expect(heading(page)).toHaveText('Valid: 3 operations, sequential');
    await expect(page).not.toHaveURL(link);
    await page.evaluate((whole) => (window.location.href = whole), link);
    await expect(heading(page)).toHaveText('Not linearizable');
  });
});

test.describe('on the host of the page', () => {
  test.describe.configure({ mode: 'default' });
  /** The page's own host, with files that are slow to end. */
  let server: Server;
  let home: string;
  let isClosed: boolean;

  const STREAMS: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/moved.edn': (response) => response.writeHead(302, { location: `${HOST}/stale.edn` }).end(),
    '/half.edn': (response) => {
      response.writeHead(200, { 'content-length': 1000 }).write(STALE);
      setTimeout(() => response.destroy(), 100);
    },
    '/endless.edn': (response) => {
      const more = Buffer.alloc(1 << 20, STALE);
      const write = () => {
        while (!response.destroyed && response.write(more));
      };
      response.on('drain', write).on('close', () => (isClosed = true));
      write();
    },
    '/stalled.edn': (response) => {
      response.write(STALE);
      response.on('close', () => (isClosed = true));
    },
  };

  test.beforeEach(async ({ baseURL }) => {
    isClosed = false;
    const answer = async ({ url = '' }: IncomingMessage, response: ServerResponse) => {
      const stream = STREAMS[url];
      if (stream) {
        stream(response);
        return;
      }
      const page = await fetch(new URL(url, baseURL ?? ''));
      response.writeHead(page.status, { 'content-type': page.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await page.arrayBuffer()));
    };
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  test.afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('a file that leads to another host asks nobody there', async ({ page }) => {
    await follow(page, `url=${home}moved.edn`, home);
    await expect(status(page)).toContainText(`${home}moved.edn could not be read.`);
    expect(asked).toEqual([]);
  });

  test('a file that breaks off is no history', async ({ page }) => {
    await follow(page, `url=${home}half.edn`, home);
    await expect(status(page)).toContainText(`${home}half.edn broke off before the file was whole.`);
  });

  test('a file without an end is read no further than the page would open', async ({ page }) => {
    await follow(page, `url=${home}endless.edn`, home);
    await expect(status(page)).toContainText(`${home}endless.edn has more than 32.0 MB.`);
    await expect.poll(() => isClosed).toBe(true);
  });

  test('a file that stops coming is given up', async ({ page }) => {
    await page.clock.install();
    await follow(page, `url=${home}stalled.edn`, home);
    await expect(status(page)).toHaveText('Fetching the file…');
    await page.clock.fastForward(31_000);
    await expect(status(page)).toContainText('stalled.edn sent nothing for 30 s.');
    await expect.poll(() => isClosed).toBe(true);
  });
});
