// What the built module holds beside its code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { PARTS } from '../../src/core/pkg/parts.js';

const files = [
  new URL('../../src/core/pkg/slowfire_bg.wasm', import.meta.url),
  ...PARTS.map(({ url }) => new URL(url)),
];
const text = files.map((file) => readFileSync(file, 'latin1')).join('');

test('no path of the machine that built it, and nothing about its compiler or its registry', () => {
  const places = [
    /\/rustc\/[0-9a-f]{40}/,
    /\/home\//,
    /\/root\//,
    /\/Users\//,
    /\.cargo/,
    /\.rustup/,
    /registry\/src/,
  ];
  for (const place of places) assert.doesNotMatch(text, place);
});

test('its sources go by the same names wherever it is built', () => {
  assert.match(text, /crates\/serde_json-[\d.]+\/src/);
  assert.match(text, /rust\/+library\/core\/src/);
  assert.match(text, /crates\/scenario\/src/);
});
