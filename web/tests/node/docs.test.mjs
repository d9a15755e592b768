// What the documentation says is so: what it names is there, and what is there it names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createServer } from 'vite';
import { Run } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';

loadWhole();
const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
after(() => vite.close());
const { DOCS, readPage } = await vite.ssrLoadModule('/build/docs.ts');
const { storedLink } = await vite.ssrLoadModule('/src/session/stored-link.ts');
const { words } = await vite.ssrLoadModule('/src/words.ts');

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const texts = new Map(DOCS.map((name) => [name, read(`docs/${name}.md`)]));

/** The words of code in the first cells of the table below a heading. */
function firstCells(page, heading) {
  const [, rest = ''] = texts.get(page).split(new RegExp(`^#+ ${heading}$`, 'm'));
  const rows = rest
    .split(/^#+ /m)[0]
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, code]) => code));
}

/** The words in quotes of a constant of TypeScript or Rust. */
function quoted(path, constant) {
  const [, list = ''] = new RegExp(`const ${constant}\\b[^=]*= \\[([^\\]]*)\\]`).exec(read(path)) ?? [];
  return [...list.matchAll(/['"]([^'"]+)['"]/g)].map(([, word]) => word);
}

function sameWords(documented, real, what) {
  assert.ok(real.length > 0, what);
  assert.deepEqual([...documented].sort(), [...real].sort(), what);
}

function open(link, what = link) {
  const run = new Run(link);
  assert.deepEqual([...run.problems(), ...run.revision_note()], [], what);
  run.free();
}

