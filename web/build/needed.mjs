// Writes which parts each lab needs, so that the page can load them beside the main module: node build/needed.mjs
import { writeFileSync } from 'node:fs';
import { doors, labs } from '../src/core/pkg/slowfire.js';
import { PARTS } from '../src/core/pkg/parts.js';
import { loadWhole, partsBehind } from '../src/core/whole.mjs';

const PKG = new URL('../src/core/pkg/', import.meta.url);

loadWhole();
const needed = labs().map(({ id }) => [
  id,
  partsBehind(doors(`#/${id}`)).map((part) => PARTS.indexOf(part)),
]);
const value = JSON.stringify(Object.fromEntries(needed));
writeFileSync(new URL('needed.js', PKG), `export const NEEDED = ${value};\n`);
writeFileSync(
  new URL('needed.d.ts', PKG),
  '/** The parts that each lab needs as it is, by their places in the list. */\nexport const NEEDED: Readonly<Record<string, readonly number[]>>;\n',
);
