// What becomes of a page whose simulator panics, aborts or does not come back.
import { deflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { SfEmbed } from '../../src/components/page/sf-embed.ts';
import { breakNext, memoryMiB, modules, standAtBorder, takeMemory, withMemory } from '../border.ts';
import { expect, openLab, test } from '../lab.ts';
// @ts-expect-error A script without types, which measures for the bench too.
import * as bench from '../../bench/page.mjs';

/** 127 workers that tell a balancer every 10 ms that they are alive: 100 MB of events in a minute. */
const { LARGE } = bench as { LARGE: string };

/** Follows a link within the page. */
const follow = (page: Page, hash: string) =>
  page.evaluate((link) => {
    window.location.hash = link;
  }, hash);

test.beforeEach(async ({ page }) => {
  await standAtBorder(page);
});

test('a run that breaks says so with its link, and is built again in a fresh module', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?seed=7&t=2s&loss=0.5');
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.edits.act('crash:bank'));
  const digest = await opened.digest();
  await breakNext(page, 'run_step');
  await page.keyboard.press('ArrowRight');
  const failure = page.getByRole('alert');
  await expect(failure).toContainText('unreachable');
  await expect(failure.getByRole('link')).toHaveAttribute('href', /loss=0\.5.*do=crash:bank@2s.*t=2s/);
  expect(await modules(page)).toBe(2);
  expect(await opened.digest()).toBe(digest);
  await failure.getByRole('button', { name: 'Go on' }).click();
  await opened.play.click();
  await expect.poll(() => opened.time()).toBeGreaterThan(2.1);
});

test('a run that breaks while it plays is there again each time, and so is the next lab', async ({
  lab,
  page,
}) => {
  await page.clock.install();
  const opened = await lab('#/double-charge?seed=7');
  for (const count of [2, 3]) {
    await opened.play.click();
    await opened.playOn(0.5);
    await breakNext(page, 'run_go_on');
    await page.clock.runFor(1000);
    await expect(page.getByRole('alert')).toContainText('built again');
    expect(await modules(page)).toBe(count);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('alert')).toBeHidden();
  }
  await follow(page, '#/split-brain');
  await page.clock.runFor(100);
  await expect(page.locator('sf-lab-header')).toContainText('took over');
  await expect(page.getByRole('alert')).toBeHidden();
});

test.describe('a run that needs more memory than there is', () => {
  test.use({ provoked: /memory|unreachable/ });

  test('is told, and other labs open in fresh memory', async ({ page }) => {
    await page.route('**/slowfire_bg*.wasm', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: withMemory(await response.body(), 400) });
    });
    await openLab(page, LARGE);
    await page.locator('sf-app').evaluate((app: SfApp) => app.session?.travel.seek(60_000));
    await expect(page.getByRole('alert')).toContainText('built again');
    expect(await modules(page)).toBe(2);
    const time = () => page.locator('sf-app').evaluate((app: SfApp) => app.session?.timeMs);
    expect(await time()).toBeLessThan(60_000);
    await follow(page, '#/double-charge?seed=7&t=20s');
    await expect(page.getByRole('alert')).toBeHidden();
    await expect.poll(time).toBe(20_000);
  });
});

test('another lab is opened in a fresh module where the one before was heavy', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&t=2s');
  await takeMemory(page, 128);
  await follow(page, '#/split-brain?t=1s');
  await expect.poll(() => opened.time()).toBe(1);
  await expect(page.getByRole('alert')).toBeHidden();
  expect(await modules(page)).toBe(2);
  expect(await memoryMiB(page)).toBeLessThan(32);
});

test('the first link of a page that breaks leaves the others', async ({ page }) => {
  await standAtBorder(page, { run_new: 'trap' });
  await page.goto('index.html#/double-charge?seed=7');
  const failure = page.getByRole('alert');
  await expect(failure).toContainText('could not be built again');
  await expect(failure.getByRole('link', { name: 'seed=7' })).toHaveAttribute('href', page.url());
  await expect(page.getByText('needs a web address')).toBeHidden();
  await failure.getByRole('link', { name: 'All labs' }).click();
  await page.locator('sf-poster[data-lab=double-charge] a').click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true }).first()).toBeVisible();
});

test('a link that breaks as it is opened leaves the run before it', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&t=2s');
  const digest = await opened.digest();
  await breakNext(page, 'run_new');
  await follow(page, '#/split-brain');
  await expect(page.getByRole('alert')).toContainText('The one before it was built again');
  await expect(page.getByRole('alert').getByRole('link')).toHaveAttribute('href', /#\/split-brain$/);
  expect(await opened.digest()).toBe(digest);
  await follow(page, '#/stale-read');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('an embed that breaks says so', async ({ page }) => {
  await standAtBorder(page, { run_new: 'trap' });
  await page.goto('embed.html#/double-charge?seed=7');
  await expect(page.getByRole('alert')).toContainText('could not be built again');
  await follow(page, '#/split-brain');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a figure whose first link breaks opens the next one', async ({ page }) => {
  await standAtBorder(page, { run_new: 'trap' });
  await page.goto('examples/element.html');
  const figure = page.locator('slow-fire');
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.getByRole('alert')).toContainText('could not be built again');
  const told = figure.evaluate(
    (one: HTMLElement) =>
      new Promise<string>((done) =>
        one.addEventListener('ready', (event) =>
          done((event as CustomEvent<{ link: string }>).detail.link),
        ),
      ),
  );
  await figure.evaluate((one) => one.setAttribute('lab', 'split-brain'));
  expect(await told).toContain('#/split-brain');
  await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(figure.getByRole('alert')).toBeHidden();
});

test.describe('a lab’s picture that breaks the simulator', () => {
  test.use({ provoked: /unreachable/ });

  test('is left out, and those after it are painted', async ({ page }) => {
    await standAtBorder(page, { run_paint: 'trap' });
    await page.goto('index.html#/');
    await expect.poll(() => page.locator('sf-poster canvas[data-painted]').count()).toBeGreaterThan(1);
    expect(await modules(page)).toBe(2);
  });
});

/** A document that stops at its first event, when no time has gone by. */
const OF_ONE_EVENT = `#1.${deflateRawSync(
  JSON.stringify({
    protocol: 'payments',
    revision: 2,
    nodes: [
      { name: 'ann', role: 'client' },
      { name: 'bank', role: 'bank' },
    ],
    events: 1,
  }),
).toString('base64url')}`;

for (const view of ['world', 'spacetime', 'history'] as const) {
  test(`a run that ends where it begins is shown: ${view}`, async ({ lab, page }) => {
    const opened = await lab(OF_ONE_EVENT);
    await page
      .locator('sf-app')
      .evaluate((app: SfApp, shown) => app.session?.choose({ view: shown }), view);
    await opened.play.click();
    await page.keyboard.press('ArrowRight');
    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, 200);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await expect(page.getByRole('alert')).toBeHidden();
    expect(await modules(page)).toBe(1);
  });
}

