// Measures the built page in a real browser: node bench/page.mjs [--out rows.json]
//
// A row is {name, value, unit, baseline, ratio}; the baseline names the budget, and a ratio up to 1 keeps it.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib';
import { labAsItIs } from '../src/core/first.mjs';
import { noteMemory, withPage } from './browser.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** 5 nodes: each of 4 workers says every 40 ms that it is alive, which takes 500 ms: 50 messages in flight. */
export const SMALL = packed(heartbeats(4, '40ms', '500ms'));
/** 128 nodes with 2,000 messages in flight. */
export const LARGE = packed(heartbeats(127, '10ms', '160ms'));
/** Ten minutes of a lab, long enough to show what is never given back. */
export const LONG = packed({ ...heartbeats(4, '500ms', '40ms'), duration: '600s' });

/** Seven servers and two clients, with every rule of Raft, a cut and a crash, and each of its promises watched. */
export const RAFT = packed(raft(7));

/** A balancer that so many workers tell at this interval that they are alive. */
function heartbeats(workers, interval, latency) {
  const worker = (_, place) => ({ name: `w${place + 1}`, role: 'worker' });
  return {
    version: 1,
    seed: 1,
    duration: '60s',
    events: 2e6,
    protocol: 'heartbeats',
    parameters: { interval, 'job-every': '1s', timeout: '10s' },
    network: { latency },
    nodes: [{ name: 'lb', role: 'balancer' }, ...Array.from({ length: workers }, worker)],
    checks: [{ id: 'accuracy', kind: 'no-false-alarm', label: 'No false alarm', noun: 'job' }],
  };
}

/** So many servers that keep one log. */
function raft(servers) {
  const named = (name, role) => ({ name, role });
  const noun = 'write';
  const check = ([kind, label]) => ({ id: kind, kind, label, noun });
  return {
    version: 1,
    seed: 1,
    duration: '60s',
    protocol: 'raft',
    revision: 7,
    parameters: { pause: '40ms', reads: 0.3, 'snapshot-every': 40 },
    network: { latency: '20ms', jitter: '1ms' },
    nodes: [
      ...Array.from({ length: servers }, (_, place) => named(`n${place + 1}`, 'server')),
      named('ann', 'client'),
      named('ben', 'client'),
    ],
    plan: ['isolate:n1@8s', 'heal@10s', 'crash:n2@12s', 'restart:n2@14s'],
    checks: [
      ['one-leader-per-term', 'One leader a term'],
      ['leader-append-only', 'Leaders drop nothing'],
      ['log-matching', 'Logs match'],
      ['leader-completeness', 'Leaders have all'],
      ['state-machine-safety', 'All apply the same'],
      ['linearizable-cas', 'It looks like one copy'],
    ].map(check),
  };
}

/** A document as a link. */
function packed(document) {
  return `#1.${deflateRawSync(JSON.stringify(document)).toString('base64url')}`;
}

const FRAMES = 400;
/** A browser that draws slowly gives fewer frames, rather than none at all. */
const LONGEST_MS = 20_000;
const SEEKS = 100;
const SLIDER_MOVES = 60;

/** What the page may cost. */
export const BUDGETS = {
  'page.frame.p99.small': { unit: 'ms', budget: 4 },
  'page.frame.p99.large': { unit: 'ms', budget: 12 },
  'page.frame.p99.raft': { unit: 'ms', budget: 4 },
  'page.slider.frames': { unit: 'frames', budget: 1 },
  'page.slider.p99': { unit: 'ms', budget: 16.7 },
  'page.seek.p99': { unit: 'ms', budget: 50 },
  'page.first_frame': { unit: 'ms', budget: 1000 },
  'page.transfer.brotli': { unit: 'KB', budget: 250 },
  'page.transfer.whole': { unit: 'KB', budget: 500 },
  'page.memory.growth': { unit: 'MB', budget: 4 },
};

