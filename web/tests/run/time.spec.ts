import type { SfApp } from '../../src/components/page/sf-app.ts';
import { BROKEN, expect, test } from '../lab.ts';

test('shift and an arrow go to the moments that matter, and back', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await page.keyboard.press('Shift+ArrowRight');
  const first = await opened.time();
  await page.keyboard.press('Shift+ArrowRight');
  const second = await opened.time();
  expect(second).toBeGreaterThan(first);
  await page.keyboard.press('Shift+ArrowLeft');
  expect(await opened.time()).toBe(first);
});

test('the bar marks what happened, and tells of the mark under the pointer', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  const violation = page.locator('sf-time-bar path.violation');
  await expect(violation).toHaveAttribute('d', /^M\d/);
  await expect(page.locator('sf-time-bar path.timeout')).toHaveAttribute('d', /^M\d/);
  const share = Number((await violation.getAttribute('d'))?.match(/^M(\d+)/)?.[1]) / 1000;
  const box = await opened.timeBar.boundingBox();
  if (!box) throw new Error('the time bar has no box');
  await page.mouse.move(box.x + 8 + share * (box.width - 16), box.y + box.height / 2);
  await expect(page.locator('sf-time-bar .told .violation')).not.toBeEmpty();
});

test('what the bar tells of a moment never sticks out of it', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const opened = await lab('#/lease-and-pause');
  await opened.toTheEnd();
  const box = await opened.timeBar.boundingBox();
  if (!box) throw new Error('the time bar has no box');
  for (let share = 0.02; share < 1; share += 0.06) {
    await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
    const told = await page.locator('sf-time-bar .told').boundingBox();
    expect(told?.x, `at ${share}`).toBeGreaterThanOrEqual(box.x - 1);
    expect((told?.x ?? 0) + (told?.width ?? 0), `at ${share}`).toBeLessThanOrEqual(box.x + box.width + 1);
  }
});

test('skip the quiet jumps over time in which nothing happens', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&latency=1ms&jitter=0ms&loss=0');
  await page.getByRole('slider', { name: 'Speed' }).press('Home');
  await opened.button('Skip the quiet').click();
  await opened.play.click();
  // A second of this run takes twenty of the reader's at this speed.
  await expect.poll(() => opened.time()).toBeGreaterThan(2);
});

test('follow goes slower while messages are in flight', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&latency=500ms');
  await opened.button('Slow down').click();
  await expect(opened.button('Slow down')).toHaveAttribute('aria-pressed', 'true');
  // Frames of a clock that no busy machine can make late.
  await page.clock.install();
  await page.evaluate(() => {
    const session = document.querySelector('sf-app')?.session;
    if (!session) throw new Error('no session');
    // To rest at a violation is not what is tested here.
    session.player.guide.letGo(session.state.defences);
    session.player.setSpeed(1);
    const frames: { inFlight: number; time: number }[] = [];
    session.addEventListener('frame', () => {
      frames.push({ inFlight: session.state.in_flight, time: session.timeMs });
    });
    Object.assign(window, { frames });
    session.player.play();
  });
  await page.clock.runFor(20_000);
  const frames = await page.evaluate(
    () => (window as unknown as { frames: { inFlight: number; time: number }[] }).frames,
  );
  const step = (crowded: boolean) => {
    const chosen = frames.flatMap(({ inFlight, time }, index) => {
      const step = time - (frames[index - 1]?.time ?? time);
      // It lingers at each step of the story.
      return time > 1000 && step > 0 && inFlight > 1 === crowded ? [step] : [];
    });
    return chosen.reduce((sum, each) => sum + each, 0) / chosen.length;
  };
  expect(step(true)).toBeLessThan(0.8 * step(false));
});

test('changing the past keeps the other future, and leads back to it', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  const first = await opened.digest();
  await page.getByRole('slider', { name: 'Time' }).press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.edits.act('crash:bank'));
  const futures = page.locator('sf-futures').getByRole('button');
  await expect(futures).toHaveCount(2);
  await opened.toTheEnd();
  expect(await opened.digest()).not.toBe(first);
  await futures.first().click();
  await expect(futures.first()).toHaveAttribute('aria-current', 'true');
  await opened.toTheEnd();
  expect(await opened.digest()).toBe(first);
});

test('reloading loses nothing', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.play.click();
  await expect.poll(() => opened.time()).toBeGreaterThan(0.4);
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.edits.act('crash:bank'));
  await opened.pause.click();
  const [digest, time] = [await opened.digest(), await opened.time()];
  await page.getByRole('slider', { name: 'Speed' }).press('End');
  await page.getByRole('radio', { name: 'Both' }).check();
  // What has not reached the address yet is the next test's matter.
  await page.waitForFunction(() => {
    const { hash } = window.location;
    return document.querySelector('sf-app')?.session?.link === decodeURIComponent(hash);
  });
  await page.reload();
  await expect(opened.play).toBeVisible();
  expect(await opened.digest()).toBe(digest);
  expect(await opened.time()).toBe(time);
  await expect(page.getByRole('slider', { name: 'Speed' })).toHaveAttribute('aria-valuetext', /^10×/);
  await expect(page.getByRole('radio', { name: 'Both' })).toBeChecked();
});

test('what is done in the moment before a reload is not lost', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const reloaded = page.waitForEvent('load');
  await page.locator('sf-app').evaluate((app: SfApp) => {
    app.session?.edits.act('crash:bank');
    for (const ms of [100, 200, 700]) app.session?.travel.seek(ms);
    window.location.reload();
  });
  await reloaded;
  await expect(opened.play).toBeVisible();
  expect(await opened.time()).toBe(0.7);
  expect(opened.hash).toContain('do=crash:bank@0s');
});
