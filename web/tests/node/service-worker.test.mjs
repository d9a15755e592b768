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

const FILES = ['index.html', 'docs/index.html', '404.html', 'assets/index-12345678.js'];

test('the service worker changes where only the page has', async () => {
  const one = await serviceWorker(FILES, '<p>one</p>');
  assert.equal(await serviceWorker(FILES, '<p>one</p>'), one);
  assert.notEqual(await serviceWorker(FILES, '<p>two</p>'), one);
});

test('the service worker knows the files of the build, folders for their indexes', async () => {
  const text = await serviceWorker(FILES, '');
  assert.match(text, /`docs\/`/);
  assert.match(text, /`assets\/index-12345678\.js`/);
  assert.doesNotMatch(text, /404|index\.html[`'"]/);
});
