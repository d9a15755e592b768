// A hunt in WebAssembly finds what `slowfire hunt` finds, in parts that are added up in any order.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Hunt, hunt_add, hunt_found, hunt_link } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';
import { hunted } from '../hunted.mjs';

loadWhole();

const SEEDS = 120;

/** As workers do it that are not in order. */
function inWasm(link) {
  const parts = [
    [50, SEEDS],
    [0, 7],
    [7, 50],
  ].map(([first, end]) => {
    const hunt = new Hunt(link);
    for (let seed = first; seed < end; seed += 1) hunt.run(seed);
    const found = hunt.take();
    hunt.free();
    return found;
  });
  return hunt_found(
    link,
    parts.reduce((sum, part) => hunt_add(link, sum, part), new Float64Array()),
  );
}

const byId = (checks, value) => Object.fromEntries(checks.map((check) => [check.id, value(check)]));

for (const link of [
  '#/double-charge',
  '#/double-charge?loss=0.1&on=idempotency-key&do=crash:bank@2s,restart:bank@4s',
  '#/stale-read',
  '#/timeout-tuning?on=adaptive-timeout',
  '#/raft-votes',
]) {
  test(`counts, intervals and the first failing seeds of ${link} are the command's`, () => {
    const found = inWasm(hunt_link(link));
    const expected = hunted(link, 0, SEEDS);
    assert.equal(found.runs, expected.runs);
    assert.equal(found.failed.count, expected.failed);
    assert.deepEqual([found.failed.low, found.failed.high], expected.interval);
    assert.deepEqual(
      byId(found.checks, ({ violated }) => violated.count),
      expected.violated,
    );
    assert.deepEqual(
      byId(found.checks, ({ violated: { low, high } }) => [low, high]),
      expected.intervals,
    );
    assert.equal(
      found.checks.some(({ undecided }) => undecided > 0),
      expected.undecided !== undefined,
    );
    const [first, second] = found.failing;
    assert.equal(first?.seed, expected.first?.seed);
    assert.equal(first?.at_ms, expected.first?.at_ms);
    assert.equal(first?.link, expected.first?.link);
    if (second) assert.equal(second.seed, hunted(link, first.seed + 1, SEEDS).first.seed);
  });
}

test('what a hunt holds does not grow with its seeds', () => {
  const link = '#/double-charge';
  const hunt = new Hunt(link);
  let [sum, next] = [new Float64Array(), 0];
  const lengths = [100, 2000].map((end) => {
    for (; next < end; next += 1) hunt.run(next);
    sum = hunt_add(link, sum, hunt.take());
    return sum.length;
  });
  assert.equal(lengths[1], lengths[0]);
});
