// A run drawn from a seed has the same digest natively and in WebAssembly.
//
//   SLOWFIRE_PROBE=path/to/probe.wasm node --test crates/probe/tests/
//
// SLOWFIRE_SEEDS=100000 draws more runs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const SEEDS = Number(process.env.SLOWFIRE_SEEDS ?? 1000);
const root = fileURLToPath(new URL('../../..', import.meta.url));

function natively() {
  const command = ['run', '--quiet', '--profile', 'test', '--package', 'slowfire-probe', '--bin', 'digests', '--'];
  return execFileSync('cargo', [...command, String(SEEDS)], { cwd: root, encoding: 'utf8' }).trimEnd().split('\n');
}

async function inWasm() {
  const { instance } = await WebAssembly.instantiate(readFileSync(process.env.SLOWFIRE_PROBE));
  const digest = (_, seed) => BigInt.asUintN(64, instance.exports.digest(BigInt(seed))).toString(16).padStart(16, '0');
  return Array.from({ length: SEEDS }, digest);
}

test(`${SEEDS} drawn runs have the same digests natively and in WebAssembly`, async () => {
  const expected = natively();
  assert.equal(expected.length, SEEDS);
  assert.ok(new Set(expected).size > SEEDS * 0.99, 'runs differ');
  assert.deepEqual(await inWasm(), expected);
});
