// The simulator for scripts in Node, which can wait: with all its parts, or with those that some doors lead to.
import { readFileSync } from 'node:fs';
import { initSync } from './pkg/slowfire.js';
import { PARTS } from './pkg/parts.js';

const read = (url) => new WebAssembly.Module(readFileSync(new URL(url, import.meta.url)));

/** Makes the main module, if there is none, and all parts. */
export function loadWhole() {
  loadParts(PARTS);
}

/** Makes the main module, if there is none, and what is called of any run beyond first views. */
export function loadOfAll() {
  loadParts(PARTS.filter(({ name }) => OF_ALL.includes(name)));
}

/** Makes the main module, if there is none, and the parts behind these doors alone. */
export function loadBehind(doors) {
  loadParts(partsBehind(doors));
}

/** Makes the main module, if there is none, and what a first view needs. */
export function loadView({ parts }) {
  loadParts(parts.map((place) => PARTS[place]));
}

/** What the main module calls of any run, and nobody asks for by its doors. */
const OF_ALL = ['more', 'rest'];

/** The parts behind doors, and what they need, in the order in which they can be made. */
export function partsBehind(doors) {
  const entered = PARTS.filter((part) => part.doors.some((door) => doors.includes(door)));
  const needed = entered.flatMap((part) => part.needs.map((place) => PARTS[place]));
  return PARTS.filter((part) => entered.includes(part) || needed.includes(part));
}

function loadParts(parts) {
  const m = { ...initSync({ module: read('./pkg/slowfire_bg.wasm') }) };
  for (const { url } of parts) Object.assign(m, new WebAssembly.Instance(read(url), { m }).exports);
}
