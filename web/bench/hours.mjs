/**
 * What grows while the page is used for long: nodes, heap, the module's memory, the time that tasks and frames take.
 *
 *     node bench/hours.mjs            # an hour in each of five labs; the last ten minutes beside the second ten
 *     SLOWFIRE_MINUTES=30 node bench/hours.mjs
 *     SLOWFIRE_MINUTES=30 node bench/hours.mjs stale-read
 *
 * The page's clock is driven, in frames of 100 ms, so the minutes pass as fast as the frames can be computed. All tasks
 * together are told in time of the processor; a frame by the clock, which runs on while others keep the machine busy.
 * Measuring decides nothing.
 */
import { VIEWS } from '../tests/views.mjs';
import { noteMemory, withPage } from './browser.mjs';

const MINUTES = Number(process.env.SLOWFIRE_MINUTES ?? 60);
const LABS = ['double-charge', 'stale-read', 'retry-storm', 'split-brain', 'raft'];
const FRAME_MS = 100;
/** So often the reader turns to something else. */
const TURN_MS = 5000;
const SHOWN = [...VIEWS, 'both'];
/** So many figures come into a page and go again, so many times. */
const [FIGURES, ROUNDS] = [5, 24];

await withPage(async (browser, address) => {
  const labs = process.argv.length > 2 ? process.argv.slice(2) : LABS;
  for (const lab of labs) report(lab, 'minute', await play(browser, address, lab));
  if (process.argv.length === 2) {
    report('figures that come and go', 'round', await comeAndGo(browser, address));
  }
}, '--js-flags=--expose-gc');

/** A page that tells how long its frames take, and whose module's memory can be read. */
async function newPage(browser) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.addInitScript(() => {
    globalThis.realNow = performance.now.bind(performance);
  });
  await page.addInitScript(noteMemory);
  return page;
}

async function play(browser, address, lab) {
  const page = await newPage(browser);
  await page.clock.install();
  await page.addInitScript(() => {
    globalThis.frameTimes = [];
    const request = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (callback) =>
      request((now) => {
        const begun = globalThis.realNow();
        callback(now);
        globalThis.frameTimes.push(globalThis.realNow() - begun);
      });
  });
  await page.goto(`${address}index.html#/${lab}`);
  await page.waitForFunction(() => document.querySelector('sf-app')?.session !== undefined);
  await page.evaluate(() => document.querySelector('sf-app').session.player.setSpeed(Infinity));
  const samples = [];
  const measure = await measuring(page);
  for (let turn = 0; turn * TURN_MS < MINUTES * 60_000; turn += 1) {
    await page.evaluate(turnTo, { turn, view: SHOWN[turn % SHOWN.length] });
    for (let ms = 0; ms < TURN_MS; ms += FRAME_MS) await page.clock.fastForward(FRAME_MS);
    if (((turn + 1) * TURN_MS) % 60_000 === 0) samples.push(await sample(page, measure));
  }
  await page.context().close();
  return samples;
}

/** The reader opens a card or closes it, looks at another view, and lets the run play on. */
function turnTo({ turn, view }) {
  const { session } = document.querySelector('sf-app');
  session.choose({ view });
  const { nodes } = session.about;
  const node = nodes[turn % nodes.length];
  session.pictures.select(turn % 2 === 0 ? { kind: 'node', id: node.id } : undefined);
  session.redraw();
  if (!session.playing) session.player.play();
}

async function comeAndGo(browser, address) {
  const page = await newPage(browser);
  await page.goto(`${address}examples/element.html`);
  const samples = [];
  const measure = await measuring(page);
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.evaluate(async (count) => {
      const figures = Array.from({ length: count }, () => document.createElement('slow-fire'));
      for (const figure of figures) {
        figure.setAttribute('lab', 'double-charge');
        figure.setAttribute('autoplay', '');
        document.querySelector('main').prepend(figure);
      }
      for (let frames = 0; frames < 30; frames += 1) await new Promise(requestAnimationFrame);
      for (const figure of figures) figure.remove();
      await new Promise((done) => setTimeout(done));
    }, FIGURES);
    samples.push(await sample(page, measure));
  }
  await page.context().close();
  return samples;
}

/** What tells a page's figures, in time of its thread; and how long all tasks had taken when it told them last. */
async function measuring(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  return { client, tasks: 0 };
}

async function sample(page, measure) {
  const { client, tasks: before } = measure;
  await client.send('HeapProfiler.collectGarbage');
  const { metrics } = await client.send('Performance.getMetrics');
  const metric = (name) => metrics.find((each) => each.name === name)?.value ?? 0;
  measure.tasks = metric('TaskDuration');
  const { memory, frames } = await page.evaluate(() => {
    const { moduleMemory, frameTimes: frames = [] } = globalThis;
    globalThis.frameTimes = [];
    return { memory: moduleMemory.buffer.byteLength, frames };
  });
  frames.sort((a, b) => a - b);
  return {
    nodes: metric('Nodes'),
    'heap, MB': metric('JSHeapUsedSize') / 1e6,
    'module, MB': memory / 1e6,
    'tasks, s': measure.tasks - before,
    'frame p50, ms': frames[Math.floor(0.5 * frames.length)] ?? 0,
    'frame p99, ms': frames[Math.floor(0.99 * frames.length)] ?? 0,
    'frame max, ms': frames.at(-1) ?? 0,
    'frames over 50 ms': frames.filter((ms) => ms > 50).length,
  };
}

/** The second third beside the last one: the first is the page's own beginning. */
function report(title, unit, samples) {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const mean = (part, name) => part.reduce((sum, each) => sum + each[name], 0) / part.length;
  const [early, late] = [samples.slice(third, 2 * third), samples.slice(-third)];
  const rows = Object.keys(samples[0]).map((name) => {
    const [before, after] = [mean(early, name), mean(late, name)].map((value) => Number(value.toFixed(2)));
    return [
      name,
      {
        'second third': before,
        'last third': after,
        ratio: before === 0 ? undefined : Number((after / before).toFixed(3)),
      },
    ];
  });
  console.log(`\n${title}: ${samples.length} ${unit}s`);
  console.table(Object.fromEntries(rows));
}
