// Writes each file of dist/ that hosts would compress beside itself, as .br and .gz: node build/compress.mjs <folder for what was compressed before>
//
// Compressed as far as it goes, which takes seconds: what has not changed since the last build is taken from there.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { writeWhole } from './write-whole.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const KEPT = process.argv[2];
/** Pictures as PNG are compressed already. */
const COMPRESSIBLE = /\.(?:css|html|js|json|svg|txt|wasm|webmanifest|xml)$/;
/** Below that, a packet holds the file as it is. */
const SMALLEST = 1000;

const WAYS = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gz: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

async function compress(name) {
  const content = readFileSync(DIST + name);
  if (content.length < SMALLEST) return [];
  const digest = createHash('sha256').update(content).digest('hex');
  return Promise.all(
    Object.entries(WAYS).map(async ([ending, way]) => {
      const kept = `${KEPT}/${digest}.${ending}`;
      if (!existsSync(kept)) writeWhole(kept, await way(content));
      copyFileSync(kept, `${DIST}${name}.${ending}`);
      return kept;
    }),
  );
}

mkdirSync(KEPT, { recursive: true });
const names = readdirSync(DIST, { recursive: true }).filter((name) => COMPRESSIBLE.test(name));
const used = new Set((await Promise.all(names.map(compress))).flat());
for (const name of readdirSync(KEPT)) if (!used.has(`${KEPT}/${name}`)) rmSync(`${KEPT}/${name}`);
