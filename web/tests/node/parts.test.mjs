// The module's parts: what a run needs of them, and what becomes of a run without them.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Run, __wbg_reset_state, doors, initSync, labs } from '../../src/core/pkg/slowfire.js';
import { PARTS } from '../../src/core/pkg/parts.js';
import { loadBehind, loadOfAll, loadWhole, partsBehind } from '../../src/core/whole.mjs';

/** As the page asks: see `session/run/looking-ahead.ts`. */
const AHEAD = 250;

loadWhole();
const links = labs().map(({ id }) => `#/${id}?seed=3`);

/** What is asked of any run after its first picture: to look ahead is. */
const later = PARTS.find(({ name }) => name === 'later').doors;

/** The digest of a whole run, whose checks have judged it, also with each switch flipped. */
function digestOf(link) {
  const run = new Run(link);
  run.seek(run.end_ms());
  run.arrive();
  while (!run.look_ahead(AHEAD));
  const told = [run.digest(), run.state(0).verdicts, run.outlook()];
  run.free();
  return told;
}

/** Loads a lab's text, then the protocol that it names, then its checks: each asks for the next. */
function loadFor(link) {
  const known = new Set();
  const unknown = () => [...doors(link)].filter((door) => !known.has(door));
  for (let wanted = unknown(); wanted.length > 0; wanted = unknown()) {
    loadBehind(wanted);
    for (const door of wanted) known.add(door);
  }
}

test('a run needs the parts behind its doors alone', () => {
  const whole = links.map(digestOf);
  const alone = links.map((link) => {
    __wbg_reset_state();
    loadOfAll();
    loadFor(link);
    loadBehind(later);
    return digestOf(link);
  });
  assert.deepEqual(alone, whole);
});

test('each protocol and each check of a lab is in a part', () => {
  for (const link of links) {
    const known = PARTS.flatMap((part) => part.doors);
    for (const door of doors(link))
      assert.ok(known.includes(door), `${link}: nothing is behind door ${door}`);
  }
});

test('a lab needs no other lab’s protocol and no other lab’s text', () => {
  loadWhole();
  const names = (link) => partsBehind(doors(link)).map(({ name }) => name);
  assert.ok(names('#/double-charge').includes('requests-payments'));
  assert.ok(!names('#/double-charge').includes('agreement-raft'));
  assert.ok(names('#/raft').includes('agreement-raft'));
  const texts = (link) => names(link).filter((name) => name.startsWith('lab-'));
  assert.deepEqual(texts('#/double-charge'), ['lab-double-charge']);
  assert.deepEqual(texts('#/nonsense'), ['lab-double-charge']);
  assert.deepEqual(texts('#/raft?seed=3'), ['lab-raft']);
});

test('a run whose part is missing stops, and tells which one it is', () => {
  __wbg_reset_state();
  loadOfAll();
  const text = doors('#/raft');
  loadBehind(text);
  loadBehind([...doors('#/raft')].filter((door) => !text.includes(door)));
  assert.throws(() => new Run('#/raft'), WebAssembly.RuntimeError);
  const missing = initSync().missing.value;
  assert.match(PARTS[missing - 1].name, /^check-/);
});
