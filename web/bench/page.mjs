// Measures the built page in a real browser: node bench/page.mjs [--out rows.json]
//
// A row is {name, value, unit, baseline, ratio}; the baseline names the budget, and a ratio up to 1 keeps it.

import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const SMALL = process.env.SLOWFIRE_BENCH_SMALL ?? '#/double-charge?seed=11&latency=600ms';
const LARGE = process.env.SLOWFIRE_BENCH_LARGE;
const FRAMES = 400;
/** A browser that draws slowly gives fewer frames, rather than none at all. */
const LONGEST_MS = 20_000;
const SEEKS = 100;

/** What the page may cost. */
export const BUDGETS = {
  'page.frame.p99.small': { unit: 'ms', budget: 4 },
  'page.frame.p99.large': { unit: 'ms', budget: 12 },
  'page.seek.p99': { unit: 'ms', budget: 50 },
  'page.first_frame': { unit: 'ms', budget: 1000 },
  'page.transfer.brotli': { unit: 'KB', budget: 250 },
};

/** Every file that a reader of one lab fetches, as a static host would compress it. */
export async function transferKilobytes() {
  const wanted = ['index.html', ...(await readdir(`${DIST}assets`)).map((name) => `assets/${name}`)];
  const fetched = wanted.filter((name) => !/plot-|embed-/.test(name));
  const sizes = fetched.map(async (name) => compressed(await readFile(DIST + name)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
}

function compressed(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return brotliCompressSync(content, { params }).length;
}

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The milliseconds of script that each of so many frames of play takes. */
export function frameTimes(page, frames) {
  return page.evaluate(async ([count, longest]) => {
    const { session } = document.querySelector('sf-app');
    // The first frames compile what the others run.
    const skipped = 60;
    session.setSpeed(session.about.default_speed);
    session.seek(session.endMs * 0.1);
    await new Promise(requestAnimationFrame);
    const times = [];
    const began = performance.now();
    await new Promise((done) => {
      let start = 0;
      // One callback before the session's and one after it: between them runs all that a frame runs.
      const before = () => {
        requestAnimationFrame(before);
        start = performance.now();
      };
      const after = () => {
        times.push(performance.now() - start);
        const isLate = times.length > 2 * skipped && performance.now() > began + longest;
        if (times.length === count + skipped || isLate) done();
        else requestAnimationFrame(after);
      };
      requestAnimationFrame(before);
      session.play();
      requestAnimationFrame(after);
    });
    session.pause();
    return times.slice(skipped);
  }, [frames, LONGEST_MS]);
}

async function measure() {
  const server = await preview({ root: ROOT, logLevel: 'silent', preview: { host: '127.0.0.1', port: 0 } });
  const address = server.resolvedUrls.local[0];
  const executablePath = process.env.SLOWFIRE_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    ...(existsSync(executablePath) ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    return await rowsOf(browser, address);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function rowsOf(browser, address) {
  const open = async (link) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${address}index.html${link}`);
    await page.waitForFunction(() => performance.getEntriesByName('slowfire:first-frame').length > 0);
    return page;
  };
  const small = await open(SMALL);
  const first = await small.evaluate(
    () => performance.getEntriesByName('slowfire:first-frame')[0].startTime,
  );
  const values = { 'page.first_frame': first };
  values['page.frame.p99.small'] = percentile(await frameTimes(small, FRAMES), 0.99);
  values['page.seek.p99'] = percentile(await seekTimes(small), 0.99);
  if (LARGE) values['page.frame.p99.large'] = percentile(await frameTimes(await open(LARGE), FRAMES), 0.99);
  values['page.transfer.brotli'] = await transferKilobytes();
  return Object.entries(values).map(([name, value]) => row(name, value));
}

/** From a seek to all of the page agreeing with it. */
export function seekTimes(page) {
  return page.evaluate(async (count) => {
    const { session } = document.querySelector('sf-app');
    session.seek(session.endMs);
    const times = [];
    for (let seek = 0; seek < count; seek += 1) {
      // Scattered over the run, and the same every time.
      const moment = ((seek * 0.618034) % 1) * session.endMs;
      const start = performance.now();
      session.seek(moment);
      await document.querySelector('sf-app').shadowRoot.querySelector('sf-page').updateComplete;
      times.push(performance.now() - start);
    }
    return times;
  }, SEEKS);
}

function row(name, value) {
  const { unit, budget } = BUDGETS[name];
  const baseline = `a budget of ${budget} ${unit}`;
  return { name, value: Number(value.toFixed(3)), unit, baseline, ratio: Number((value / budget).toFixed(3)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await measure();
  const out = process.argv.indexOf('--out');
  const text = JSON.stringify(rows, undefined, 2);
  if (out > 0) await writeFile(process.argv[out + 1], `${text}\n`);
  else console.log(text);
}
