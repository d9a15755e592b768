/** The tests of pages that generators make: apart from the others, because the generators take minutes to install. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

const { webServer, ...others } = base;
const cwd = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  ...others,
  testDir: '.',
  testMatch: 'generators.test.ts',
  timeout: 240_000,
  webServer: [webServer ?? []].flat().map((server) => ({ ...server, cwd })),
});
