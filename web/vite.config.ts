import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Relative, so that `dist/` works in any folder of any static host.
  base: './',
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
      },
      output: {
        // Other people's pages name this file, so its name stays.
        entryFileNames: ({ name }) => (name === 'slow-fire' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
