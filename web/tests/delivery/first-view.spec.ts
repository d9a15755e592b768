/** The first seconds of a first visit: a lab as it is, seen and watched while the rest of the simulator is still on its way. */
import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
// @ts-expect-error A script without types, which the build uses too.
import { drawn } from '../../build/drawn.mjs';
import { expect, openLab, test } from '../lab.ts';

const REST = /\/rest-[^/]*\.wasm/;

/** Holds the rest back until it is released. */
async function holdRest(page: Page): Promise<() => void> {
  let release = () => {
    // Set below, before anything asks for it.
  };
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route(REST, async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}

const isWhole = (page: Page) => page.locator('sf-app').evaluate(({ core }: SfApp) => core?.isWhole);
const linkOf = (page: Page) => page.locator('sf-app').evaluate(({ session }: SfApp) => session?.link);
const timeOf = (page: Page) =>
  page.locator('sf-app').evaluate(({ session }: SfApp) => session?.timeMs ?? 0);

/** What readers do at once: each does it to the run of the page. */
const ACTS: Record<string, (app: SfApp) => void> = {
  switch: ({ session }) => session?.edits.defend('idempotency-key', true),
  deed: ({ session }) => session?.edits.act('crash:bank'),
  step: ({ session }) => session?.travel.step(),
  seek: ({ session }) => session?.travel.seek(20_000),
  back: ({ session }) => session?.travel.seek(300),
  control: ({ session }) => session?.edits.setAll(new Map([['loss', 30]])),
  undo: ({ session }) => session?.edits.undo(),
  view: ({ session }) => session?.choose({ view: 'history' }),
  perspective: ({ session }) => session?.seeAs('bank'),
  select: ({ session }) => session?.pictures.select({ kind: 'node', id: 'bank' }),
  unseen: ({ session }) => {
    session?.see(false);
    session?.see(true);
  },
};

async function act(page: Page, name: string): Promise<void> {
  const does = ACTS[name];
  if (does) await page.locator('sf-app').evaluate(does);
}

test('a lab is seen and plays before the rest of the simulator is there, and holds where that is needed', async ({
  page,
}) => {
  const release = await holdRest(page);
  await page.goto('index.html#/double-charge');
  await expect.poll(() => timeOf(page), { timeout: 30_000 }).toBeGreaterThan(1400);
  expect(await isWhole(page)).toBe(false);
  expect(await timeOf(page)).toBeLessThanOrEqual(1500);
  await expect(page.getByRole('alert')).toBeHidden();
  release();
  await expect.poll(() => isWhole(page)).toBe(true);
  // It goes on from there, and makes up for nothing.
  expect(await timeOf(page)).toBeLessThan(2500);
  await expect.poll(() => timeOf(page)).toBeGreaterThan(1600);
});

test('what is done before the rest is there is done once it is, in order', async ({ page }) => {
  for (const seed of [1, 2, 3]) {
    const next = (drawn as (seed: number) => () => number)(seed);
    const names = Object.keys(ACTS);
    const done = Array.from({ length: 5 }, () => names[Math.floor(next() * names.length)] ?? 'switch');
    await openLab(page, '#/double-charge');
    await expect.poll(() => isWhole(page)).toBe(true);
    for (const name of done) await act(page, name);
    const meant = await linkOf(page);
    const release = await holdRest(page);
    await openLab(page, '#/double-charge');
    expect(await isWhole(page)).toBe(false);
    for (const name of done) await act(page, name);
    release();
    await expect.poll(() => isWhole(page)).toBe(true);
    await expect.poll(() => linkOf(page), { message: done.join(', ') }).toBe(meant);
    await expect(page.getByRole('alert')).toBeHidden();
  }
});

test('a link that changes a lab opens once all is there', async ({ page }) => {
  const release = await holdRest(page);
  await page.goto('index.html#/double-charge?seed=11&t=2s');
  await expect(page.locator('sf-app')).toBeAttached();
  release();
  await expect.poll(() => linkOf(page)).toContain('seed=11');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('another link that is followed at once opens once all is there', async ({ page }) => {
  for (const link of ['#/split-brain', '#/raft?seed=4', '#/no-such-lab']) {
    const release = await holdRest(page);
    await openLab(page, '#/double-charge');
    await page.evaluate((to) => (window.location.hash = to), link);
    release();
    if (link === '#/no-such-lab') await expect(page.locator('sf-start')).toContainText('no-such-lab');
    else await expect.poll(() => linkOf(page)).toContain(link.split('?')[0] ?? '');
  }
});

test.describe('a rest that cannot be loaded', () => {
  test.use({ provoked: /ERR_FAILED/ });

  test('is told to whoever needs it, and can be asked for again', async ({ page }) => {
    await page.route(REST, (route) => route.abort());
    await openLab(page, '#/double-charge');
    await act(page, 'switch');
    await expect(page.getByRole('alert')).toContainText('could not be loaded');
    await page.unroute(REST);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => linkOf(page)).toContain('idempotency-key');
    await expect(page.getByRole('alert')).toBeHidden();
  });
});
