// The main walk through a lab, in Firefox.
//
// SLOWFIRE_FIREFOX names the browser; without it, Debian's or the one in the path. With none this fails.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from 'puppeteer-core';
import { preview } from 'vite';
import { VIEWS } from '../views.mjs';

const DEBIAN = '/usr/bin/firefox-esr';
const inPath = () => execFileSync('sh', ['-c', 'command -v firefox'], { encoding: 'utf8' }).trim();
const executablePath = process.env.SLOWFIRE_FIREFOX ?? (existsSync(DEBIAN) ? DEBIAN : inPath());
const WAIT = { timeout: 30_000 };

let server;
let browser;
let page;
const errors = [];

before(async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  server = await preview({ root, logLevel: 'silent', preview: { host: '127.0.0.1', port: 0 } });
  browser = await launch({ browser: 'firefox', executablePath, headless: true });
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Something in the page, through every shadow root. What is to be visible is looked for in every frame; else only after changes
 * of the document, which are not told of what is in a shadow root. */
const find = (selector) => page.waitForSelector(`>>> ${selector}`, { ...WAIT, visible: true });
const session = (read) => page.evaluate(`(${read})(document.querySelector('sf-app').session)`);
const until = (condition) =>
  page.waitForFunction(`(${condition})(document.querySelector('sf-app').session)`, WAIT);

test('a lab opens from its poster, plays, breaks, and holds with the defence', async () => {
  await page.goto(`${server.resolvedUrls.local[0]}index.html`);
  await (await find('sf-poster[data-lab=double-charge]')).click();
  await find('sf-world >>> canvas');
  assert.match(page.url(), /#\/double-charge/);

  // It plays as soon as it opens.
  await until((run) => run.playing && run.timeMs > 200);
  await (await find('sf-transport >>> .play')).click();
  assert.equal(await session((run) => run.playing), false);

  await session((run) => run.travel.seek(run.state.end_ms));
  await find('sf-verdicts >>> li.violated');
  await (await find('sf-switch[data-defence=idempotency-key] >>> button')).click();
  await find('sf-verdicts >>> li.holds');
  await until(() => location.hash.includes('on=idempotency-key'));
});

test('keys step forward and back, and undo', async () => {
  await session((run) => run.open('#/double-charge?seed=11'));
  const start = await session((run) => run.digest());
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await session((run) => run.digest()), start);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await session((run) => run.digest()), start);
  await session((run) => run.edits.act('crash:bank'));
  assert.notEqual(await session((run) => run.digest()), start);
  await page.keyboard.down('Control');
  await page.keyboard.press('z');
  await page.keyboard.up('Control');
  assert.equal(await session((run) => run.digest()), start);
});

test('a click on a node opens its card', async () => {
  const world = await find('sf-world');
  const spot = await world.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const spots = [];
    for (let y = 4; y < height; y += 4) {
      for (let x = 4; x < width; x += 4) {
        const pick = element.pictures.pick('world', x, y, width, height);
        if (pick?.kind === 'node') spots.push({ x, y, name: JSON.stringify(pick) });
      }
    }
    // The middle of the first node: a click on its very edge may miss it.
    const own = spots.filter(({ name }) => name === spots[0].name);
    const mean = (of) => own.reduce((sum, spot) => sum + of(spot), 0) / own.length;
    if (own.length > 0) return { x: left + mean(({ x }) => x), y: top + mean(({ y }) => y) };
    throw new Error('no node in the picture');
  });
  await page.mouse.click(spot.x, spot.y);
  await find('sf-card >>> dl');
  await page.keyboard.press('Escape');
  await until((run) => run.pictures.selection === undefined);
});

test('every view is drawn', async () => {
  await session((run) => run.open('#/raft?seed=1&t=9s'));
  for (const view of VIEWS) {
    await page.evaluate(`document.querySelector('sf-app').session.choose({ view: '${view}' })`);
    const canvas = await find(`sf-${view} >>> canvas`);
    const isDrawn = (element) => {
      const { width, height } = element;
      const pixels = element.getContext('2d').getImageData(0, 0, width, height).data;
      return new Uint32Array(pixels.buffer).some((word, _, all) => word !== all[0]);
    };
    await page.waitForFunction(isDrawn, WAIT, canvas);
  }
});

test('the run has the same digest as in any other browser', async () => {
  await session((run) => run.open('#/double-charge?seed=7'));
  await session((run) => run.travel.seek(run.state.end_ms));
  await until((run) => run.timeMs === run.state.end_ms);
  const { Run } = await import('../../src/core/pkg/slowfire.js');
  const { loadWhole } = await import('../../src/core/whole.mjs');
  loadWhole();
  const here = new Run('#/double-charge?seed=7');
  here.seek(here.end_ms());
  here.arrive();
  assert.equal(await session((run) => run.digest()), here.digest());
});

test('Firefox has nothing to complain about', () => {
  assert.deepEqual(errors, []);
});
