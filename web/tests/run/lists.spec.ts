// Long lists show a part, and say how much more there is.
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { expect, test } from '../lab.ts';
// @ts-expect-error A script without types, which measures for the bench too.
import * as bench from '../../bench/page.mjs';

/** 127 workers that tell a balancer every 10 ms that they are alive, over links of 160 ms. */
const { LARGE } = bench as { LARGE: string };

test('of thousands of messages the list shows 200, and how many more', async ({ lab, page }) => {
  const opened = await lab(LARGE);
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.travel.seek(1000));
  const inFlight = () => page.locator('sf-app').evaluate((app: SfApp) => app.session?.state.in_flight ?? 0);
  await expect.poll(inFlight).toBeGreaterThan(1000);
  await opened.button('As a list').click();
  const messages = page.locator('sf-mirror ul[aria-labelledby=messages]');
  await expect(messages.getByRole('listitem')).toHaveCount(200);
  await expect(page.locator('sf-mirror')).toContainText(`and ${(await inFlight()) - 200} more`);
});

test('of many changes the list shows 200, and how many more', async ({ lab, page }) => {
  const deeds = Array.from({ length: 300 }, (_, place) => `pause:bank@${place + 1}ms`).join();
  await lab(`#/double-charge?do=${deeds}`);
  const changes = page.locator('sf-changes');
  await expect(changes.getByRole('listitem')).toHaveCount(200);
  await expect(changes).toContainText('and 100 more');
});

test('a log that has gone on for long holds no more nodes than its lines need', async ({ lab, page }) => {
  await page.clock.install();
  const opened = await lab('#/double-charge?seed=11');
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.player.setSpeed(10));
  const nodesPerLine = () =>
    page.locator('sf-log').evaluate((log) => {
      const all = document.createNodeIterator(log.shadowRoot ?? log);
      let count = 0;
      while (all.nextNode()) count += 1;
      return count / (log.shadowRoot?.querySelectorAll('li').length ?? 1);
    });
  // Past the violation, where it rests by itself.
  await opened.toTheEnd();
  await opened.play.click();
  await page.clock.runFor(1500);
  const early = await nodesPerLine();
  for (let turns = 0; turns < 10; turns += 1) {
    await page.clock.runFor(1000);
    if (await opened.play.isVisible()) await opened.play.click();
  }
  expect(await nodesPerLine()).toBeLessThanOrEqual(early + 2);
});

test('marks are thinned to what the bar can show', async ({ lab, page }) => {
  await lab('#/retry-storm?t=60s');
  const marks = () => page.locator('sf-app').evaluate((app: SfApp) => app.session?.marks ?? []);
  await expect.poll(async () => (await marks()).length).toBeGreaterThan(10);
  const found = await marks();
  const end = await page.locator('sf-app').evaluate((app: SfApp) => app.session?.endMs ?? 0);
  const cells = found.map(({ kind, time_ms }) => `${kind} ${Math.floor((time_ms / end) * 1000)}`);
  expect(new Set(cells).size).toBe(cells.length);
});
