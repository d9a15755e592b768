/** The npm package of the element, as somebody uses it who installs it from its tarball. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { isShown } from '../embed/host.ts';
import { expect, test } from '../lab.ts';
import { StaticHost } from './static-host.ts';

const WEB = fileURLToPath(new URL('../../', import.meta.url));
test.describe.configure({ mode: 'default' });

let site: string;

test.beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'slowfire-site-'));
  const place = join(site, 'packed');
  mkdirSync(place);
  const run = (command: string, ...given: string[]) =>
    execFileSync(command, given, { cwd: site, encoding: 'utf8' });
  const tarball = run('node', join(WEB, 'build/package.mjs'), place).trim();
  writeFileSync(join(site, 'package.json'), '{ "name": "a-site", "private": true, "type": "module" }');
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', tarball);
});

test.afterAll(() => {
  rmSync(site, { recursive: true });
});

test('a site bundles the element, and it plays', async ({ page, baseURL }) => {
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><html lang="en"><title>A site</title><link rel="icon" href="data:,">
      <slow-fire lab="double-charge" seed="11"></slow-fire><script type="module" src="./site.js"></script></html>`,
  );
  writeFileSync(
    join(site, 'site.js'),
    `import { SlowFire } from 'slow-fire'; SlowFire.home = '${baseURL ?? ''}';`,
  );
  await build({
    root: site,
    configFile: false,
    logLevel: 'error',
    build: { assetsInlineLimit: 0, target: 'es2022' },
  });
  const host = new StaticHost(join(site, 'dist'));
  try {
    await page.goto(await host.start());
    await isShown(page.locator('slow-fire'));
    const link = await page
      .locator('slow-fire')
      .evaluate((figure) => (figure as unknown as { link(): Promise<string> }).link());
    expect(link).toBe(`${baseURL ?? ''}#/double-charge?rev=2&seed=11`);
  } finally {
    await host.stop();
  }
});

test('its types are what its readme says', () => {
  const check = (file: string, text: string) => {
    writeFileSync(join(site, file), text);
    const given = [
      '--noEmit',
      '--strict',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--target',
      'es2022',
    ];
    execFileSync(join(WEB, 'node_modules/.bin/tsc'), [...given, '--lib', 'es2023,dom,dom.iterable', file], {
      cwd: site,
      encoding: 'utf8',
    });
  };
  check(
    'uses.ts',
    `import { SlowFire } from 'slow-fire';
     SlowFire.home = 'https://example.org/';
     const figure = document.querySelector('slow-fire');
     figure?.addEventListener('violation', ({ detail }) => detail.sentence.toUpperCase());
     const link: Promise<string> | undefined = figure?.link();
     if (figure) figure.lab = 'raft';
     void figure?.seek('6s').then(() => link);`,
  );
  expect(() =>
    check('misuses.ts', `import 'slow-fire'; document.querySelector('slow-fire')?.seek({});`),
  ).toThrow();
});
