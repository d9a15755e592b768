// How heavy the simulator's parts are, beside what they may weigh (budget.json), and what grew.
//
//   node bench/size.mjs                       a line for each part that is not as it was, and its sources
//   SLOWFIRE_BLESS=1 node bench/size.mjs      writes budget.json anew

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { PARTS } from '../src/core/pkg/parts.js';

const PKG = new URL('../src/core/pkg/', import.meta.url);
const BUDGET = new URL('../budget.json', import.meta.url);
/** By how much a part may be larger than it was when the budget was written. */
const SLACK = 1.02;
/** So few sources of a part are kept in the budget: the heaviest. */
const SOURCES = 8;

/** The bytes of a file as a static host would compress it. */
export function compressed(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params }).length;
}

/** For each part: its bytes, and the bytes that the modules of its sources take before they are optimised. */
export function measureParts() {
  const files = [
    ['main', new URL('slowfire_bg.wasm', PKG)],
    ...PARTS.map(({ name, url }) => [name, new URL(url)]),
  ];
  const sources = readSources();
  return Object.fromEntries(
    files.map(([name, file]) => [
      name,
      { bytes: compressed(readFileSync(file)), sources: Object.fromEntries(sources.get(name)) },
    ]),
  );
}

function readSources() {
  const sources = new Map();
  for (const line of readFileSync(new URL('weights.tsv', PKG), 'utf8').trimEnd().split('\n')) {
    const [part, source, bytes] = line.split('\t');
    const listed = sources.get(part) ?? [];
    if (listed.length < SOURCES) sources.set(part, [...listed, [source, Number(bytes)]]);
  }
  return sources;
}

export const readBudget = () => JSON.parse(readFileSync(BUDGET, 'utf8'));

/** What is wrong with the parts as they are, in a sentence each. */
export function excesses(parts, budget) {
  const told = [];
  for (const [name, { bytes }] of Object.entries(parts)) {
    const allowed = budget[name]?.bytes;
    if (allowed === undefined) told.push(`${name} is new: ${bytes} bytes`);
    else if (bytes > SLACK * allowed) told.push(`${name} grew from ${allowed} to ${bytes} bytes`);
  }
  for (const name of Object.keys(budget)) {
    if (!(name in parts)) told.push(`${name} is gone`);
  }
  return told;
}

function tell(parts, budget) {
  const percent = (now, was) => `${(100 * (now / was - 1)).toFixed(1)} %`;
  for (const [name, { bytes, sources }] of Object.entries(parts)) {
    const was = budget[name];
    if (was?.bytes === bytes) continue;
    console.log(
      `${name}: ${bytes} bytes${was ? `, was ${was.bytes} (${percent(bytes, was.bytes)})` : ', is new'}`,
    );
    for (const [source, weight] of Object.entries(sources)) {
      const before = was?.sources[source];
      if (before !== weight) console.log(`    ${source}: ${weight}${before ? `, was ${before}` : ''}`);
    }
  }
  for (const sentence of excesses(parts, budget)) console.log(`Over budget: ${sentence}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parts = measureParts();
  if (process.env.SLOWFIRE_BLESS) writeFileSync(BUDGET, `${JSON.stringify(parts, null, 2)}\n`);
  else tell(parts, readBudget());
}
