import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BROKEN, embedDigest, expect, inkShare, test } from '../lab.ts';

for (const viewport of [
  { width: 320, height: 240 },
  { width: 640, height: 420 },
  { width: 1000, height: 300 },
]) {
  test(`at ${viewport.width} by ${viewport.height} the embed shows stage, play and switches`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.goto(`embed.html${BROKEN}`);
    const parts = [
      page.locator('sf-stage canvas'),
      page.getByRole('button', { name: 'Play' }),
      page.locator('sf-worst .word').first(),
      ...(await page.getByRole('switch').all()),
    ];
    for (const part of parts) await expect(part).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(viewport.height);
    await expect.poll(() => inkShare(page.locator('sf-stage canvas'))).toBeGreaterThan(0.005);
  });
}

test('the embed leads to the full page with the same run', async ({ page, context }) => {
  await page.goto(`embed.html${BROKEN}`);
  const opening = context.waitForEvent('page');
  await page.getByRole('link', { name: /Slowfire/ }).click();
  const full = await opening;
  await expect(full.getByRole('switch', { name: 'Idempotency key' })).not.toBeChecked();
  await expect(full.getByText('Seed 11')).toBeVisible();
});

test.describe('on another origin', () => {
  let blog: Server;
  let address: string;

  test.beforeAll(async ({ baseURL }) => {
    const example = await readFile(new URL('../../../dist/examples/embed.html', import.meta.url), 'utf8');
    expect(example).toContain('src="../embed.html');
    // A post of somebody else has a policy of its own, or none.
    const post = example
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      .replace('src="../embed.html', `src="${baseURL ?? ''}embed.html`);
    blog = createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(post);
    });
    await new Promise<void>((listening) => blog.listen(0, 'localhost', listening));
    address = `http://localhost:${(blog.address() as AddressInfo).port}/`;
  });

  test.afterAll(() => {
    blog.close();
  });

  test('the example page runs its figure', async ({ page }) => {
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    await page.goto(address);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Play', exact: true }).click();
    const embed = frame.locator('sf-embed');
    const digest = await embedDigest(embed);
    await expect.poll(() => embedDigest(embed)).not.toBe(digest);
    const key = frame.getByRole('switch', { name: 'Idempotency key' });
    await expect(key).not.toBeChecked();
    await key.click();
    await expect(key).toBeChecked();
    expect(new URL(page.url()).origin).not.toBe(new URL(page.frames()[1]?.url() ?? '').origin);
  });
});

test.describe('the element', () => {
  test('is a figure of its page, and leaves the page its keys', async ({ page }) => {
    await page.goto('examples/element.html');
    const figure = page.locator('slow-fire');
    await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    await expect(figure.getByRole('switch', { name: 'Idempotency key' })).not.toBeChecked();
    const embed = figure.locator('sf-embed');
    const digest = await embedDigest(embed);
    await page.keyboard.press('ArrowRight');
    expect(await embedDigest(embed)).toBe(digest);
    await figure.getByRole('switch', { name: 'Idempotency key' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await embedDigest(embed)).not.toBe(digest);
    expect(new URL(page.url()).hash).toBe('');
  });

  test('that is moved while it loads opens one run', async ({ page }) => {
    await page.goto('examples/element.html');
    await expect(
      page.locator('slow-fire').getByRole('button', { name: 'Play', exact: true }),
    ).toBeVisible();
    const opened = await page.evaluate(async () => {
      const element = document.createElement('slow-fire');
      element.setAttribute('loading', 'eager');
      let runs = 0;
      element.addEventListener('ready', () => (runs += 1));
      document.body.append(element);
      element.remove();
      document.body.append(element);
      for (let frames = 0; frames < 60; frames += 1) await new Promise(requestAnimationFrame);
      return runs;
    });
    expect(opened).toBe(1);
  });

  test('fits its box after it was put somewhere else', async ({ page }) => {
    await page.goto('examples/element.html');
    const figure = page.locator('slow-fire');
    const canvas = figure.locator('sf-stage canvas');
    await expect.poll(() => inkShare(canvas)).toBeGreaterThan(0.005);
    await figure.evaluate((element) => {
      const narrow = document.createElement('div');
      narrow.style.width = '400px';
      document.body.append(narrow);
      narrow.append(element);
    });
    const excess = () =>
      canvas.evaluate((element: HTMLCanvasElement) => element.width - element.clientWidth);
    await expect.poll(async () => Math.abs(await excess())).toBeLessThanOrEqual(1);
  });

  test.describe('in a page without a policy', () => {
    test.use({ bypassCSP: true });

    test('takes another run, and another copy of its script', async ({ page }) => {
      await page.goto('examples/element.html');
      const figure = page.locator('slow-fire');
      await expect(figure.getByRole('switch', { name: 'Idempotency key' })).not.toBeChecked();
      await figure.evaluate((element) => {
        element.setAttribute('src', 'https://example.org/#/double-charge?seed=7&on=idempotency-key');
      });
      await expect(figure.getByRole('switch', { name: 'Idempotency key' })).toBeChecked();
      await page.addScriptTag({ type: 'module', url: '../slow-fire.js?copy' });
      await page.evaluate(() => {
        document.querySelector('main')?.append(document.createElement('slow-fire'));
      });
      await figure.nth(1).scrollIntoViewIfNeeded();
      await expect(figure.nth(1).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    });
  });
});
