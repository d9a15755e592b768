import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The browser to use: the one named, Debian's, or else Playwright's own. */
const DEBIAN = '/usr/bin/chromium';
const chromium = process.env.SLOWFIRE_CHROMIUM ?? (existsSync(DEBIAN) ? DEBIAN : undefined);

/**
 * The first two: pages of suggestions that wait behind the address bar cost each context half a second of processor time, a
 * quarter of what a test costs. Chromium takes the last list alone, so the rest is what Playwright 1.65 leaves out and pages
 * can tell: when they are painted, what becomes of requests and of storage. It may fall behind Playwright's: then a test sees
 * what readers see.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** What is measured in them is what neighbours disturb, though time of the processor is counted: they come last, one by one. */
const MEASURED = ['**/delivery/tasks.spec.ts', '**/delivery/heavy.spec.ts'];

const port = Number(process.env.SLOWFIRE_TEST_PORT ?? 41717);

export default defineConfig({
  testDir: 'tests',
  // The others are Node's own tests, which would run a second time as they are loaded.
  testMatch: '**/*.spec.ts',
  projects: [
    { name: 'together', testIgnore: MEASURED },
    { name: 'alone', testMatch: MEASURED, dependencies: ['together'], fullyParallel: false },
  ],
  fullyParallel: true,
  forbidOnly: true,
  // A test waits for half of its time.
  workers: '150%',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A machine that others use too may be held up for longer than any wait: what fails once and then passes is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1280, height: 800 },
    // Tests hold requests up and answer them; one of them is about what a service worker keeps.
    serviceWorkers: 'block',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
        `--disable-features=${WITHOUT.join(',')}`,
      ],
    },
  },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
  },
});
