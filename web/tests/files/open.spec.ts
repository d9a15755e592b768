/** Files that somebody opens: a history of another system is judged, and what is wrong is told. */
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openLab, test } from '../lab.ts';

const STALE = `{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
`;

async function choose(page: Page, text: string, name = 'history.edn') {
  await page.goto('index.html#history');
  await page.locator('sf-opened input[type=file]').setInputFiles({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  });
}

const heading = (page: Page) => page.locator('sf-opened h1');
const status = (page: Page) => page.locator('sf-opened p[role=status]');

async function drop(page: Page, text: string, name: string) {
  const transfer = await page.evaluateHandle(
    ([content = '', called = '']) => {
      const data = new DataTransfer();
      data.items.add(new File([content], called));
      return data;
    },
    [text, name],
  );
  await page.dispatchEvent('sf-app', 'drop', { dataTransfer: transfer });
}

test('a history that is dropped on a lab is judged, drawn and shared as a link', async ({
  page,
  context,
}) => {
  await page.addInitScript(() => {
    Object.assign(window, { violations: [] });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
      (window as unknown as { violations: string[] }).violations.push(violatedDirective);
    });
  });
  await openLab(page);
  await drop(page, STALE, 'stale.edn');
  await expect(heading(page)).toHaveText('Not linearizable');
  const unplaced = page.locator('sf-opened .unplaced');
  await expect(unplaced).toHaveCount(1);
  await expect(unplaced).toContainText('✗ read → 1');
  await expect(page.getByText('process 1 read -> 1 (line 6)').first()).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await expect(page).toHaveURL(/#history=1\./);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(heading(other)).toHaveText('Not linearizable');
  await page.goto('index.html#/double-charge');
  await expect(page.locator('sf-transport')).toBeVisible();
});