/** What few readers ask for is loaded when they do, and what other people's pages need when they wake a figure. */
const ON_DEMAND =
  /^(?:asleep|beside|docs|draft|path|plot|progress|embed|figure|gif|guest|judge|judge_bg|judging|hunt|hunting|labs|offline-page|panel|qr|sf-card|sf-challenge|sf-embed|sf-guess|sf-hunt|sf-opened|sf-path|sf-path-bar|sf-paths|sf-share|sf-sheet|sf-start|sf-shrink|sf-twin|sf-why|stored-link|webm|words)[-.]|^lab-.{8}\.(?:js|css)$/;

/** What is loaded for runs whose servers keep logs. */
const OF_LOGS = /^sf-(?:logs|rules)-/;

/** What follows the first view of a lab unasked. */
const FOLLOWING = ['more', 'rest', 'later'];

/**
 * Every file that a reader of one lab fetches before it is seen and plays, as a static host would compress it; with `isWhole` also
 * what follows unasked.
 */
export async function transferKilobytes(link = '#/double-charge', isWhole = false) {
  const parts = new Set([...(await partsOf(link)), ...(isWhole ? FOLLOWING : [])]);
  const isFetched = (name) =>
    !ON_DEMAND.test(name) &&
    (!isPart(name) || parts.has(partName(name))) &&
    (!OF_LOGS.test(name) || parts.has('logs'));
  const assets = (await readdir(`${DIST}assets`)).filter(
    (name) => !/\.(?:br|gz)$/.test(name) && isFetched(name),
  );
  const fetched = ['index.html', ...assets.map((name) => `assets/${name}`)];
  const sizes = fetched.map(async (name) => compressed(await readFile(DIST + name)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
}

/** The names of the simulator's parts that a link's run needs: those of a first view, or else of any run. */
async function partsOf(link) {
  const [{ doors }, { PARTS }, { NEEDED }, { loadBehind, loadOfAll, partsBehind }] = await Promise.all([
    import('../src/core/pkg/slowfire.js'),
    import('../src/core/pkg/parts.js'),
    import('../src/core/pkg/needed.js'),
    import('../src/core/whole.mjs'),
  ]);
  const first = NEEDED[labAsItIs(link)];
  if (first) return first.parts.map((place) => PARTS[place].name);
  loadOfAll();
  let known = doors(link);
  // What is there says what else the run needs.
  for (let before = 0; known.length > before; known = doors(link)) {
    before = known.length;
    loadBehind(known);
  }
  return ['more', 'rest', ...partsBehind(known).map(({ name }) => name)];
}

/** A file of the page has a digest behind its name. */
const partName = (file) => file.replace(/-.{8}\.wasm$/, '');
const isPart = (file) => file.endsWith('.wasm') && partName(file) !== 'slowfire_bg';

function compressed(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params }).length;
}

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The milliseconds of script that each of so many frames of play takes. */
export function frameTimes(page, frames) {
  return page.evaluate(
    async ([count, longest]) => {
      const { session } = document.querySelector('sf-app');
      // The first frames compile what the others run.
      const skipped = 60;
      // A run that is opened plays: its frame would come before those that measure it.
      session.player.pause();
      session.player.setSpeed(session.about.default_speed);
      session.travel.seek(session.state.end_ms * 0.1);
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
        session.player.play();
        requestAnimationFrame(after);
      });
      session.player.pause();
      return times.slice(skipped);
    },
    [frames, LONGEST_MS],
  );
}

