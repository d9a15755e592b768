/**
 * The page that runs are saved as: the embed's scripts, its styles and the simulator in one file. What it is called and which
 * run it has are left open for `src/files/offline-page.ts`.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The text of the file; `notices` are the licences of all that is in it. */
export async function offlinePage(notices: string): Promise<string> {
  const { script, style } = await bundled();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data:',
    // The simulator is in the script, and is compiled as if it were fetched.
    'connect-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>__SLOWFIRE_TITLE__</title>
<style>${style}</style>
</head>
<body>
<main><sf-embed></sf-embed></main>
<noscript><p>This page simulates a distributed system, and needs JavaScript for that.</p></noscript>
<script type="application/json" id="run">__SLOWFIRE_RUN__</script>
<script type="module">${script}</script>
<script type="text/plain" id="notices">${notices.replaceAll('</', '<\\/')}</script>
</body>
</html>
`;
}

async function bundled(): Promise<{ script: string; style: string }> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    base: './',
    plugins: [{ name: 'one-module', enforce: 'pre', transform: withoutDefaultModule }],
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: `${ROOT}src/offline.ts`,
        output: { codeSplitting: false },
      },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const scripts = outputs.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  const styles = outputs.flatMap((part) =>
    part.type === 'asset' && part.fileName.endsWith('.css') ? [String(part.source)] : [],
  );
  if (scripts.length !== 1 || outputs.length !== scripts.length + styles.length) {
    throw new Error(`the page is not one script: ${outputs.map(({ fileName }) => fileName).join(', ')}`);
  }
  // Markup ends a script wherever it says so.
  return { script: scripts.join('').replaceAll('</script', '<\\/script'), style: styles.join('') };
}

/** The bindings would hold the module a second time, for whoever names none. */
function withoutDefaultModule(code: string, id: string): string | undefined {
  if (!id.includes('/pkg/')) return undefined;
  return code.replaceAll(/new URL\('\w+\.wasm', import\.meta\.url\)/g, 'undefined');
}

function hash(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
