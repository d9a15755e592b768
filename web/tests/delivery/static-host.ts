/** A static host of a test's own: its files can be replaced, and it can go away. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export class StaticHost {
  readonly #server: Server;
  /** What it serves. */
  folder: string;
  /** Hears of each path, and may answer in its own way: it says whether it did. */
  answers: (path: string, response: ServerResponse) => boolean = () => false;

  constructor(folder: string) {
    this.folder = folder;
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host/');
      if (this.answers(pathname, response)) return;
      const named = join(this.folder, decodeURIComponent(pathname));
      const file = pathname.endsWith('/') ? join(named, 'index.html') : named;
      if (!existsSync(file) || !statSync(file).isFile()) {
        this.#missing(response);
        return;
      }
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.setHeader('access-control-allow-origin', '*');
      createReadStream(file).pipe(response);
    });
  }

  /** As hosts do. */
  #missing(response: ServerResponse): void {
    const page = join(this.folder, '404.html');
    response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' });
    if (existsSync(page)) createReadStream(page).pipe(response);
    else response.end();
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
