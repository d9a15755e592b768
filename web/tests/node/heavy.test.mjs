// Whatever a link asks for, no call that the page makes takes long: opening, going on, reading, painting, flipping a defence.
//
// SLOWFIRE_HEAVY=all npm run test:node           tries every heavy link (hours)
// SLOWFIRE_HEAVY='#/stale-read?latency=0s' ...   tries one
//
// Processor time is measured, so it does not matter what else the machine does.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Run, labs } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';
import { heavyLinks } from '../heavy.mjs';
import { slowness } from '../slowness.mjs';
import { VIEWS } from '../views.mjs';

/** How long the page may be held up: it is to be 50 ms, and the longest are a little above. */
const LONGEST_MS = 60 * slowness();
/** Some of the time is the compiler's, which optimises what runs often: a call that is slow twice is slow. */
const TIMES = 3;
/** What a run may take in an embed, and on a page: what takes longer the more there is shows on the page. */
const MEMORIES_MIB = [64, 256];
/** As the page asks: see `session/run/readings.ts`, `session/pictures/pictures.ts`, `session/run/looking-ahead.ts`. */
const [MOST_LISTED, CELLS, AHEAD] = [200, 1000, 250];
const [WIDTH, HEIGHT] = [960, 540];

loadWhole();

/** A canvas that takes everything and shows nothing. */
const context = new Proxy({}, { get: () => () => undefined, set: () => true });

/** How long a link of the sample is tried: on its ways it is stopped then, as a reader stops it. */
const TRIED_MS = process.env.SLOWFIRE_HEAVY === undefined ? 6000 : Infinity;

/** Calls of the module, and the longest of each kind. */
class Calls {
  longest = new Map();
  begun = process.cpuUsage();

  get isOver() {
    return process.cpuUsage(this.begun).user / 1000 > TRIED_MS;
  }

  call(name, work) {
    const begun = process.cpuUsage();
    const answer = work();
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1000;
    if (ms > (this.longest.get(name) ?? 0)) this.longest.set(name, ms);
    return answer;
  }

  travel(run) {
    while (!this.call('go_on', () => run.go_on())) {
      if (this.isOver) run.stay();
    }
  }

  /** All that a page reads and paints where a run comes to rest, the window on time as wide as it may be. */
  read(run) {
    const end = run.end_ms();
    this.call('state', () => run.state(MOST_LISTED));
    this.call('story', () => run.story());
    this.call('outlook', () => run.outlook());
    this.call('marks', () => run.marks(end, CELLS));
    this.call('link', () => run.link());
    this.call('digest', () => run.digest());
    this.call('series', () => run.series());
    this.call('changes', () => run.changes());
    this.call('futures', () => run.futures());
    this.call('look', () => run.look(JSON.stringify({ from_ms: 0, to_ms: Math.max(run.time_ms(), 1) })));
    for (const view of VIEWS) {
      this.call(`paint ${view}`, () => run.paint(view, context, WIDTH, HEIGHT));
      this.call(`legend ${view}`, () => run.legend(view, WIDTH, HEIGHT));
      this.call(`pick ${view}`, () => run.pick(view, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT));
    }
    this.call('operations', () => run.operations(MOST_LISTED));
    const { events, messages } = run.state(1);
    const { nodes } = run.about();
    this.call('event card', () => run.event_card(Math.floor(events / 2)));
    this.call('node card', () => run.node_card(nodes[0].id));
    this.call('link card', () => run.link_card(nodes[0].id, nodes.at(-1).id));
    for (const { id } of messages) this.call('message card', () => run.message_card(id));
    this.call('select', () => run.look(JSON.stringify({ selected_event: Math.floor(events / 2) })));
    this.call('paint selected', () => run.paint('spacetime', context, WIDTH, HEIGHT));
  }
}