test('another question has another answer, which its link asks too', async ({ page }) => {
  await choose(page, STALE);
  await expect(heading(page)).toHaveText('Not linearizable');
  await expect(page).toHaveURL(/#history=1\./);
  const before = page.url();
  await page.getByLabel('Must be').selectOption('sequential');
  await expect(heading(page)).toHaveText('Valid: 3 operations, sequential');
  // The text is packed in its own time.
  await expect(page).not.toHaveURL(before);
  await page.reload();
  await expect(heading(page)).toHaveText('Valid: 3 operations, sequential');
  await page.getByLabel('Object').selectOption('queue');
  await expect(heading(page)).toHaveText('This is no history that the checkers can read');
  await expect(status(page)).toContainText('Line 1, column 1: a queue has no `write`');
});

test('the same entries as JSON, and in columns, are histories too', async ({ page }) => {
  const json = `{"process":0,"type":"invoke","f":"read","value":null}\n{"process":0,"type":"ok","f":"read","value":null}\n`;
  await choose(page, json, 'history.jsonl');
  await expect(heading(page)).toHaveText('Valid: 1 operation, linearizable');
  await choose(page, '0\t:invoke\t:read\tnil\n0\t:ok\t:read\t0\n', 'history.txt');
  await expect(heading(page)).toHaveText('Not linearizable');
  await page.getByLabel('At the start').fill('0');
  await page.getByLabel('At the start').blur();
  await expect(heading(page)).toHaveText('Valid: 1 operation, linearizable');
});

test('what is wrong with a file is told in a sentence with its place', async ({ page }) => {
  const cases: [text: string, name: string, says: string][] = [
    [
      STALE.replace(':type :ok :f :read', ':type :done :f :read'),
      'a.edn',
      'Line 6, column 1: `type` must be invoke, ok, fail or info, not :done.',
    ],
    ['{"process":0,', 'a.json', 'Line 1, column'],
    ['', 'a.edn', 'a.edn: The file is empty.'],
    ['\0\0', 'a.bin', 'a.bin: The file is not text.'],
    ['id = "x"\n', 'lab.toml', 'lab.toml: The file is TOML'],
    ['{"protocol": "heap", "nodes": []}', 'lab.json', 'lab.json: protocol'],
  ];
  for (const [text, name, says] of cases) {
    await choose(page, text, name);
    await expect(status(page)).toContainText(says);
  }
  await page.goto('index.html#history=1.abc');
  await expect(page.getByText('The link of this history is damaged')).toBeVisible();
});

test('a history of 10 MB is judged beside the page, which goes on', async ({ page }) => {
  const entries = (value: number) => {
    const said = (kind: string) =>
      `{:index ${2 * value}, :time ${value}000000, :process 0, :type :${kind}, :f :write, :value ${value}}\n`;
    return said('invoke') + said('ok');
  };
  let text = '';
  for (let value = 0; text.length < 10_000_000; value += 1) text += entries(value);
  // As a file of this device: a text would be put together in the page.
  const file = test.info().outputPath('large.edn');
  await writeFile(file, text);
  await page.goto('index.html#history');
  await page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(window, { longest });
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      longest.ms = Math.max(longest.ms, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.locator('sf-opened input[type=file]').setInputFiles(file);
  await expect(heading(page)).toHaveText(/^Valid: \d+ operations, linearizable$/, { timeout: 45_000 });
  await expect(page.getByText('too large for a link')).toBeVisible();
  await expect(page.locator('sf-opened .history svg g')).toHaveCount(300);
  const { ms } = await page.evaluate(() => (window as unknown as { longest: { ms: number } }).longest);
  expect(ms).toBeLessThan(500);
});

test('a judge that takes long can be stopped, and asked again', async ({ page }) => {
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((done) => (goOn = done));
  await page.route(/judge_bg/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await choose(page, STALE);
  await expect(status(page)).toHaveText('Judging the history…');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(status(page)).toContainText('Stopped.');
  goOn();
  await choose(page, STALE);
  await expect(heading(page)).toHaveText('Not linearizable');
});

test.describe('a link that names a file', () => {
  const fetchIt = (page: Page) => page.getByRole('button', { name: /^Fetch it from/ }).click();
  /** What stands on somebody's host, and whether others may read it there. */
  const FILES: Readonly<Record<string, { text: string; isOpen: boolean }>> = {
    '/stale.edn': { text: STALE, isOpen: true },
    '/closed.edn': { text: STALE, isOpen: false },
    '/lab.json': {
      text: JSON.stringify({
        version: 1,
        protocol: 'payments',
        nodes: [
          { name: 'bank', role: 'bank' },
          { name: 'ann', role: 'client' },
        ],
      }),
      isOpen: true,
    },
  };
  let server: Server;
  let address: string;

  test.use({ provoked: /Failed to load resource|CORS policy/ });

  test.beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      const file = FILES[url];
      if (file?.isOpen === true) response.setHeader('access-control-allow-origin', '*');
      // That it is missing, everybody may know.
      if (!file) response.setHeader('access-control-allow-origin', '*');
      response.writeHead(file ? 200 : 404).end(file?.text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  test.afterAll(() => {
    server.close();
  });

  test('opens a history, and a scenario', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(address)) asked.push(request.url());
    });
    await page.goto(`index.html#url=${address}/stale.edn`);
    await expect(status(page)).toContainText('Nothing has been fetched yet.');
    expect(asked).toEqual([]);
    await fetchIt(page);
    await expect(heading(page)).toHaveText('Not linearizable');
    await page.goto('about:blank');
    await page.goto(`index.html#url=${encodeURIComponent(`${address}/lab.json`)}`);
    await fetchIt(page);
    await expect(page.locator('sf-world canvas')).toBeVisible();
  });

  test('says why there is none', async ({ page }) => {
    for (const [named, said] of [
      [`url=${address}/closed.edn`, /does not allow other pages to read this file/],
      [`url=${address}/missing.edn`, /has no such file \(it answered 404\)/],
      ['url=http://example.org/a.edn', /must begin with https/],
      ['url=javascript:alert(1)', /must begin with https/],
      ['gist=what', /is not the id of a gist/],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(`index.html#${named}`);
      if (!named.startsWith('url=javascript')) await fetchIt(page);
      await expect(status(page), named).toHaveText(said);
    }
  });

  test('opens a file of a gist', async ({ page }) => {
    const raw = `${address}/stale.edn`;
    await page.route('https://api.github.com/gists/0123456789abcdef', (route) =>
      route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: {
          files: {
            'readme.md': { filename: 'readme.md', raw_url: '' },
            'stale.edn': { filename: 'stale.edn', raw_url: raw },
          },
        },
      }),
    );
    await page.goto('index.html#gist=somebody/0123456789abcdef/stale.edn');
    await fetchIt(page);
    await expect(heading(page)).toHaveText('Not linearizable');
    await page.goto('about:blank');
    await page.goto('index.html#gist=0123456789abcdef/other.edn');
    await fetchIt(page);
    await expect(status(page)).toContainText('It has: readme.md, stale.edn.');
  });
});
