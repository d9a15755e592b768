// The same link gives the same run natively and in WebAssembly.
//
// SLOWFIRE_SEEDS=1000 npm run test:node   runs more seeds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { Run, labs } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';

const SEEDS = Number(process.env.SLOWFIRE_SEEDS ?? 50);
const root = fileURLToPath(new URL('../../..', import.meta.url));

loadWhole();

function inWasm(link) {
  const run = new Run(link);
  assert.deepEqual(run.problems(), [], link);
  run.seek(run.end_ms());
  run.arrive();
  const line = `${link} ${run.digest()} ${run.state(0).events}`;
  run.free();
  return line;
}

function natively(links) {
  const command = [
    'run',
    '--quiet',
    '--profile',
    'test',
    '--package',
    'slowfire-scenario',
    '--example',
    'digests',
  ];
  const output = execFileSync('cargo', command, { cwd: root, input: links.join('\n'), encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);

test('every lab has the same digest natively and in WebAssembly', () => {
  const links = labs().flatMap(({ id }) => seeds.map((seed) => `#/${id}?seed=${seed}`));
  assert.ok(links.length >= SEEDS);
  const expected = natively(links);
  assert.equal(new Set(expected.map((line) => line.split(' ')[1])).size, links.length, 'runs differ');
  assert.deepEqual(links.map(inWasm), expected);
});

test('so have runs with other weather, clocks, switches and interventions', () => {
  const links = seeds.map((seed) => {
    const weather = `latency=${20 + 7 * seed}ms&jitter=${seed}ms&loss=${(seed % 10) / 20}&duplication=${(seed % 7) / 20}`;
    const clocks = `skew.bob=${seed - 25}ms`;
    const switches = seed % 2 ? 'on=idempotency-key' : 'off=retry';
    const deeds = `do=loss:0.9@${1 + (seed % 5)}s,pause:alice@2.5s,crash:bank@4s,restart:bank@5s,resume:alice@6s`;
    return `#/double-charge?seed=${seed}&${weather}&${clocks}&${switches}&${deeds}`;
  });
  assert.deepEqual(links.map(inWasm), natively(links));
});
