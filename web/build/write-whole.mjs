/** Writes a file so that it is there either whole or as it was, wherever the build is interrupted. */
import { renameSync, writeFileSync } from 'node:fs';

export function writeWhole(path, content) {
  const part = `${path}.${process.pid}`;
  writeFileSync(part, content);
  renameSync(part, path);
}
