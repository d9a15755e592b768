// Measures what figures cost in somebody else's page: node bench/embed.mjs
//
// A row is {name, value, unit, baseline, ratio}; the baseline names the budget, and a ratio up to 1 keeps it.

import { createServer } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { noteMemory, withPage } from './browser.mjs';

/** What figures may cost. */
export const BUDGETS = {
  'embed.idle.bytes': { unit: 'bytes', budget: 8000 },
  'embed.idle.cpu': { unit: '%', budget: 1 },
  'embed.wake.ms': { unit: 'ms', budget: 300 },
  'embed.twenty.memory': { unit: 'MB', budget: 100 },
};

const TWENTY = 20;
/** So long twenty figures out of sight are watched. */
const IDLE_MS = 5000;
const WAKES = 5;
const LAB = 'double-charge';

/** A page of another origin, whose figures stand below what a screen shows. */
async function withPost(body, work) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html>
      <title>A post</title><link rel="icon" href="data:,"><div style="height: 9000px"></div>${body}`);
  });
  await new Promise((listening) => server.listen(0, 'localhost', listening));
  try {
    return await work(`http://localhost:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const frames = (home, count) =>
  `<iframe src="${home}embed/${LAB}.html" width="640" height="420"></iframe>`.repeat(count);
const elements = (home, count) =>
  `<script type="module" src="${home}slow-fire.js"></script>${`<slow-fire lab="${LAB}" autoplay></slow-fire>`.repeat(count)}`;

/** All that a frame out of sight has asked for, and its picture, compressed. */
async function idleBytes(browser, home) {
  const page = await browser.newPage();
  const files = new Set([`${home}posters/${LAB}.svg`]);
  page.on('request', (request) => request.url().startsWith(home) && files.add(request.url()));
  return withPost(frames(home, 1), async (address) => {
    await page.goto(address, { waitUntil: 'networkidle' });
    await page.close();
    const sizes = [...files].map(
      async (file) => brotliCompressSync(Buffer.from(await (await fetch(file)).arrayBuffer())).length,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  });
}

/** Twenty elements that were awake and play, and that the reader has scrolled away: what they take of a processor. */
async function ofTwenty(browser, home) {
  const page = await browser.newPage();
  return withPost(elements(home, TWENTY), async (address) => {
    await page.addInitScript(noteMemory);
    await page.goto(address);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const metric = async (wanted) => {
      const { metrics } = await client.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === wanted).value;
    };
    await page.evaluate(async () => {
      for (const figure of document.querySelectorAll('slow-fire')) {
        await figure.play();
        if (!figure.playing) throw new Error('a figure does not play');
      }
    });
    await page.waitForTimeout(1000);
    const before = await metric('TaskDuration');
    await page.waitForTimeout(IDLE_MS);
    const share = (100 * 1000 * ((await metric('TaskDuration')) - before)) / IDLE_MS;
    // What scripts hold, and the one memory of the module.
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    const ofModule = await page.evaluate(() => globalThis.moduleMemory.buffer.byteLength);
    await page.close();
    return { share, megabytes: (usedSize + ofModule) / 1e6 };
  });
}

/** From the moment when a figure is scrolled into sight until it shows its run, once a browser has all files: the median. */
async function wakeMs(browser, home) {
  const context = await browser.newContext();
  const times = [];
  await withPost(elements(home, 1), async (address) => {
    for (let wake = 0; wake <= WAKES; wake += 1) {
      const page = await context.newPage();
      await page.goto(address, { waitUntil: 'networkidle' });
      const ms = await page.evaluate(async () => {
        const figure = document.querySelector('slow-fire');
        // A canvas that nobody has painted on is 300 wide.
        const isPainted = () =>
          figure.shadowRoot
            .querySelector('sf-embed')
            ?.shadowRoot?.querySelector('sf-stage')
            ?.shadowRoot?.querySelector('canvas')?.width > 300;
        const begun = performance.now();
        figure.scrollIntoView();
        while (!isPainted()) await new Promise(requestAnimationFrame);
        return performance.now() - begun;
      });
      // The first one fetches and compiles what the others find.
      if (wake > 0) times.push(ms);
      await page.close();
    }
  });
  await context.close();
  return times.toSorted((a, b) => a - b)[Math.floor(WAKES / 2)];
}

function row(name, value) {
  const { unit, budget } = BUDGETS[name];
  const rounded = (number) => Number(number.toFixed(3));
  return {
    name,
    value: rounded(value),
    unit,
    baseline: `a budget of ${budget} ${unit}`,
    ratio: rounded(value / budget),
  };
}

const rows = await withPage(async (browser, home) => {
  const { share, megabytes } = await ofTwenty(browser, home);
  return [
    row('embed.idle.bytes', await idleBytes(browser, home)),
    row('embed.idle.cpu', share),
    row('embed.wake.ms', await wakeMs(browser, home)),
    row('embed.twenty.memory', megabytes),
  ];
});
console.log(JSON.stringify(rows, undefined, 2));