async function rowsOf(browser, address) {
  const open = async (link) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${address}index.html${link}`);
    await page.waitForFunction(() => performance.getEntriesByName('slowfire:first-frame').length > 0);
    return page;
  };
  const lab = await open('#/double-charge?seed=11');
  const first = await lab.evaluate(() => performance.getEntriesByName('slowfire:first-frame')[0].startTime);
  const values = { 'page.first_frame': first };
  values['page.seek.p99'] = percentile(await seekTimes(lab), 0.99);
  const moves = await sliderMoves(lab);
  values['page.slider.frames'] = Math.max(...moves.map(({ frames }) => frames));
  values['page.slider.p99'] = percentile(
    moves.map(({ ms }) => ms),
    0.99,
  );
  values['page.frame.p99.small'] = percentile(await frameTimes(await open(SMALL), FRAMES), 0.99);
  values['page.frame.p99.large'] = percentile(await frameTimes(await open(LARGE), FRAMES), 0.99);
  values['page.frame.p99.raft'] = percentile(await frameTimes(await open(RAFT), FRAMES), 0.99);
  values['page.transfer.brotli'] = await transferKilobytes();
  values['page.transfer.whole'] = await transferKilobytes('#/double-charge', true);
  values['page.memory.growth'] = await memoryGrowth(await browser.newPage(), `${address}index.html`);
  return Object.keys(BUDGETS).map((name) => row(name, values[name]));
}

/**
 * A slider that is dragged while the run plays: for each of its moves, after how many frames the run has it, and the
 * milliseconds of script in the frame that gives it to the run.
 */
export function sliderMoves(page) {
  return page.evaluate(async (count) => {
    const { session } = document.querySelector('sf-app');
    const { key, min, max } = session.about.controls.find((control) => control.key === 'latency');
    const frame = () => new Promise(requestAnimationFrame);
    session.travel.seek(session.state.end_ms * 0.1);
    session.player.play();
    const moves = [];
    for (let move = 0; move < count; move += 1) {
      const value = min + Math.round(((max - min) * (move + 1)) / (count + 1));
      await frame();
      let start = 0;
      requestAnimationFrame(() => {
        start = performance.now();
      });
      session.edits.set(key, value);
      let frames = 0;
      let ms = 0;
      do {
        await frame();
        frames += 1;
        ms ||= performance.now() - start;
      } while (session.state.controls[key].value !== value && frames < 60);
      moves.push({ frames, ms });
    }
    session.edits.endDrag();
    session.player.pause();
    return moves;
  }, SLIDER_MOVES);
}

/** How many megabytes more the page takes after ten minutes of a run at top speed than after one. */
export async function memoryGrowth(page, address) {
  await page.addInitScript(noteMemory);
  // The page's time is the test's: ten minutes pass as fast as the frames can be computed.
  await page.clock.install();
  await page.goto(`${address}${LONG}`);
  await page.waitForFunction(() => document.querySelector('sf-app')?.session !== undefined);
  const client = await page.context().newCDPSession(page);
  const megabytes = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    return (usedSize + (await page.evaluate(() => globalThis.moduleMemory.buffer.byteLength))) / 1e6;
  };
  const playUntil = async (ms) => {
    while ((await page.evaluate(() => document.querySelector('sf-app').session.timeMs)) < ms) {
      await page.clock.runFor(1000);
    }
  };
  await page.evaluate(() => {
    const { session } = document.querySelector('sf-app');
    session.player.setSpeed(Infinity);
    session.player.play();
  });
  await playUntil(60_000);
  const before = await megabytes();
  await playUntil(590_000);
  return (await megabytes()) - before;
}

/** From a seek to all of the page agreeing with it. */
export function seekTimes(page) {
  return page.evaluate(async (count) => {
    const { session } = document.querySelector('sf-app');
    session.travel.seek(session.state.end_ms);
    const times = [];
    for (let seek = 0; seek < count; seek += 1) {
      // Scattered over the run, and the same every time.
      const moment = ((seek * 0.618034) % 1) * session.state.end_ms;
      const start = performance.now();
      session.travel.seek(moment);
      await document.querySelector('sf-app').shadowRoot.querySelector('sf-page').updateComplete;
      times.push(performance.now() - start);
    }
    return times;
  }, SEEKS);
}

function row(name, value) {
  const { unit, budget } = BUDGETS[name];
  const baseline = `a budget of ${budget} ${unit}`;
  return {
    name,
    value: Number(value.toFixed(3)),
    unit,
    baseline,
    ratio: Number((value / budget).toFixed(3)),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await withPage(rowsOf);
  const out = process.argv.indexOf('--out');
  const text = JSON.stringify(rows, undefined, 2);
  if (out > 0) await writeFile(process.argv[out + 1], `${text}\n`);
  else console.log(text);
}
