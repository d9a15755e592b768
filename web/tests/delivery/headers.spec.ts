/** `_headers`, as Netlify and Cloudflare Pages read it, against what the README asks of a host. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from '../lab.ts';
import { DIST } from './static-host.ts';

interface Rule {
  path: RegExp;
  headers: [name: string, value: string][];
}

/** A path, and below it lines of headers. `*` is all that follows, `:name` a folder or a file. */
function rulesIn(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s+([\w-]+): (.+)$/.exec(line) ?? [];
    if (line === '' || line.startsWith('#')) continue;
    else if (/^\/\S*$/.test(line)) rules.push({ path: pattern(line), headers: [] });
    else if (name !== undefined && value !== undefined) rules.at(-1)?.headers.push([name, value]);
    else throw new Error(`_headers: ${line}`);
  }
  return rules;
}

function pattern(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+').replace('*', '.*')}$`);
}

/** What a file is sent with. Of two values of a header one host sends both, the other the last. */
function sentWith(rules: readonly Rule[], file: string): Map<string, string> {
  const sent = new Map<string, string>();
  for (const [name, value] of rules
    .filter(({ path }) => path.test(file))
    .flatMap(({ headers }) => headers)) {
    expect(sent.has(name.toLowerCase()), `${file} has ${name} twice`).toBe(false);
    sent.set(name.toLowerCase(), value);
  }
  return sent;
}

const rules = rulesIn(readFileSync(`${DIST}_headers`, 'utf8'));
const names = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
const files = names.filter((name) => statSync(DIST + name).isFile()).map((name) => `/${name}`);
// As `SLOWFIRE_VERSION=1.2 scripts/build` leaves them.
const all = [...files, ...files.map((file) => `/1.2${file}`)];

test('every file may be read from elsewhere, and every page be framed', () => {
  for (const file of all) {
    const sent = sentWith(rules, file);
    expect(sent.get('access-control-allow-origin'), file).toBe('*');
    expect(sent.get('x-frame-options'), file).toBeUndefined();
    // Each page has its own.
    expect(sent.get('content-security-policy'), file).toBeUndefined();
  }
});

test('what has its content in its name is kept, and all else is asked for anew', () => {
  for (const file of all) {
    const kept = sentWith(rules, file).get('cache-control');
    const isKept = /^(?:\/1\.2)?\/assets\/.*-[\w-]{8}\.\w+(?:\.(?:br|gz))?$/.test(file);
    expect(kept, file).toBe(isKept ? 'public, max-age=31536000, immutable' : undefined);
  }
});

test('it is read as it is meant', () => {
  const read = rulesIn('# Said of all\n/*\n  A: 1\n/:version/assets/*\n  B: x: y\n');
  expect([...sentWith(read, '/a')]).toEqual([['a', '1']]);
  expect([...sentWith(read, '/1.2/assets/b')].sort()).toEqual([
    ['a', '1'],
    ['b', 'x: y'],
  ]);
  expect(() => rulesIn('/*\nA: 1\n')).toThrow('_headers: A: 1');
});
