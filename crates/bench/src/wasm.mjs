// Prints how many seconds delivering datagrams takes in WebAssembly, with a trace and without: medians, as JSON.
//
// Each run has a module of its own, as a page has: memory that an earlier run has grown would not have to grow again.

import { readFileSync } from 'node:fs';

const [path, messages, rounds] = process.argv.slice(1).filter((argument) => argument !== '--');
const module = await WebAssembly.compile(readFileSync(path));

async function seconds(isTraced) {
  const { exports } = await WebAssembly.instantiate(module);
  // The engine optimises what has run for a while.
  exports.deliver(50_000, 0);
  const start = performance.now();
  exports.deliver(Number(messages), isTraced);
  return (performance.now() - start) / 1000;
}

async function median(isTraced) {
  const times = [];
  for (let round = 0; round < Number(rounds); round += 1) times.push(await seconds(isTraced));
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

console.log(JSON.stringify([await median(1), await median(0)]));
