/**
 * Which tasks hold up the page, while somebody opens heavy links and does with them what a reader may do.
 *
 *     node bench/tasks.mjs                        # two links that once did harm and 20 that nobody chose
 *     SLOWFIRE_SLOWER=4 node bench/tasks.mjs      # on a processor that is four times slower
 *     SLOWFIRE_HEAVY='#/stale-read?latency=0s' node bench/tasks.mjs
 *
 * Time of the processor counts, as the browser's trace tells it, so what else the machine does counts little. Measuring decides
 * nothing.
 */
import { heavyLinks } from '../tests/heavy.mjs';
import { withPage } from './browser.mjs';

const SLOWER = Number(process.env.SLOWFIRE_SLOWER ?? 1);
const LONG_MS = SLOWER > 1 ? 100 : 50;
/** For so long each act is watched. */
const WATCHED_MS = Number(process.env.SLOWFIRE_WATCHED ?? 1500);
const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'toplevel',
  'v8',
  'blink.user_timing',
];

await withPage(async (browser, address) => {
  for (const link of heavyLinks('drawn:20')) {
    const { acts, long, errors } = await read(browser, address, link);
    console.log(`${link.slice(0, 160)}\n  ${acts.join('  ')}`);
    for (const error of errors) console.log(`  ERROR ${error}`);
    for (const task of long) console.log(`  ${task}`);
  }
});

/** Opens a link and does what a reader may do. */
async function read(browser, address, link) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('crash', () => errors.push('the page crashed'));
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await browser.startTracing(page, { categories: CATEGORIES });
  const acts = [];
  const act = async (name, work, given) => {
    const begun = Date.now();
    await page.evaluate((text) => performance.mark(`act ${text}`), name);
    const said = await page.evaluate(work, given);
    await page.waitForTimeout(WATCHED_MS * Math.min(SLOWER, 2));
    acts.push(`${name} ${Date.now() - begun}${said === undefined ? '' : ` (${said})`}`);
  };
  try {
    await page.goto(`${address}index.html${link}`);
    await page.waitForFunction(() => document.querySelector('sf-app')?.session !== undefined);
    await act('open', () => undefined);
    await act('play', () => {
      const { session } = document.querySelector('sf-app');
      session.player.setSpeed(Infinity);
      session.player.play();
    });
    await act('all views', () => document.querySelector('sf-app').session.choose({ view: 'both' }));
    await act('seek to the end', () => {
      const { session } = document.querySelector('sf-app');
      session.travel.seek(session.state.end_ms);
    });
    await act('flip a defence on the way', async () => {
      const { session } = document.querySelector('sf-app');
      session.travel.seek(500);
      session.travel.seek(session.state.end_ms);
      for (const [id, on] of Object.entries(session.state.defences)) {
        session.edits.defend(id, !on);
        await new Promise((done) => setTimeout(done, 100));
      }
    });
    await act('stop', () => document.querySelector('sf-app').session.travel.stay());
    await act('history', () => document.querySelector('sf-app').session.choose({ view: 'history' }));
    await act('logs', () => document.querySelector('sf-app').session.choose({ view: 'logs' }));
    await act('spacetime', () => document.querySelector('sf-app').session.choose({ view: 'spacetime' }));
    await act('cards', async () => {
      const { session } = document.querySelector('sf-app');
      const frame = () => new Promise(requestAnimationFrame);
      for (const { id } of session.about.nodes.slice(0, 5)) {
        session.pictures.select({ kind: 'node', id });
        session.redraw();
        await frame();
      }
      session.pictures.select({ kind: 'event', id: Math.floor(session.state.events / 2) });
      session.redraw();
    });
    await act('steps', async () => {
      const { session } = document.querySelector('sf-app');
      for (const step of ['stepBack', 'previousInteresting', 'step', 'nextInteresting', 'restart']) {
        session.travel[step]();
        await new Promise((done) => setTimeout(done, 200));
      }
      return `${(session.timeMs / 1000).toFixed(1)} of ${(session.state.end_ms / 1000).toFixed(1)} s, ${session.state.events} events`;
    });
    await act(
      'leave and come',
      async (hash) => {
        for (const other of ['#/', '#/raft?t=20s', hash, '#/double-charge', hash]) {
          location.hash = other;
          await new Promise((done) => setTimeout(done, 150));
        }
      },
      link,
    );
  } catch (error) {
    errors.push(String(error).slice(0, 300));
  }
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await page.context().close();
  return { acts, long: longTasks(trace.traceEvents), errors };
}

/** The long tasks of the page's main thread, each with the act that it fell into and what took long in it. */
function longTasks(events) {
  const main = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const threads = new Set(main.map(({ pid, tid }) => `${pid} ${tid}`));
  const ofPage = events.filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
  const marks = ofPage.filter(({ name, cat }) => cat?.includes('user_timing') && name.startsWith('act '));
  const timed = ofPage.filter(({ ph, dur }) => ph === 'X' && dur !== undefined);
  const tasks = timed.filter(({ name }) => /RunTask/.test(name));
  const tasksByTime = tasks.filter((task) => spent(task) > LONG_MS);
  const seen = new Set();
  return tasksByTime.flatMap((task) => {
    const key = `${task.tid} ${Math.round(task.ts / 1000)}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const end = task.ts + task.dur;
    const within = timed.filter(
      ({ ts, dur, tid, name }) =>
        tid === task.tid && ts >= task.ts && ts + dur <= end && !/RunTask/.test(name),
    );
    const largest = within.sort((a, b) => spent(b) - spent(a)).slice(0, 6);
    const act = marks.filter(({ ts }) => ts <= task.ts).at(-1)?.name ?? 'act load';
    const parts = largest.map((each) => `${each.name}${where(each)} ${spent(each).toFixed(0)}`);
    return [
      `${spent(task).toFixed(0)} ms (${(task.dur / 1000).toFixed(0)} by the clock) in ${act}: ${parts.join(', ')}`,
    ];
  });
}

function where({ args }) {
  const { functionName, url } = args?.data ?? {};
  const name = functionName ?? args?.data?.type;
  return name || url
    ? ` [${name ?? ''} ${(url ?? '').split('/').at(-1)}:${args.data.lineNumber ?? ''}]`
    : '';
}

/** Milliseconds of the processor, where the trace tells them. */
function spent({ dur, tdur }) {
  return (tdur ?? dur) / 1000;
}
