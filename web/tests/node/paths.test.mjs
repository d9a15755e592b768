// Lesson paths: what is carried opens, what is written is read back, and what is wrong is told with its field.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createServer } from 'vite';
import { Run } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';

loadWhole();
const vite = await createServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
after(() => vite.close());
const { MOST, checked, pathLink, pathOf, placed } = await vite.ssrLoadModule('/src/path/path.ts');
const { OURS } = await vite.ssrLoadModule('/src/path/ours.ts');

const stop = { link: '#/double-charge?seed=11', says: 'Begin here.' };
const path = (stops) => ({ title: 'A path', stops });

test('each path that is carried is listed, is whole, and each of its links opens as a link of today', async () => {
  const files = readdirSync(new URL('../../../crates/scenario/paths/', import.meta.url));
  const names = files.filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', ''));
  assert.deepEqual(OURS.map(([name]) => name).sort(), names.sort());
  for (const [name, own] of OURS) {
    assert.deepEqual(checked(own), own, name);
    assert.deepEqual(await pathOf(`#path=${name}`), own);
    for (const { link, says } of own.stops) {
      assert.notEqual(says, '', link);
      const run = new Run(link);
      assert.deepEqual([...run.problems(), ...run.revision_note()], [], link);
      assert.ok(run.link_from_start().startsWith(link), link);
      run.free();
    }
  }
});

test('a path is read back from its link', async () => {
  const written = path([stop, { link: '#1.abc', says: '' }, { ...stop, says: 'Ümläute, “quotes”, 雪.' }]);
  const link = await pathLink(written);
  assert.match(link, /^#path=1\.[\w-]+$/);
  assert.deepEqual(await pathOf(link), written);
  assert.deepEqual(placed(`${link}/3`), { path: link, place: 3 });
  assert.deepEqual(placed(link), { path: link, place: undefined });
});

test('what is wrong with a path is told with its field, its value and what it may be', async () => {
  const long = 'x'.repeat(MOST.says + 1);
  for (const [document, told] of [
    [[], 'The path cannot be read'],
    [{ title: 'A path' }, 'The path has no stop yet.'],
    [path([]), 'The path has no stop yet.'],
    [
      path(Array(MOST.stops + 1).fill(stop)),
      `The path has ${MOST.stops + 1} stops. It may have ${MOST.stops}.`,
    ],
    [{ title: 7, stops: [stop] }, 'Title: there must be a text.'],
    [{ title: ' ', stops: [stop] }, 'Title: nothing is written there yet.'],
    [path([stop, 7]), 'Stop 2 cannot be read'],
    [
      path([stop, { ...stop, link: 'https://elsewhere.example/' }]),
      'Link of stop 2: “https://elsewhere.example/” is not the link of a run',
    ],
    [path([stop, { ...stop, link: '#path=week' }]), 'Link of stop 2: “#path=week”'],
    [path([{ ...stop, link: 'javascript:alert(1)#/x' }]), 'Link of stop 1: “javascript'],
    [
      path([{ ...stop, says: long }]),
      `Sentence before stop 1: it has ${MOST.says + 1} characters, and may have ${MOST.says}`,
    ],
    [path([{ ...stop, colour: 'red' }]), 'Stop 1 has something called “colour”'],
  ])
    assert.throws(
      () => checked(document),
      (refusal) => refusal.message.includes(told),
      told,
    );
  const whole = await pathLink(path([stop]));
  for (const [link, told] of [
    [whole.slice(0, -6), 'cut off'],
    ['#path=1.', 'cut off'],
    ['#path=1.%%%', 'cut off'],
    ['#path=month', 'No path is called “month”; there are week'],
    ['#path=', 'No path is called “”'],
  ])
    await assert.rejects(pathOf(link), (refusal) => refusal.message.includes(told), told);
  const digest = (text) => createHash('sha512').update(text).digest('base64');
  const noise = (place) => [0, 1, 2, 3, 4].map((at) => digest(`${place} ${at}`)).join('');
  const heavy = path(Array.from({ length: MOST.stops }, (_, place) => ({ ...stop, says: noise(place) })));
  await assert.rejects(pathLink(heavy), (refusal) => refusal.message.includes('longer than 8000'));
});
