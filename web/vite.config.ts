import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { policyOf } from './build/policy.ts';
import { offlinePage } from './build/offline.ts';
import { manifestFiles } from './build/manifest.ts';
import { serviceWorker } from './build/service-worker.ts';
import { picturedLabs } from './build/posters.ts';
import { siteFiles } from './build/site.ts';
import { thirdPartyNotices } from './build/notices.ts';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const policy: Plugin = {
  name: 'content-security-policy',
  // While the page is worked on, the server puts scripts and styles of its own into it.
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { path }) => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policyOf(path.slice(1)) },
        injectTo: 'head-prepend',
      },
    ],
  },
};

/** The licences, and the page that is saved with them. */
const notices: Plugin = {
  name: 'third-party-notices',
  apply: 'build',
  async generateBundle() {
    const source = thirdPartyNotices([...this.getModuleIds()]);
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source });
    this.emitFile({ type: 'asset', fileName: 'offline.html', source: await offlinePage(source) });
  },
};

/** The address that the site will have, `https://your.host/slowfire/`: search engines and those who show links ask for whole ones. */
const home = (process.env.SLOWFIRE_URL ?? '').replace(/(?<=.)\/?$/, '/');

/** The folder below the site in which this version stays, `1.2`. */
const version = process.env.SLOWFIRE_VERSION ?? '';

/** The page has to know that it stays there. */
const pinned: Plugin = {
  name: 'pinned',
  apply: 'build',
  transformIndexHtml: (_, { path }) =>
    version === '' || path !== '/index.html'
      ? []
      : [{ tag: 'meta', attrs: { name: 'slowfire-version', content: version }, injectTo: 'head' }],
};

/** `lab.html`, `docs.html` and `404.html` are templates: of a page for each lab, for each file of the documentation, and at any depth. */
const site: Plugin = {
  name: 'site',
  apply: 'build',
  generateBundle: {
    order: 'post',
    async handler(_, bundle) {
      const template = (name: string) => {
        const page = bundle[name];
        if (page?.type !== 'asset') throw new Error(`${name} was not built`);
        return String(page.source);
      };
      const templates = {
        lab: template('lab.html'),
        embed: template('embed.html'),
        docs: template('docs.html'),
        notFound: template('404.html'),
      };
      delete bundle['lab.html'];
      delete bundle['docs.html'];
      delete bundle['404.html'];
      const files = [...siteFiles(await picturedLabs(), templates, home), ...(await manifestFiles())];
      for (const file of files) this.emitFile({ type: 'asset', ...file });
      const built = Object.values(bundle).map((part) => ({
        fileName: part.fileName,
        source: part.type === 'chunk' ? part.code : part.source,
      }));
      const source = await serviceWorker([...built, ...files]);
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
    },
  },
};

export default defineConfig({
  worker: { format: 'es' },
  // Relative, so that `dist/` works in any folder of any static host.
  base: './',
  plugins: [policy, notices, pinned, site],
  // As a host is to: a frame in a sandbox has no origin.
  preview: { cors: { origin: '*' } },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The WebAssembly module stays a file: it compiles while it streams.
    assetsInlineLimit: 0,
    // What a lab's page asks for needs nothing that the page has not loaded.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (name, needed) =>
        /\bsf-(?:card|hunt|sheet|shrink|twin|why)-/.test(name) ? [] : needed,
    },
    rolldownOptions: {
      input: {
        index: entry('index.html'),
        embed: entry('embed.html'),
        lab: entry('lab.html'),
        docs: entry('docs.html'),
        'not-found': entry('404.html'),
        example: entry('examples/embed.html'),
        element: entry('examples/element.html'),
        'slow-fire': entry('src/slow-fire.ts'),
        frames: entry('src/frames.ts'),
      },
      output: {
        // Other people's pages name these files, so their names stay.
        entryFileNames: ({ name }) =>
          ['slow-fire', 'frames'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
