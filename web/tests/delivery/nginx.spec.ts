/** What the README tells those who host Slowfire by nginx, tried with nginx. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { BROKEN, expect, inkShare, test } from '../lab.ts';
import { DIST, StaticHost } from './static-host.ts';

/** The one that is named, the system's, or the one that `scripts/setup` has unpacked. */
const UNPACKED = fileURLToPath(new URL('../../../target/tools/nginx/usr/sbin/nginx', import.meta.url));
const ON_PATH = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].map((folder) =>
  join(folder, 'nginx'),
);
const NGINX = process.env.SLOWFIRE_NGINX ?? [...ON_PATH, UNPACKED].find((file) => existsSync(file));

/** Debian has it in a package of its own; where nginx is another one, it may lack it. */
const BROTLI = join(dirname(NGINX ?? ''), '../lib/nginx/modules/ngx_http_brotli_static_module.so');
const hasBrotli = existsSync(BROTLI);

// One server for all of them.
test.describe.configure({ mode: 'default' });

let folder = '';
let server: ChildProcess | undefined;
let address: string;
let said = '';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const asked = createServer().listen(0, '127.0.0.1', () => {
      const { port } = asked.address() as AddressInfo;
      asked.close(() => resolve(port));
    });
  });
}

/** The types that come with this nginx. */
function mimeTypes(nginx: string): string {
  const places = ['../../etc/nginx/mime.types', '../etc/nginx/mime.types', '../conf/mime.types'];
  const found = places.map((place) => join(dirname(nginx), place)).find((file) => existsSync(file));
  return found ?? '/etc/nginx/mime.types';
}

/** A whole configuration around the snippet. */
function configuration(nginx: string, port: number): string {
  const plain = readFileSync(new URL('../../hosting/nginx.conf', import.meta.url), 'utf8');
  const snippet = hasBrotli ? plain.replace('# brotli_static on;', 'brotli_static on;') : plain;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `${hasBrotli ? `load_module ${BROTLI};` : ''}
    daemon off; pid ${folder}/pid; error_log stderr;
    ${userInfo().uid === 0 ? 'user root;' : ''}
    events {}
    http {
      include ${mimeTypes(nginx)};
      access_log off;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
      server { listen 127.0.0.1:${port}; ${snippet.replaceAll('/var/www', `${folder}/www`)} }
    }`;
}

/** As `scripts/build` leaves it. */
function compress(www: string): void {
  for (const name of readdirSync(www, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|wasm)$/.test(name)) continue;
    const content = readFileSync(join(www, name));
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    writeFileSync(join(www, `${name}.gz`), gzipSync(content));
    writeFileSync(join(www, `${name}.br`), brotliCompressSync(content, quick));
  }
}

test.beforeAll(async () => {
  if (NGINX === undefined) throw new Error('nginx is missing: scripts/setup browser brings it');
  folder = mkdtempSync(join(tmpdir(), 'slowfire-nginx-'));
  mkdirSync(join(folder, 'www'));
  cpSync(DIST, join(folder, 'www/slowfire'), { recursive: true });
  cpSync(`${DIST}assets`, join(folder, 'www/slowfire/1.2/assets'), { recursive: true });
  compress(join(folder, 'www/slowfire'));
  // Between the question for a free port and the answer's use, another process may take it.
  for (let tries = 0; tries < 3 && !(await serves(NGINX)); tries += 1);
  expect((await fetch(address).catch(() => undefined))?.status, said).toBe(200);
});

/** Whether nginx answers at `address`, once it does or has ended. */
async function serves(nginx: string): Promise<boolean> {
  const port = await freePort();
  address = `http://127.0.0.1:${port}/slowfire/`;
  writeFileSync(join(folder, 'nginx.conf'), configuration(nginx, port));
  const started = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']);
  started.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  server = started;
  const state = () =>
    started.exitCode === null
      ? fetch(address).then(
          () => 'answers',
          () => 'starts',
        )
      : 'ended';
  await expect.poll(state).not.toBe('starts');
  return started.exitCode === null;
}

test.afterAll(async () => {
  if (server?.exitCode === null) {
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  if (folder !== '') rmSync(folder, { recursive: true });
});

test('files have their types, may be read from elsewhere, and are kept as long as they hold', async () => {
  const module = readdirSync(`${DIST}assets`).find((name) => /^slowfire_bg-.*\.wasm$/.test(name)) ?? '';
  for (const [path, type, kept] of [
    ['', 'text/html', 'no-cache'],
    ['slow-fire.js', 'javascript', 'no-cache'],
    ['posters/double-charge.svg', 'image/svg+xml', 'no-cache'],
    ['manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    [`assets/${module}`, 'application/wasm', 'immutable'],
    [`1.2/assets/${module}`, 'application/wasm', 'immutable'],
  ] as const) {
    const { headers, status } = await fetch(address + path);
    expect(status, path).toBe(200);
    expect(headers.get('content-type'), path).toContain(type);
    expect(headers.get('cache-control'), path).toContain(kept);
    expect(headers.get('access-control-allow-origin'), path).toBe('*');
    expect(headers.get('x-frame-options'), path).toBeNull();
  }
});

for (const [accepted, sent] of [
  ['gzip', 'gzip'],
  // As browsers ask.
  ['gzip, deflate, br', 'br'],
] as const) {
  test(`what the build has compressed is sent as it is, as ${sent}`, async () => {
    test.skip(sent === 'br' && !hasBrotli, 'this nginx has no module for it');
    const headers = { 'accept-encoding': accepted };
    for (const name of ['slow-fire.js', ...readdirSync(`${DIST}assets`).map((one) => `assets/${one}`)]) {
      if (!/slow-fire\.js$|slowfire_bg-.*\.wasm$/.test(name)) continue;
      const response = await fetch(address + name, { headers });
      expect(response.headers.get('content-encoding'), name).toBe(sent);
      expect(response.headers.get('vary'), name).toBe('Accept-Encoding');
      const whole = readFileSync(DIST + name);
      expect(Number(response.headers.get('content-length')), name).toBeLessThan(whole.length / 2);
      // What fetch has unpacked already is the same file.
      expect(Buffer.from(await response.arrayBuffer()).equals(whole), name).toBe(true);
    }
  });
}

test('a sandboxed frame in a page of another origin plays', async ({ page }) => {
  const blog = new StaticHost(folder);
  const frame = `<iframe sandbox="allow-scripts" src="${address}embed.html${BROKEN}&t=4s" width="640" height="420"></iframe>`;
  writeFileSync(join(folder, 'post.html'), `<!doctype html><link rel="icon" href="data:,">${frame}`);
  try {
    await page.goto(`${await blog.start()}post.html`);
    await expect
      .poll(() => inkShare(page.frameLocator('iframe').locator('sf-stage canvas')))
      .toBeGreaterThan(0.005);
  } finally {
    await blog.stop();
  }
});
