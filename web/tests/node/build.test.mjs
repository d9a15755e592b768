/** What the build writes. */
import assert from 'node:assert/strict';
import { linkSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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
