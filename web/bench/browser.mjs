/** A browser that shows the built page, for what measures it or takes its pictures. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const DEBIAN = '/usr/bin/chromium';
const executablePath = process.env.SLOWFIRE_CHROMIUM ?? (existsSync(DEBIAN) ? DEBIAN : undefined);
/** It asks nothing of the network, and needs no card. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

/** Works with a browser and the address of the page's folder, and closes both afterwards. Answers what the work does. */
export async function withPage(work, ...args) {
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'silent',
    preview: { host: '127.0.0.1', port: 0 },
  });
  const browser = await chromium.launch({ executablePath, args: [...ARGS, ...args] });
  try {
    return await work(browser, server.resolvedUrls.local[0]);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Runs in the page, before all else there: the memory of the module that was made last is `moduleMemory`. */
export function noteMemory() {
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, given) {
      const made = new Instance(...given);
      // A part of the module has none of its own.
      globalThis.moduleMemory = made.exports.memory ?? globalThis.moduleMemory;
      return made;
    },
  });
}
