// First views: what a lab as it is calls of the simulator before the rest of that is there.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Run, __wbg_reset_state, initSync } from '../../src/core/pkg/slowfire.js';
import { NEEDED } from '../../src/core/pkg/needed.js';
import { PARTS } from '../../src/core/pkg/parts.js';
import { loadView, loadWhole } from '../../src/core/whole.mjs';
import { drawn } from '../../build/drawn.mjs';

// There must be a module before it can be made anew.
loadWhole();

/** Which moments and sizes are drawn; the recording draws others. */
const SEEDS = [1, 2];

/** A canvas that takes everything and shows nothing. */
const context = new Proxy({}, { get: () => () => undefined, set: () => true });

function look(run, next, nodes) {
  const lit = Math.floor(next() * 3);
  const { messages } = run.state(60);
  const from_ms = Math.floor(next() * run.end_ms());
  return JSON.stringify({
    perspective: null,
    selected_event: null,
    first_index: null,
    light_node: lit === 1 ? nodes[Math.floor(next() * nodes.length)].id : null,
    light_message: lit === 2 ? (messages[0]?.id ?? null) : null,
    bent: next() < 0.3,
    from_ms,
    to_ms: from_ms + 1 + Math.floor(next() * 9000),
  });
}

/** Watches a lab as it is at moments and sizes that nobody chose. Answers what it told. */
function watch(lab, { untilMs, view }, seed) {
  const next = drawn(seed);
  const run = new Run(`#/${lab}`, next() < 0.5 ? 64 : undefined);
  const told = [run.lesson(), run.problems(), run.revision_note(), run.about()];
  const { nodes } = run.about();
  for (let at = 0, moment = 0; moment < 25; moment += 1) {
    at = next() < 0.2 ? next() * untilMs : Math.min(untilMs, at + (next() * untilMs) / 8);
    run.seek(next() < 0.5 ? Math.floor(at) : at);
    while (!run.go_on()) if (next() < 0.1) run.state(60);
    run.look(look(run, next, nodes));
    run.paint(view, context, 200 + Math.floor(next() * 2400), 100 + Math.floor(next() * 1300));
    told.push(
      run.state(Math.floor(next() * 200)),
      run.story(),
      run.marks(run.end_ms(), 1000),
      run.link(),
      run.outlook(),
    );
    told.push(
      run.changes(),
      run.futures(),
      run.steps(),
      run.link_from_start(),
      run.violation_ms(),
      run.next_activity_ms(),
    );
  }
  run.free();
  return told;
}

for (const [lab, first] of Object.entries(NEEDED)) {
  test(`the first view of ${lab} needs its own parts alone, and tells the same with them`, () => {
    for (const seed of SEEDS) {
      __wbg_reset_state();
      loadWhole();
      const whole = watch(lab, first, seed);
      __wbg_reset_state();
      loadView(first);
      assert.deepEqual(watch(lab, first, seed), whole);
    }
  });
}

test('what no first view calls is not there until the rest is', () => {
  __wbg_reset_state();
  loadView(NEEDED['double-charge']);
  const run = new Run('#/double-charge');
  assert.throws(() => run.defend('idempotency-key', true), WebAssembly.RuntimeError);
  assert.equal(PARTS[initSync().missing.value - 1].name, 'rest');
});

test('the first lab needs nothing that only other labs’ first views call', () => {
  const names = ({ parts }) => parts.map((place) => PARTS[place].name);
  assert.ok(!names(NEEDED['double-charge']).includes('more'));
  assert.ok(names(NEEDED.raft).includes('more'));
});
