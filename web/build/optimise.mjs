// Runs wasm-opt's passes on the main module and its parts: node build/optimise.mjs <directory of the bindings>
//
// In one process, since starting Binaryen takes longer than most parts do.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const directory = process.argv[2];
const parts = readdirSync(`${directory}/parts`).map((name) => `parts/${name}`);

/** As `wasm-opt -O3 --converge`. */
function optimise(bytes) {
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  let shortest = bytes;
  for (;;) {
    const module = binaryen.readBinary(shortest);
    module.optimize();
    const next = module.emitBinary();
    module.dispose();
    if (next.length >= shortest.length) return shortest;
    shortest = next;
  }
}

for (const file of ['slowfire_bg.wasm', ...parts]) {
  const path = `${directory}/${file}`;
  writeFileSync(path, optimise(readFileSync(path)));
}
