// Prints how many seconds judging each history takes in WebAssembly: medians, as JSON.

import { readFileSync } from 'node:fs';

const [path, clients, change, rounds] = process.argv.slice(1).filter((argument) => argument !== '--');
const { exports } = (await WebAssembly.instantiate(readFileSync(path))).instance;
const count = exports.prepare(Number(clients), Number(change));

function seconds(number) {
  const start = performance.now();
  const answer = exports.judge(number);
  if (answer > 1) throw new Error(`history ${number} has no answer: ${answer}`);
  return (performance.now() - start) / 1000;
}

// The engine optimises what has run for a while.
for (let number = 0; number < count; number += 1) seconds(number);

const median = (number) => {
  const times = Array.from({ length: Number(rounds) }, () => seconds(number));
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
};
console.log(JSON.stringify(Array.from({ length: count }, (_, number) => median(number))));