test('a figure whose neighbour breaks the simulator goes on in the fresh one', async ({ page }) => {
  await page.goto('examples/element.html');
  const figures = page.locator('slow-fire');
  await figures.evaluate((one) => one.after(one.cloneNode()));
  const digest = () =>
    figures
      .nth(1)
      .evaluate((one) => (one as HTMLElement & { session?: { digest(): string } }).session?.digest());
  await expect.poll(digest).toBeTruthy();
  const before = await digest();
  await breakNext(page, 'run_step');
  await figures.first().locator('sf-transport').getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(figures.first().getByRole('alert')).toContainText('built again');
  expect(await digest()).toBe(before);
  await expect(figures.nth(1).getByRole('alert')).toBeHidden();
});

test('calls that hold up the page stop the play, and say so', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  await opened.play.click();
  await breakNext(page, 'run_go_on', 'slow', 2);
  await expect(page.getByRole('alert')).toContainText('held up the page for 10 s');
  await expect(opened.play).toBeVisible();
});

test('looking ahead rests where it holds up the page, until the reader does something', async ({
  lab,
  page,
}) => {
  await lab('#/double-charge?seed=7');
  const left = () => page.evaluate(() => window.border.faults.get('run_look_ahead')?.times ?? 0);
  // In one task: it may be looking ahead already.
  await page.locator('sf-app').evaluate((app: SfApp) => {
    window.border.faults.set('run_look_ahead', { fault: 'slow', times: 8 });
    app.session?.edits.act('crash:bank');
  });
  await expect(page.getByRole('alert')).toContainText('held up the page for 10 s');
  const rest = await left();
  expect(rest).toBeGreaterThan(0);
  await page.evaluate(async () => {
    for (let times = 0; times < 20; times += 1) await new Promise((done) => requestIdleCallback(done));
  });
  expect(await left()).toBe(rest);
  await page.keyboard.press('ArrowRight');
  await expect.poll(left).toBeLessThan(rest);
});

test('a call that a busy machine holds up stops nobody', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  await opened.play.click();
  for (let times = 0; times < 3; times += 1) {
    const before = await opened.time();
    await breakNext(page, 'run_go_on', 'slow');
    await expect.poll(() => page.evaluate(() => window.border.faults.size)).toBe(0);
    await expect.poll(() => opened.time()).toBeGreaterThan(before);
  }
  await expect(opened.pause).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('the run of a figure may take a quarter of the memory, also when it was built again', async ({
  page,
}) => {
  await page.goto(`embed.html${LARGE}`);
  const embed = page.locator('sf-embed');
  const stopped = () => embed.evaluate((one: SfEmbed) => one.session?.state.stopped);
  const seek = (ms: number) => embed.evaluate((one: SfEmbed, to) => one.session?.travel.seek(to), ms);
  await expect.poll(stopped).toBe(null);
  await seek(60_000);
  await expect.poll(stopped, { timeout: 60_000 }).toContain('outgrew its budget of 64 MiB');
  await seek(100);
  await breakNext(page, 'run_step');
  await embed.evaluate((one: SfEmbed) => one.session?.travel.step());
  expect(await modules(page)).toBe(2);
  await seek(60_000);
  await expect.poll(stopped, { timeout: 60_000 }).toContain('outgrew its budget of 64 MiB');
});

test('a run that stopped before its time says so beside its picture: on the page, on a wall, in a figure', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const link = '#/split-brain?write-every=1ms&timeout=1ms&latency=0s&duplication=1&t=30s';
  for (const [address, place] of [
    ['index.html', 'sf-caption p'],
    ['index.html?present', 'sf-caption p'],
    ['embed.html', '.stopped'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(address + link);
    const said = page.locator(place);
    await expect(said, address).toContainText('The run stopped at', { timeout: 90_000 });
    await expect(said, address).toBeInViewport({ ratio: 1 });
  }
});

test('a page that was closed over a link asks before it opens that again', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=7&t=2s');
  // As a page leaves it behind that never came back.
  await page.evaluate(() => {
    window.addEventListener('pagehide', () => sessionStorage.setItem('slowfire.busy', location.href));
  });
  await page.reload();
  const question = page.getByRole('alert');
  await expect(question).toContainText('was closed while it was busy');
  await question.getByRole('button', { name: 'Open it' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});
