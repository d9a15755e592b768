// Runs wasm-opt's passes on a module and its parts, if it has any: node build/optimise.mjs <directory of the bindings>
//
// In one process, since starting Binaryen takes longer than most parts do.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const directory = process.argv[2];
const wasmIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.wasm'));
const parts = existsSync(`${directory}/parts`) ? wasmIn(`${directory}/parts`) : [];
const files = [...wasmIn(directory), ...parts.map((name) => `parts/${name}`)];

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

for (const file of files) {
  const path = `${directory}/${file}`;
  writeFileSync(path, optimise(readFileSync(path)));
}
