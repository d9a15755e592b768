// Serves dist/ as a static host would, until it is interrupted: node serve.mjs <port>

import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const port = Number(process.argv[2]);

function onFailure(error) {
  console.error(`serve: ${error.message}; another port: scripts/serve --port ${port + 1}`);
  process.exit(1);
}

const server = await preview({
  configFile: false,
  logLevel: 'warn',
  root: fileURLToPath(new URL('..', import.meta.url)),
  build: { outDir: 'dist' },
  appType: 'mpa',
  preview: {
    host: '127.0.0.1',
    port,
    strictPort: true,
    // A page in a sandboxed iframe has no origin, and loads the module across origins.
    cors: { origin: '*' },
  },
}).catch(onFailure);

process.once('SIGINT', () => server.close().finally(() => process.exit(0)));

console.log(`Slowfire: http://localhost:${port}/#/double-charge  (Ctrl-C ends it)`);
