// What a story's Markdown becomes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createServer } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
after(() => vite.close());
const { blocks } = await vite.ssrLoadModule('/src/components/lesson/markdown.ts');

/** The markup of a template of Lit's, with every value in its place. */
function markup(value) {
  if (Array.isArray(value)) return value.map(markup).join('');
  if (value?.strings === undefined) return String(value);
  return value.strings.map((text, at) => (at === 0 ? text : markup(value.values[at - 1]) + text)).join('');
}

function check(markdown, expected) {
  assert.equal(markup(blocks(markdown)), expected, markdown);
}

test('an empty line parts two paragraphs', () => {
  check('One.\n\n\nTwo\nlines.\n', '<p>One.</p><p>Two\nlines.</p>');
  check('  \n\n', '');
});

test('lines that begin with a mark are a list', () => {
  check('- one\n- two', '<ul><li>one</li><li>two</li></ul>');
  check('* one\n+ two', '<ul><li>one</li><li>two</li></ul>');
  check('1. one\n2) two', '<ol start=1><li>one</li><li>two</li></ol>');
  check('3. three\n4. four', '<ol start=3><li>three</li><li>four</li></ol>');
});

test('a list may follow its paragraph at once, and go on over empty lines and long items', () => {
  check('Either:\n- one\n\n- two\n  goes on', '<p>Either:</p><ul><li>one</li><li>two\n  goes on</li></ul>');
  check('- one\n\nAfter.', '<ul><li>one</li></ul><p>After.</p>');
});

test('items with numbers are a list of their own', () => {
  check('- one\n1. first', '<ul><li>one</li></ul><ol start=1><li>first</li></ol>');
});

test('what only looks like a list is none', () => {
  check('*Never* -1 or\n1984. Then', '<p><em>Never</em> -1 or\n1984. Then</p>');
  check('-5 ms', '<p>-5\u00a0ms</p>');
});

test('items hold emphasis, code and links', () => {
  check(
    '- *once* and **then** `again`\n- [this run](#/double-charge)',
    '<ul><li><em>once</em> and <strong>then</strong> <code>again</code></li>' +
      '<li><a href=#/double-charge>this run</a></li></ul>',
  );
});
