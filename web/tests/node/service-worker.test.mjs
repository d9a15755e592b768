// By its text a browser learns of a new version, and the service worker of what the build made.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const vite = await createServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
after(() => vite.close());
const { serviceWorker } = await vite.ssrLoadModule('/build/service-worker.ts');

const FILES = {
  'index.html': '<p>one</p>',
  'docs/index.html':
    '<script type="module" src="../slow-fire.js"></script><img src="../posters/one.svg" />',
  'slow-fire.js': '',
  'frames.js': '',
  'posters/one.svg': '<svg></svg>',
  'posters/two.svg': '<svg></svg>',
  '404.html': '',
  'assets/index-12345678.js': '',
};

const textOf = (changed = {}) =>
  serviceWorker(
    Object.entries({ ...FILES, ...changed }).map(([fileName, source]) => ({ fileName, source })),
  );

test('the service worker changes where what is kept has, and no name', async () => {
  const one = await textOf();
  assert.equal(await textOf(), one);
  for (const name of ['index.html', 'docs/index.html', 'slow-fire.js', 'posters/one.svg'])
    assert.notEqual(await textOf({ [name]: `${FILES[name]}<p>two</p>` }), one, name);
  for (const name of ['frames.js', 'posters/two.svg'])
    assert.equal(await textOf({ [name]: 'two' }), one, name);
});

test('the service worker knows the files of the build, folders for their indexes', async () => {
  const text = await textOf();
  assert.match(text, /`docs\/`/);
  assert.match(text, /`assets\/index-12345678\.js`/);
  assert.doesNotMatch(text, /404|index\.html[`'"]/);
});

test('what a page to read takes from outside of the assets is kept with it', async () => {
  assert.match(await textOf(), /\[`docs\/`,`posters\/one\.svg`,`slow-fire\.js`\]/);
});