test('each link of an example opens, without a complaint, as a link of today', () => {
  let opened = 0;
  for (const text of texts.values()) {
    for (const [link] of text.matchAll(/#\/[a-z][^\s`"|)]*/g)) {
      open(link);
      opened += 1;
    }
  }
  assert.ok(opened > 30, String(opened));
});

test('each document of an example opens', () => {
  const documents = [...texts.values()].flatMap((text) => [
    ...[...text.matchAll(/```json\n([^`]+)```/g)].map(([, json]) => json),
    ...[...text.matchAll(/type="application\/json">([^<]+)</g)].map(([, json]) => json),
  ]);
  assert.equal(documents.length, 2);
  for (const json of documents) open(storedLink(json), json);
});

test('the attributes of the element are those that it reads', () => {
  const real = ['TEXTS', 'FLAGS', 'CHOICES'].flatMap((list) => quoted('src/slow-fire.ts', list));
  sameWords(firstCells('embed', 'Attributes'), [...real, 'lang'], 'attributes');
});

test('its properties and methods are those that it has', () => {
  const [, whole = ''] = /export class SlowFire[^]*?\n(\}\n)/.exec(read('src/slow-fire.ts'))
    ? read('src/slow-fire.ts').split('export class SlowFire')
    : [];
  const [body = ''] = whole.split('\n}\n');
  const methods = [...body.matchAll(/^ {2}(?:async )?([a-z]\w*)\((.*?)\)?:/gm)].map(
    ([, name]) => `${name}()`,
  );
  const getters = [...body.matchAll(/^ {2}get ([a-z]\w*)/gm)].map(([, name]) => name);
  const ofBrowsers =
    /^(?:connectedCallback|disconnectedCallback|adoptedCallback|attributeChangedCallback)\(/;
  const real = [...methods.filter((name) => !ofBrowsers.test(name)), ...getters];
  const documented = firstCells('embed', 'Properties and methods').map((name) =>
    name.replace(/\(.+\)/, '()'),
  );
  // `session` is for tests and for the curious.
  const isDocumented = (name) => name !== 'session';
  sameWords(documented, real.filter(isDocumented), 'properties and methods');
});

test('its events are those that it tells', () => {
  const [, kinds = ''] = /interface FigureEvents \{([^]*?)\n\}/.exec(read('src/element/events.ts')) ?? [];
  const real = [...kinds.matchAll(/^ {2}(\w+): \{/gm)].map(([, kind]) => kind);
  sameWords(firstCells('embed', 'Events'), real, 'events');
});

test('the messages of a frame are those that it sends and takes', () => {
  const messages = read('src/element/messages.ts');
  const [, picked = ''] = /Pick<FigureEvents, ([^>]+)>/.exec(messages) ?? [];
  const [, told = ''] = /interface Told[^{]*\{([^]*?)\n\}/.exec(messages) ?? [];
  const real = [
    ...[...picked.matchAll(/'(\w+)'/g)].map(([, kind]) => kind),
    ...[...told.matchAll(/^ {2}(\w+):/gm)].map(([, kind]) => kind),
    ...[...messages.matchAll(/\| \{ kind: '(\w+)'/g)].map(([, kind]) => kind),
  ];
  sameWords(firstCells('embed', 'Messages'), real, 'messages');
});

test('the keys of links are those that are read', () => {
  const documented = firstCells('links', 'Keys');
  sameWords(documented, quoted('../crates/scenario/src/variant.rs', 'KEYS'), 'keys');
});

test('each deed is one, and each that there is has its row', () => {
  const documented = firstCells('links', 'Deeds');
  const named = (deed) =>
    deed
      .replaceAll(/(?<=[:.\-=+])a\b/g, 'alice')
      .replaceAll(/(?<=[:.\-=+])b\b/g, 'bank')
      .replace('drift.leader', 'drift.all');
  for (const deed of documented) {
    // No operation of the payments takes an argument.
    const lab = deed.includes('op.lead') ? 'raft?rev=8' : 'double-charge?rev=2';
    open(`#/${lab}&do=${named(deed)}@2s`);
  }
  const guide = read('../crates/scenario/src/deed/guide.rs').split('#[cfg(test)]')[0];
  const [, list = ''] = guide.split('pub const GUIDE');
  const forms = [...list.matchAll(/\(\s*"([^"]+)",/g)].flatMap(([, all]) => all.split(/\s+/));
  const verb = (form) => /^[a-z]+(?:\.(?=pay|crash))?/.exec(form)?.[0];
  const verbs = new Set(documented.map(verb));
  const settings = new Set(['loss', 'latency', 'skew', 'torn']);
  const missing = forms.map(verb).filter((each) => !verbs.has(each) && !settings.has(each));
  assert.ok(forms.length > 30);
  assert.deepEqual(missing, []);
});

test('the reference has every field of the schema', () => {
  const schema = JSON.parse(read('../crates/scenario/schema/document.schema.json'));
  const { body } = readPage('scenario', '');
  const { Lab, Scenario } = schema.$defs;
  const walk = (path, { properties = {} }) => {
    for (const [name, field] of Object.entries(properties)) {
      const isOfNetwork = path === 'scenario.links.' && name in Scenario.properties.network.properties;
      if (!isOfNetwork && field.$ref === undefined)
        assert.ok(body.includes(`id="${path}${name}.field"`), path + name);
      walk(`${path}${name}.`, field.properties ? field : (field.items ?? {}));
    }
  };
  walk('', Lab);
  walk('scenario.', Scenario);
  for (const { if: when, then } of Scenario.allOf) {
    const [, section = ''] = body.split(`id="protocol.${when.properties.protocol.const}"`);
    const [own] = section.split('<h');
    for (const name of Object.keys(then.properties.parameters?.properties ?? {}))
      assert.ok(own.includes(`<code>${name}</code>`), name);
    assert.match(own, /(?:Operations: op\.|No operations\.).* Messages, for filters: [a-z]/s);
  }
  const [, raft = ''] = body.split('id="protocol.raft"');
  for (const name of ['op.add:server=2', 'op.members:server=345', 'op.next:client', 'append'])
    assert.ok(raft.split('<h')[0].includes(name), name);
  for (const kind of Scenario.properties.checks.items.properties.kind.enum)
    assert.ok(body.includes(`<tr><td><code>${kind}</code>`), kind);
});

test('the site names itself, where it knows its address', () => {
  assert.match(
    readPage('embed', 'https://example.org/s/').body,
    /https:\/\/example\.org\/s\/slow-fire\.js/,
  );
  assert.match(readPage('embed', '').body, /https:\/\/your\.host\/slowfire\/slow-fire\.js/);
});

test('whoever cites it cites this version', () => {
  const { version } = JSON.parse(read('package.json'));
  assert.equal(texts.get('cite').split(version).length - 1, 2);
  assert.match(read('../CITATION.cff'), new RegExp(`^version: ${version}$`, 'm'));
  assert.match(read('../Cargo.toml'), new RegExp(`^version = "${version}"$`, 'm'));
});

test('the key that the lecture names presents', () => {
  const [, key = ''] = /the key `(\w)`/.exec(texts.get('teach')) ?? [];
  const [, meaning = ''] = words.help.keys.find(([keys]) => keys.includes(key.toUpperCase())) ?? [];
  assert.match(meaning, /^Present /);
});
