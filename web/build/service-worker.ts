/** Builds the service worker, which knows by name what the version has that it is built with. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** For hosts, or saved for readers once and large. */
const NOT_KEPT = new Set(['404.html', 'offline.html', 'THIRD-PARTY-NOTICES.txt']);

/**
 * Its text; `files` are the names of all that is in `dist/`. Where only the `page` has changed, the text has as well: that is how
 * a browser learns of a new version.
 */
export async function serviceWorker(files: readonly string[], page: string): Promise<string> {
  const assets = files.filter((name) => name.startsWith('assets/')).sort();
  const shell = assets.filter((name) => /\.(?:js|css|svg)$|\/slowfire_bg-/.test(name));
  const others = files
    .filter((name) => !name.startsWith('assets/') && !NOT_KEPT.has(name))
    .map((name) => name.replace(/(^|\/)index\.html$/, '$1'))
    .sort();
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    define: {
      __ASSETS__: JSON.stringify(assets),
      __SHELL__: JSON.stringify(shell),
      __PAGES__: JSON.stringify(others.filter((name) => name.startsWith('docs/'))),
      __FILES__: JSON.stringify(others),
    },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: `${ROOT}src/service-worker.ts`, output: { format: 'iife' } },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [script] = outputs.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  if (script === undefined || outputs.length > 1) throw new Error('the service worker is not one script');
  return `${script}// ${createHash('sha256').update(page).digest('hex')}\n`;
}
