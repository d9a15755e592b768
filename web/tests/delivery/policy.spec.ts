// Each page works under the policy that it carries, and nothing in it would break a stricter one.
import { readdir, readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { BROKEN, Lab, expect, inkShare, openLab, test } from '../lab.ts';

const DIST = new URL('../../../dist/', import.meta.url);

declare global {
  interface Window {
    violations: string[];
  }
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      window.violations.push([violatedDirective, blockedURI, sample].join(' '));
    });
  });
});

async function expectKept(page: Page): Promise<void> {
  expect(await page.evaluate(() => window.violations)).toEqual([]);
}

/** How much of a slider's track is filled, as the style sheet reads it. */
async function expectFilled(page: Page): Promise<void> {
  const slider = page.locator('sf-time-bar input');
  const fill = () => slider.evaluate((input) => getComputedStyle(input).getPropertyValue('--filled'));
  await expect.poll(fill).toContain('linear-gradient');
  const to = () => slider.evaluate((input) => Number(getComputedStyle(input).getPropertyValue('--to')));
  await expect.poll(to).toBeGreaterThan(0);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the start page keeps its policy', async ({ page }) => {
      await page.goto('index.html');
      await expect(page.locator('sf-poster canvas[data-painted]').first()).toBeVisible();
      await page.getByRole('searchbox').fill('lock');
      await expectKept(page);
    });

    test('a lab keeps its policy, whatever is open', async ({ page }) => {
      const lab = await openLab(page, `${BROKEN}&t=4s`);
      for (const view of ['Space-time', 'Both', 'History']) {
        await page.getByRole('radio', { name: view }).check();
      }
      await lab.button('Legend').click();
      await expect(page.locator('sf-legend img').first()).toBeVisible();
      for (const fold of await page.locator('summary').all()) {
        if (await fold.isVisible()) await fold.click();
      }
      await expect(page.locator('.uplot').first()).toBeVisible();
      await page.keyboard.press('?');
      await page.keyboard.press('Escape');
      await lab.timeBar.hover();
      await expectFilled(page);
      await lab.toTheEnd();
      await expectKept(page);
    });

    test('the embed keeps its policy', async ({ page }) => {
      await page.goto(`embed.html${BROKEN}&t=4s`);
      await expect.poll(() => inkShare(page.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
      await expectFilled(page);
      await expectKept(page);
    });

    for (const example of ['element', 'embed']) {
      test(`the example of the ${example} keeps its policy`, async ({ page }) => {
        await page.goto(`examples/${example}.html`);
        const figure =
          example === 'element'
            ? page.locator('slow-fire')
            : page.frameLocator('iframe').locator('sf-embed');
        await expect.poll(() => inkShare(figure.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
        await expectKept(page);
      });
    }
  });
}

test('a frame without an origin of its own works under the policy', async ({ page, baseURL }) => {
  // As the README asks of a host.
  await page.route('**/assets/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      headers: { ...response.headers(), 'access-control-allow-origin': '*' },
    });
  });
  await page.route('**/post.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="${baseURL ?? ''}embed.html${BROKEN}&t=4s" width="640" height="420"></iframe>`,
    }),
  );
  await page.goto('post.html');
  const frame = page.frameLocator('iframe');
  await expect.poll(() => inkShare(frame.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
});

test('no page and no template has a style in its markup', async () => {
  const files = await readdir(DIST, { recursive: true });
  // What a run is saved as is one file: that must hold its script and its style, and its policy names their digests.
  const pages = files.filter((name) => /\.(?:html|js)$/.test(name) && name !== 'offline.html');
  for (const file of pages) {
    const text = await readFile(new URL(file, DIST), 'utf8');
    expect(text.match(/<style|\sstyle=["'$]/g), file).toBeNull();
    if (file.endsWith('.html')) expect(text).toContain('Content-Security-Policy');
    if (file.endsWith('.html')) expect(text.match(/<script(?![^>]*\ssrc=)/g), file).toBeNull();
  }
});

/** The directives that a built page carries. */
async function carriedBy(name: string): Promise<string[]> {
  const page = await readFile(new URL(name, DIST), 'utf8');
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  if (policy === undefined) throw new Error(`${name} has no policy`);
  return policy.replaceAll('&#39;', "'").split('; ');
}

/** The directives that the README asks of a host. */
async function askedOfHosts(): Promise<string[]> {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const row = readme.split('\n').find((line) => line.startsWith('| allow `script-src')) ?? '';
  return [...row.matchAll(/`((?:[a-z]+-src|trusted-types) [^`]+)`/g)].flatMap(([, said = '']) => [said]);
}

test('only the full page may ask other hosts, and none this machine', async () => {
  const names = await readdir(DIST, { recursive: true });
  const pages = names.filter((name) => name.endsWith('.html') && name !== 'offline.html');
  expect(pages).toEqual(expect.arrayContaining(['404.html', 'embed.html', 'lab/raft/index.html']));
  for (const page of pages) {
    const [from] = (await carriedBy(page)).filter((directive) => directive.startsWith('connect-src'));
    expect(from, page).toBe(page === 'index.html' ? "connect-src 'self' https:" : "connect-src 'self'");
  }
});

test('the README asks a host for what the full page carries', async () => {
  const closed = /^(?:default-src|base-uri|form-action|require-trusted-types-for) /;
  const carried = (await carriedBy('index.html')).filter((directive) => !closed.test(directive));
  expect((await askedOfHosts()).sort()).toEqual(carried.sort());
});

test('the policy of a host that the README asks for is enough', async ({ page }) => {
  const asked = await askedOfHosts();
  await page.route('**/*.html', async (route) => {
    const response = await route.fetch();
    const policy = `default-src 'none'; require-trusted-types-for 'script'; ${asked.join('; ')}`;
    await route.fulfill({
      response,
      headers: { ...response.headers(), 'content-security-policy': policy },
    });
  });
  await openLab(page, `${BROKEN}&t=4s`);
  await expect.poll(() => new Lab(page).drawn()).toBeGreaterThan(0.005);
  await expectFilled(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('radio', { name: 'Frame' }).check();
  const preview = page.frameLocator('sf-share iframe');
  await expect.poll(() => inkShare(preview.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
  await expectKept(page);
});
