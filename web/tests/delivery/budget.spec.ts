// The budgets of `scripts/bench page` as upper bounds, with slack for a busy machine.
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { expect, openLab, test } from '../lab.ts';
// @ts-expect-error A script without types, which measures for the bench too.
import * as bench from '../../bench/page.mjs';

interface Bench {
  SMALL: string;
  LARGE: string;
  BUDGETS: Record<string, { budget: number }>;
  percentile: (values: number[], share: number) => number;
  frameTimes: (page: unknown, frames: number) => Promise<number[]>;
  memoryGrowth: (page: unknown, address: string) => Promise<number>;
  sliderMoves: (page: unknown) => Promise<{ frames: number; ms: number }[]>;
  seekTimes: (page: unknown) => Promise<number[]>;
  transferKilobytes: (link?: string, isWhole?: boolean) => Promise<number>;
}

const {
  SMALL,
  LARGE,
  BUDGETS,
  percentile,
  frameTimes,
  memoryGrowth,
  seekTimes,
  sliderMoves,
  transferKilobytes,
} = bench as Bench;
const budget = (name: string) => BUDGETS[name]?.budget ?? 0;

/** A machine that runs other tests at the same time is slower by so much; the middle is what holds still. */
const SLACK = 4;

for (const [size, link, nodes, messages] of [
  ['small', SMALL, 5, 50],
  ['large', LARGE, 128, 2000],
] as const) {
  test(`a frame with ${nodes} nodes and ${messages} messages is cheap`, async ({ page }) => {
    await openLab(page, link);
    const times = await frameTimes(page, 120);
    const middle = percentile(times, 0.5);
    expect(middle, 'the frames of the run are those that are measured').toBeGreaterThan(0);
    expect(middle).toBeLessThan(SLACK * budget(`page.frame.p99.${size}`));
    const { state } = await page
      .locator('sf-app')
      .evaluate((app: SfApp) => ({ state: app.session?.state }));
    expect(state?.nodes.length).toBe(nodes);
    expect(state?.in_flight).toBeGreaterThanOrEqual(messages);
  });
}

test('a slider acts within one frame', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11');
  const moves = await sliderMoves(page);
  expect(Math.max(...moves.map(({ frames }) => frames))).toBe(budget('page.slider.frames'));
  expect(
    percentile(
      moves.map(({ ms }) => ms),
      0.5,
    ),
  ).toBeLessThan(SLACK * budget('page.slider.p99'));
});

test('the first frame is painted soon', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11');
  const first = await page.waitForFunction(
    () => performance.getEntriesByName('slowfire:first-frame')[0]?.startTime,
  );
  expect(await first.jsonValue()).toBeLessThan(SLACK * budget('page.first_frame'));
});

test('ten minutes at top speed leave memory flat', async ({ page }) => {
  test.slow();
  expect(await memoryGrowth(page, 'index.html')).toBeLessThan(2 * budget('page.memory.growth'));
});

test('a seek is answered at once', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11');
  expect(percentile(await seekTimes(page), 0.5)).toBeLessThan(SLACK * budget('page.seek.p99'));
});

// Neither is where it is to be; this is where they are.
test('what is transferred before a lab is seen and plays is small, and so is all of it', async () => {
  expect(await transferKilobytes()).toBeLessThan(1.2 * budget('page.transfer.brotli'));
  expect(await transferKilobytes('#/double-charge', true)).toBeLessThan(
    1.1 * budget('page.transfer.whole'),
  );
});
