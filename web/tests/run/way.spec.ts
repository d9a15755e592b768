/** What holds while a run is still on its way to where it was brought. A stride is 256 turns; these ways take more. */
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { expect, test } from '../lab.ts';

/** In this run something is violated at 14.0 s. */
const LONG = '#/retry-storm';
/** This one has a million events. */
const HEAVY = '#/stale-read?latency=0s&jitter=0s&loss=0&r=2&w=2&pause=1ms&t=1s';

test('a run that is brought past a violation while it plays goes on from there', async ({ lab, page }) => {
  const opened = await lab(LONG);
  await opened.play.click();
  await opened.timeBar.fill('2000');
  await expect.poll(() => opened.time()).toBeGreaterThan(20.2);
  await expect(opened.pause).toBeVisible();
  await expect(page.locator('sf-verdicts')).toContainText('Violated');
});

test('a run that plays beyond what its lab is about is not brought back by a slider', async ({ lab }) => {
  // The lab is about the first 36 s.
  const opened = await lab('#/last-write-wins?t=45s');
  await opened.play.click();
  await opened.slider('latency').press('ArrowRight');
  await expect.poll(() => opened.time()).toBeGreaterThan(45.2);
  await expect(opened.pause).toBeVisible();
});

test('a run that plays shows the moment to which the time bar is dragged, before that is let go', async ({
  lab,
  page,
}) => {
  const opened = await lab(LONG);
  await opened.play.click();
  const box = await opened.timeBar.boundingBox();
  if (!box) throw new Error('the time bar has no box');
  await page.mouse.move(box.x + 8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2);
  await expect.poll(() => opened.time()).toBeGreaterThan(24);
  await page.mouse.up();
  const held = await opened.time();
  await expect.poll(() => opened.time()).toBeGreaterThan(held + 0.2);
});

test('a run that is brought far while it plays says how far it has come, and stops there', async ({
  lab,
  page,
}) => {
  const { play, timeBar } = await lab(HEAVY);
  await play.click();
  await timeBar.press('End');
  const stop = page.getByRole('button', { name: 'Stop here' });
  await expect(stop).toBeVisible();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await stop.click();
  await expect(stop).toBeHidden();
  await expect(play).toBeVisible();
  const { timeMs, endMs } = await page.locator('sf-app').evaluate(({ session }: SfApp) => ({
    timeMs: session?.timeMs ?? 0,
    endMs: session?.state.end_ms ?? 0,
  }));
  expect(timeMs).toBeLessThan(endMs);
});

test.describe('on a machine on which each stride takes five milliseconds', () => {
  test.beforeEach(({ page }) =>
    page.addInitScript(() => {
      const now = performance.now.bind(performance);
      let strides = 0;
      performance.now = () => now() + 5 * (strides += 1);
    }),
  );

  test('a run that is on its way leaves the address of the start page alone', async ({ lab, page }) => {
    await lab(LONG);
    const isOnItsWay = await page.locator('sf-app').evaluate(async ({ session }: SfApp) => {
      session?.travel.seek(29_000);
      const isOnItsWay = (session?.timeMs ?? 0) < 29_000;
      window.location.hash = '#/';
      for (let frame = 0; frame < 200; frame += 1) await new Promise((done) => requestAnimationFrame(done));
      return isOnItsWay;
    });
    expect(isOnItsWay).toBe(true);
    expect(new URL(page.url()).hash).toBe('#/');
  });

  test('who was about to stay goes on with the page when the run is there', async ({ lab, page }) => {
    await lab(LONG);
    const focused = await page.locator('sf-app').evaluate(async ({ session, renderRoot }: SfApp) => {
      const stay = () =>
        renderRoot
          .querySelector('sf-page')
          ?.renderRoot.querySelector('sf-way')
          ?.renderRoot.querySelector('button');
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      session?.travel.seek(29_000);
      while (!stay()) await frame();
      stay()?.focus();
      while (stay()) await frame();
      await frame();
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.localName;
    });
    expect(focused).toBe('button');
  });
});
