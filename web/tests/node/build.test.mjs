/** What the build writes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../build/write-whole.mjs';

test('a file that is written anew is at no time a part of itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slowfire-build-'));
  const [file, other] = [join(folder, 'file'), join(folder, 'other')];
  writeFileSync(file, 'as it was');
  // A second name of the same file: whoever reads the old one goes on with it.
  linkSync(file, other);
  writeWhole(file, 'whole');
  assert.equal(readFileSync(file, 'utf8'), 'whole');
  assert.equal(readFileSync(other, 'utf8'), 'as it was');
  assert.deepEqual(readdirSync(folder).sort(), ['file', 'other']);
  rmSync(folder, { recursive: true });
});

test('a version is pinned in a folder that every reader may open, and names no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slowfire-pin-'));
  const dist = join(folder, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, '_headers'), '');
  writeFileSync(join(dist, 'assets/a.js'), 'a');
  writeFileSync(join(dist, 'index.html'), '<p>\n<meta name="slowfire-version" content="1.2" />\n<p>');
  const pin = (version) =>
    spawnSync('node', [fileURLToPath(new URL('../../build/pin.mjs', import.meta.url)), dist], {
      env: { ...process.env, SLOWFIRE_VERSION: version },
      encoding: 'utf8',
    });
  assert.equal(pin('1.2').status, 0);
  assert.deepEqual(readdirSync(join(dist, '1.2')).sort(), ['assets', 'index.html']);
  for (const name of ['1.2', '1.2/assets', '1.2/index.html', '1.2/assets/a.js']) {
    const others = statSync(join(dist, name)).mode & 0o777;
    assert.equal(others & 0o004, 0o004, `${name}: ${others.toString(8)}`);
  }
  assert.equal(readFileSync(join(dist, '1.2/index.html'), 'utf8'), '<p>\n<p>');
  for (const wrong of ['../1.2', 'latest', '/tmp']) assert.equal(pin(wrong).status, 1, wrong);
  assert.deepEqual(readdirSync(folder), ['dist']);
  rmSync(folder, { recursive: true });
});
