/** The words of all views, as the module declares them to the page: what goes through every view learns of new ones. */
import { readFileSync } from 'node:fs';

const wire = readFileSync(new URL('../src/core/wire.ts', import.meta.url), 'utf8');
const [, union] = /^export type View = ([^;]+);/m.exec(wire);

export const VIEWS = [...union.matchAll(/'(\w+)'/g)].map(([, word]) => word);
