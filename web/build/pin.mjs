// Copies dist/ into the folder of its version below it, where it stays: SLOWFIRE_VERSION=1.2 node build/pin.mjs [dist]
import { chmodSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIST = process.argv[2] ?? fileURLToPath(new URL('../../dist', import.meta.url));
const version = process.env.SLOWFIRE_VERSION ?? '';

/** No folder of the site begins like this. */
const FOLDER = /^v?\d[\w.-]*$/;

if (version !== '') {
  if (!FOLDER.test(version)) {
    console.error(`build: SLOWFIRE_VERSION is the name of a folder such as 1.2, not "${version}"`);
    process.exit(1);
  }
  const copy = mkdtempSync(`${DIST}-`);
  cpSync(DIST, copy, { recursive: true });
  // There, whatever is shared names that folder as it is.
  const page = `${copy}/index.html`;
  writeFileSync(page, readFileSync(page, 'utf8').replace(/\s*<meta name="slowfire-version"[^>]*>/, ''));
  rmSync(`${copy}/_headers`, { force: true });
  // A folder for what is temporary is its owner's alone, and a web server is to read this one.
  chmodSync(copy, 0o755);
  renameSync(copy, `${DIST}/${version}`);
}
