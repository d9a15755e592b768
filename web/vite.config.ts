import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { contentSecurityPolicy } from './build/policy.ts';
import { offlinePage } from './build/offline.ts';
import { posters } from './build/posters.ts';
import { thirdPartyNotices } from './build/notices.ts';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const policy: Plugin = {
  name: 'content-security-policy',
  // While the page is worked on, the server puts scripts and styles of its own into it.
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
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

const pictures: Plugin = {
  name: 'posters',
  apply: 'build',
  async generateBundle() {
    for (const { name, svg } of await posters()) {
      this.emitFile({ type: 'asset', fileName: `posters/${name}.svg`, source: svg });
    }
  },
};

export default defineConfig({
  worker: { format: 'es' },
  // Relative, so that `dist/` works in any folder of any static host.
  base: './',
  plugins: [policy, notices, pictures],
  // As a host is to: a frame in a sandbox has no origin.
  preview: { cors: { origin: '*' } },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The WebAssembly module stays a file: it compiles while it streams.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: entry('index.html'),
        embed: entry('embed.html'),
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
