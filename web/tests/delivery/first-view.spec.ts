/** The first seconds of a first visit: a lab as it is, seen and watched while the rest of the simulator is still on its way. */
import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
// @ts-expect-error A script without types, which the build uses too.
import { drawn } from '../../build/drawn.mjs';
import { isShown, openPost } from '../embed/host.ts';
import { LABS, expect, openLab, test } from '../lab.ts';

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

/** Flips the first defence of any lab, stops its last node, and goes to a moment that no first view has. */
const ANY_ACTS: Record<string, (app: SfApp) => void> = {
  switch: ({ session }) => {
    const [defence] = session?.about.defences ?? [];
    if (session && defence) session.edits.defend(defence.id, session.state.defences[defence.id] !== true);
  },
  deed: ({ session }) => session?.edits.act(`crash:${session.about.nodes.at(-1)?.id ?? ''}`),
  seek: ({ session }) => session?.travel.seek(session.endMs / 2),
  toggle: ({ session }) => session?.player.toggle(),
  view: ({ session }) => session?.choose({ view: 'spacetime' }),
  resize: () => window.dispatchEvent(new Event('resize')),
};

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`whatever is done in the first second is never lost: ${seed}`, async ({ page }) => {
    const next = (drawn as (seed: number) => () => number)(seed);
    const lab = LABS[Math.floor(next() * LABS.length)] ?? 'raft';
    await page.setViewportSize(next() < 0.5 ? { width: 390, height: 844 } : { width: 1280, height: 800 });
    await page.route(REST, async (route) => {
      await new Promise((done) => setTimeout(done, 2500 * next()));
      await route.continue();
    });
    await page.goto(`index.html#/${lab}`);
    await expect.poll(() => page.locator('sf-app').evaluate(({ session }: SfApp) => !!session)).toBe(true);
    for (const name of Object.keys(ANY_ACTS).toSorted(() => next() - 0.5)) {
      const does = ANY_ACTS[name];
      if (does) await page.locator('sf-app').evaluate(does);
      await page.waitForTimeout(300 * next());
    }
    await expect.poll(() => isWhole(page)).toBe(true);
    await expect.poll(() => linkOf(page), { message: lab }).toMatch(/do=crash/);
    await expect.poll(() => linkOf(page), { message: lab }).toMatch(/o(?:n|ff)=/);
    await expect(page.getByRole('alert')).toBeHidden();
  });
}

test('figures on one page are shown, and do what they are told', async ({ page }) => {
  const release = await holdRest(page);
  await openPost(page, {
    body: `<slow-fire lab="double-charge" loading="eager"></slow-fire><slow-fire lab="raft" loading="eager"></slow-fire>
      <slow-fire src="#/double-charge?seed=11&t=2s" loading="eager"></slow-fire>`,
  });
  const figures = page.locator('slow-fire');
  await expect
    .poll(() => figures.evaluateAll((all) => all.some((one) => 'session' in one && one.session)))
    .toBe(true);
  await figures
    .first()
    .evaluate((one: HTMLElementTagNameMap['slow-fire']) => one.session?.travel.seek(9000));
  release();
  for (const place of [0, 1, 2]) {
    await figures.nth(place).scrollIntoViewIfNeeded();
    await isShown(figures.nth(place));
  }
  const moments = figures.evaluateAll((all) =>
    all.map((one) => Math.round((one as HTMLElementTagNameMap['slow-fire']).session?.timeMs ?? 0)),
  );
  expect((await moments)[2]).toBe(2000);
  await expect(page.getByRole('alert')).toHaveCount(0);
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
