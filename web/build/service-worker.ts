/** Builds the service worker, which knows by name what the version has that it is built with. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { SiteFile } from './template.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** For hosts, or saved for readers once and large. */
const NOT_KEPT = new Set(['404.html', 'offline.html', 'THIRD-PARTY-NOTICES.txt']);

/**
 * Its text; `files` are all that is in `dist/`. Where no name has changed but the full page has, or what is kept of the pages to
 * read, the text has as well: that is how a browser learns of a new version.
 */
export async function serviceWorker(files: readonly SiteFile[]): Promise<string> {
  const names = files.map(({ fileName }) => fileName).sort();
  const assets = names.filter((name) => name.startsWith('assets/'));
  const shell = assets.filter((name) => /\.(?:js|css|svg)$|\/slowfire_bg-/.test(name));
  const others = names.filter((name) => !name.startsWith('assets/') && !NOT_KEPT.has(name));
  const pages = pagesToRead(files);
  const kept = files.filter(({ fileName }) => fileName === 'index.html' || pages.includes(fileName));
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    define: {
      __ASSETS__: JSON.stringify(assets),
      __SHELL__: JSON.stringify(shell),
      __PAGES__: JSON.stringify(pages.map(pathOf)),
      __FILES__: JSON.stringify(others.map(pathOf)),
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
  return `${script}// ${digestOf(kept)}\n`;
}

/** The documentation, with the scripts and pictures that it takes from outside of `assets/`. */
function pagesToRead(files: readonly SiteFile[]): string[] {
  const pages = files.filter(({ fileName }) => fileName.startsWith('docs/'));
  const taken = pages.flatMap(({ fileName, source }) =>
    [...String(source).matchAll(/<(?:script|img)\b[^>]* src="([^"]+)"/g)].map(([, src = '']) =>
      new URL(src, `https://host/${fileName}`).pathname.slice(1),
    ),
  );
  const names = [...pages.map(({ fileName }) => fileName), ...taken];
  return [...new Set(names)].filter((name) => !name.startsWith('assets/')).sort();
}

/** Where a file is: a folder stands for its index. */
function pathOf(name: string): string {
  return name.replace(/(^|\/)index\.html$/, '$1');
}

function digestOf(files: readonly SiteFile[]): string {
  const digest = createHash('sha256');
  for (const { fileName, source } of files) digest.update(fileName).update(source);
  return digest.digest('hex');
}