/** Sets the run beside another one with a defence flipped, and compares them at a few moments. */
function besideAnother(calls, run, memoryMib) {
  const [flipped] = Object.keys(run.state(0).defences);
  const link = run.flipped_link(flipped ?? '');
  if (link === undefined) return;
  const other = calls.call('open', () => new Run(link, memoryMib));
  const twin = calls.call('beside', () => run.beside(other));
  for (const share of [0, 0.5, 1]) {
    for (const one of [run, other]) {
      calls.call('seek', () => one.seek(run.end_ms() * share));
      calls.travel(one);
    }
    calls.call('compare', () => twin.compare(run, other));
    for (const view of VIEWS) calls.call(`paint ${view}`, () => run.paint(view, context, WIDTH, HEIGHT));
    for (let asked = 0; asked < 100 && !calls.call('go on', () => twin.go_on(1 << 12)); asked += 1);
    calls.call('figures', () => twin.figures(run, other));
  }
  twin.leave(run, other);
  for (const made of [twin, other]) calls.call('free', () => made.free());
}

/** Does things in the past, which begins another future each time, and goes over to the first one. */
function actInThePast(calls, run) {
  const end = run.end_ms();
  const [{ id }] = run.about().nodes;
  for (const share of [0.8, 0.6, 0.4, 0.2]) {
    calls.call('seek', () => run.seek(end * share));
    calls.travel(run);
    calls.call('act', () => run.act(`pause:${id}`));
    calls.travel(run);
    calls.call('next_interesting', () => run.next_interesting());
    calls.travel(run);
  }
  calls.call('undo', () => run.undo());
  calls.travel(run);
  calls.call('switch_future', () => run.switch_future(0));
  calls.travel(run);
}

/** Opens a link, goes to its end and back, flips each defence, looks ahead, acts in the past, and takes the link up again. */
function read(link, memoryMib) {
  const calls = new Calls();
  const run = calls.call('open', () => new Run(link, memoryMib));
  try {
    assert.deepEqual(run.problems(), []);
    calls.travel(run);
    calls.read(run);
    for (const moment of [1e12, 500, 1e12]) {
      calls.call('seek', () => run.seek(moment));
      calls.travel(run);
      calls.read(run);
    }
    calls.call('previous_interesting', () => run.previous_interesting());
    calls.travel(run);
    calls.call('step_back', () => run.step_back());
    calls.travel(run);
    for (const { key, max } of run.about().controls) {
      calls.call('set', () => run.set(key, max));
    }
    calls.travel(run);
    calls.call('undo', () => run.undo());
    for (const [id, on] of Object.entries(run.state(0).defences)) {
      calls.call('defend', () => run.defend(id, !on));
      calls.travel(run);
      calls.read(run);
    }
    while (!calls.call('look_ahead', () => run.look_ahead(AHEAD)) && !calls.isOver);
    besideAnother(calls, run, memoryMib);
    actInThePast(calls, run);
    calls.call('take_up', () => run.take_up(link));
    calls.travel(run);
    calls.read(run);
  } finally {
    calls.call('free', () => run.free());
  }
  return calls.longest;
}

/** The calls that are slow each time, with the shortest of their longest times. */
function slowCalls(link, memoryMib) {
  let slow;
  for (let time = 0; time < TIMES; time += 1) {
    const found = [...read(link, memoryMib)].filter(
      ([name, ms]) => ms > LONGEST_MS && (slow?.has(name) ?? true),
    );
    slow = new Map(found.map(([name, ms]) => [name, Math.min(ms, slow?.get(name) ?? ms)]));
    if (slow.size === 0) break;
  }
  return [...slow].map(([name, ms]) => `${name}: ${ms.toFixed(0)} ms`);
}

test('the module has labs to be heavy with', () => {
  assert.ok(labs().length > 0);
});

for (const [place, link] of heavyLinks(8).entries()) {
  const memoryMib = MEMORIES_MIB[place % MEMORIES_MIB.length];
  test(`no call holds the page up, in ${memoryMib} MiB: ${link.slice(0, 100)}`, () => {
    assert.deepEqual(slowCalls(link, memoryMib), []);
  });
}
