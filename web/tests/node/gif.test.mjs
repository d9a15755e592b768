// What a saved film says of its run.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const vite = await createServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  // As the page has it.
  ssr: { noExternal: ['gifenc'] },
  server: { middlewareMode: true, ws: false, watch: null },
});
after(() => vite.close());
const { gif } = await vite.ssrLoadModule('/src/files/gif.ts');

test('a GIF holds the address of its run, however long', () => {
  const address = `https://your.host/#1.${'a'.repeat(400_000)}`;
  const [, comment] = gif(10, 1, address).end();
  const parts = [];
  for (let at = 2; comment[at] > 0; at += 1 + comment[at])
    parts.push(Buffer.from(comment.subarray(at + 1, at + 1 + comment[at])).toString());
  assert.equal(parts.join(''), address);
});
