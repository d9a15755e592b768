/** Files that somebody opens: a history of another system is judged, and what is wrong is told. */
import { writeFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openLab, test } from '../lab.ts';
import { STALE, choose, drop, heading, pick, status } from './opened.ts';

/** Holds up the question which version the host has. What is given back says how often that was asked, and lets it be answered. */
async function holdVersion(page: Page) {
  let asked = 0;
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((done) => (goOn = done));
  await page.route('**/index.html', async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  return { asked: () => asked, goOn };
}

/** Lets the page know a part as missing. */
const leaveOut = (page: Page, part: RegExp) => page.route(part, (route) => route.fulfill({ status: 404 }));

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

test('a text in another encoding is taken or refused as the command does, and none is changed', async ({
  page,
}) => {
  const text = `{:process 0, :type :invoke, :f :write, :value "é"}
{:process 0, :type :ok, :f :write, :value "é"}
`;
  const read = text.replaceAll(':write', ':read').replace(':value "é"', ':value nil').replace('"é"', '"è"');
  const history = text + read;
  const utf16 = Buffer.from(`\ufeff${history}`, 'utf16le');
  const encodings: [bytes: Buffer, valid: boolean][] = [
    [Buffer.from(history), true],
    [utf16, true],
    [Buffer.from(utf16).swap16(), true],
    [Buffer.from(history, 'latin1'), false],
  ];
  for (const [bytes, isText] of encodings) {
    await page.goto('about:blank');
    await page.goto('index.html#history');
    await page
      .locator('sf-opened input[type=file]')
      .setInputFiles({ name: 'a.edn', mimeType: 'text/plain', buffer: bytes });
    if (isText) await expect(heading(page)).toHaveText('Not linearizable');
    else await expect(status(page)).toContainText('a.edn: The file is not text.');
  }
});

/** Packs every text late, as a busy machine does. */
const packLate = (page: Page) =>
  page.addInitScript(() => {
    const Native = CompressionStream;
    window.CompressionStream = class {
      readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
      readonly writable: WritableStream<BufferSource>;
      constructor(format: CompressionFormat) {
        const late = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          flush: () => new Promise((done) => setTimeout(done, 500)),
        });
        const native = new Native(format);
        this.writable = native.writable;
        this.readable = native.readable.pipeThrough(late);
      }
    };
  });

test('an empty file is an empty history, whoever reloads it as soon as it is judged', async ({ page }) => {
  await packLate(page);
  await choose(page, '', 'a.edn');
  await expect(heading(page)).toHaveText('Valid: 0 operations, linearizable');
  await page.reload();
  await expect(heading(page)).toHaveText('Valid: 0 operations, linearizable');
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

test.describe('a part that is missing', () => {
  test.use({ provoked: /Failed to load resource/ });

  test('where the page of files is, all else is there', async ({ page }) => {
    await leaveOut(page, /sf-opened-/);
    await page.goto('index.html#history');
    await expect(page.locator('sf-app .sentence')).toBeVisible();
    await page.evaluate(() => (window.location.hash = '#/'));
    await expect(page.locator('sf-poster').first()).toBeVisible();
  });

  test('who has left the page of files is not told that it is missing', async ({ page }) => {
    await leaveOut(page, /sf-opened-/);
    await page.goto('index.html#/');
    const version = await holdVersion(page);
    await page.evaluate(() => (window.location.hash = '#history'));
    await expect.poll(version.asked).toBe(1);
    await page.evaluate(() => (window.location.hash = '#/'));
    await expect(page.locator('sf-poster').first()).toBeVisible();
    const answer = page.waitForResponse(/index\.html/);
    version.goOn();
    await (await answer).finished();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await expect(page.locator('sf-app .sentence')).toHaveCount(0);
  });

  test('who has stopped the judge is not told that it is missing', async ({ page }) => {
    await leaveOut(page, /judge_bg/);
    await page.goto('index.html#history');
    const version = await holdVersion(page);
    await pick(page, STALE, 'history.edn');
    await expect.poll(version.asked).toBe(1);
    await expect(status(page)).toHaveText('Judging the history…');
    await page.getByRole('button', { name: 'Stop' }).click();
    const answer = page.waitForResponse(/index\.html/);
    version.goOn();
    await (await answer).finished();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await expect(status(page)).toContainText('Stopped.');
  });
});

/** A link as anybody may make one. */
function linkOf(text: string): string {
  const packed = deflateRawSync(JSON.stringify([text, {}])).toString('base64url');
  return `index.html#history=1.${packed}`;
}

const writes = (value: string) =>
  `{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :ok :f :write :value "${value}"}\n`;

test('of a long value the page has the beginning, from a link as from a file', async ({ page }) => {
  const shown = () => page.locator('sf-opened').evaluate((opened) => opened.shadowRoot?.textContent ?? '');
  await page.goto(linkOf(writes('x'.repeat(1_900_000))));
  await expect(status(page)).toContainText('xxx...');
  expect((await shown()).length).toBeLessThan(10_000);
  await choose(page, writes('x'.repeat(5_000_000)));
  await expect(status(page)).toContainText('xxx...');
  expect((await shown()).length).toBeLessThan(10_000);
});

test('a link that holds more than a link may is refused', async ({ page }) => {
  await page.goto(linkOf(writes('x'.repeat(28_000_000))));
  await expect(status(page)).toContainText('holds more than a link may');
});
