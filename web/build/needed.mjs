// Writes which labs there are, `labs.js`, and which parts each of them needs, `needed.js`: so the page can list them without the module,
// and load parts beside it. How much of a lab can be watched with these alone is told, too: node build/needed.mjs <first-views.json of build/record.mjs>
import { readFileSync, writeFileSync } from 'node:fs';
import { doors, labs } from '../src/core/pkg/slowfire.js';
import { PARTS } from '../src/core/pkg/parts.js';
import { loadWhole, partsBehind } from '../src/core/whole.mjs';

const PKG = new URL('../src/core/pkg/', import.meta.url);
const views = Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8')));

loadWhole();
const placeOf = (part) => PARTS.indexOf(part);
const needed = views.map(([id, { needsMore, untilMs, view }]) => {
  const more = PARTS.filter(({ name }) => name === 'more' && needsMore);
  const parts = [...more, ...partsBehind(doors(`#/${id}`))].map(placeOf);
  return [id, { parts: parts.sort((one, other) => one - other), untilMs, view }];
});
const value = JSON.stringify(Object.fromEntries(needed));
writeFileSync(new URL('needed.js', PKG), `export const NEEDED = ${value};\n`);
writeFileSync(
  new URL('needed.d.ts', PKG),
  `/** What the first view of each lab needs. */
export const NEEDED: Readonly<Record<string, FirstView>>;
export interface FirstView {
  /** The parts, by their places in the list, in an order in which they can be made. */
  readonly parts: readonly number[];
  /** Until when it can be played, in virtual milliseconds. */
  readonly untilMs: number;
  /** The view that it is seen in. */
  readonly view: string;
}
`,
);

writeFileSync(new URL('labs.js', PKG), `export const LABS = ${JSON.stringify(labs())};\n`);
writeFileSync(
  new URL('labs.d.ts', PKG),
  `import type { LabEntry } from '../wire.ts';
/** All labs, chapter by chapter. */
export const LABS: LabEntry[];
`,
);
