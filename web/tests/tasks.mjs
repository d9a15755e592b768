/**
 * What holds up a page, in time of the processor: the tasks of its main thread while somebody opens a link and does with the run
 * what a reader may do.
 *
 * The browser's trace tells the thread's own time, so what else the machine does counts little. It also tells how long a task
 * takes on a slower machine: so many times longer, but for what stops by the clock, which does less instead. So the page's
 * clock is made to go faster by as much. A browser that slows itself down would not do: it makes the page wait for as long as
 * the others on the machine have kept it waiting, again and again.
 */
const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'toplevel',
  'v8',
  'blink.user_timing',
];

/** How long a run is watched that plays. */
const WATCHED_MS = 1500;

/** What a reader may do with a lab's run, in this order, each in the page. */
export const ACTS = {
  'play at ten times': async (app, watched) => {
    app.session.player.setSpeed(10);
    app.session.player.play();
    await new Promise((done) => setTimeout(done, watched));
  },
  'all views': ({ session }) => session.choose({ view: 'both' }),
  'seek to the end': ({ session }) => {
    session.player.pause();
    session.travel.seek(session.state.end_ms);
  },
  'flip each defence': async ({ session }) => {
    for (const [id, on] of Object.entries(session.state.defences)) {
      session.edits.defend(id, !on);
      await new Promise((done) => setTimeout(done, 150));
    }
  },
  'flip a defence on the way': async ({ session }) => {
    session.travel.seek(500);
    await new Promise(requestAnimationFrame);
    session.travel.seek(session.state.end_ms);
    await new Promise(requestAnimationFrame);
    const [id] = Object.keys(session.state.defences);
    if (id !== undefined) session.edits.defend(id, !session.state.defences[id]);
  },
  'move sliders late': async ({ session }) => {
    for (const { key, min, max } of session.about.controls.slice(0, 5)) {
      for (const share of [0.2, 0.5]) {
        session.edits.set(key, min + (max - min) * share);
        await new Promise(requestAnimationFrame);
      }
      session.edits.endDrag();
    }
  },
  stay: ({ session }) => session.travel.stay(),
  history: ({ session }) => session.choose({ view: 'history' }),
  logs: ({ session }) => session.choose({ view: 'logs' }),
  'space-time': ({ session }) => session.choose({ view: 'spacetime' }),
  cards: async ({ session }) => {
    const show = async (selection) => {
      session.pictures.select(selection);
      session.redraw();
      await new Promise(requestAnimationFrame);
    };
    for (const { id } of session.about.nodes.slice(0, 5)) await show({ kind: 'node', id });
    await show({ kind: 'event', id: Math.floor(session.state.events / 2) });
    await show(undefined);
  },
  steps: async ({ session }) => {
    for (const step of ['stepBack', 'previousInteresting', 'step', 'nextInteresting', 'restart']) {
      session.travel[step]();
      await new Promise((done) => setTimeout(done, 200));
    }
  },
  'leave and come': async () => {
    const { hash } = location;
    for (const other of ['#/', '#/raft?t=20s', hash, '#/double-charge', hash]) {
      location.hash = other;
      await new Promise((done) => setTimeout(done, 200));
    }
  },
};

/** Does an act in the page's app, and waits until what it set in motion has come to rest, or has been stopped. */
export async function act(page, name, patienceMs) {
  await page.evaluate((text) => performance.mark(`act ${text}`), name);
  await page.locator('sf-app').evaluate(ACTS[name], WATCHED_MS);
  await arrive(page, patienceMs);
}

/**
 * Waits until the run is where it is bound for, and for the frames and the idle work after that. After so long the way is
 * stopped, as a reader stops it.
 */
export async function arrive(page, patienceMs = 1e9) {
  await page.locator('sf-app').evaluate(async (app, patience) => {
    const until = Date.now() + patience;
    for (let frames = 0; frames < 5;) {
      await new Promise(requestAnimationFrame);
      const { session } = app;
      if (Date.now() > until) session?.travel.stay();
      const isOnWay = session && session.timeMs < Math.min(session.aimMs, session.state.end_ms);
      frames = isOnWay || session?.isLoading ? 0 : frames + 1;
    }
    await new Promise((done) => requestIdleCallback(done, { timeout: 1000 }));
  }, patienceMs);
}

/**
 * Traces the browser while `work` uses the page. Answers all tasks as long as they are where the processor is so many times
 * slower, the longest first, each with the act that it fell into.
 */
export async function tasksDuring(browser, page, work, slower = 1) {
  await page.addInitScript((times) => {
    performance.mark('act load');
    const now = performance.now.bind(performance);
    performance.now = () => times * now();
  }, slower);
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace;
  try {
    await work();
  } finally {
    trace = JSON.parse((await browser.stopTracing()).toString());
  }
  return tasksOf(trace.traceEvents, slower);
}

function tasksOf(events, slower) {
  const marks = events.filter(({ name, cat }) => cat?.includes('user_timing') && name.startsWith('act '));
  // The browser has pages of its own.
  const threads = new Set(marks.map(({ pid, tid }) => `${pid} ${tid}`));
  const ofPage = events.filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
  const timed = ofPage.filter(({ ph, dur }) => ph === 'X' && dur !== undefined);
  const tasks = timed.filter(({ name }) => name === 'ThreadControllerImpl::RunTask');
  // The time on the wall would count what else the machine does.
  if (tasks.every(({ tdur }) => tdur === undefined))
    throw new Error('the trace tells no time of the processor');
  return tasks
    .map((task) => ({
      act:
        marks
          .filter(({ ts }) => ts <= task.ts)
          .at(-1)
          ?.name.slice('act '.length) ?? 'load',
      ms: slower * spent(task),
      wallMs: task.dur / 1000,
      get parts() {
        return partsOf(task, timed);
      },
    }))
    .sort((one, other) => other.ms - one.ms);
}

/** What took longest in a task. */
function partsOf(task, timed) {
  const end = task.ts + task.dur;
  return timed
    .filter(
      ({ ts, dur, pid, tid, name }) =>
        pid === task.pid && tid === task.tid && ts >= task.ts && ts + dur <= end && !/RunTask/.test(name),
    )
    .sort((one, other) => spent(other) - spent(one))
    .slice(0, 6)
    .map((each) => `${each.name}${where(each)} ${spent(each).toFixed(0)}`)
    .join(', ');
}

function where({ args }) {
  const { functionName, url } = args?.data ?? {};
  const name = functionName ?? args?.data?.type;
  return name || url
    ? ` [${name ?? ''} ${(url ?? '').split('/').at(-1)}:${args.data.lineNumber ?? ''}]`
    : '';
}

/** Milliseconds of the processor: the trace leaves out what is less than a microsecond. */
function spent({ tdur = 0 }) {
  return tdur / 1000;
}
