// The budgets of `scripts/bench page` as upper bounds, with slack for a busy machine.
import { expect, openLab, test } from './lab.ts';
// @ts-expect-error A script without types, which measures for the bench too.
import * as bench from '../bench/page.mjs';

interface Bench {
  BUDGETS: Record<string, { budget: number }>;
  percentile(values: number[], share: number): number;
  frameTimes(page: unknown, frames: number): Promise<number[]>;
  seekTimes(page: unknown): Promise<number[]>;
  transferKilobytes(): Promise<number>;
}

const { BUDGETS, percentile, frameTimes, seekTimes, transferKilobytes } = bench as Bench;
const budget = (name: string) => BUDGETS[name]?.budget ?? 0;

/** A machine that runs other tests at the same time is slower by so much; the middle is what holds still. */
const SLACK = 4;

test('a frame of a small lab is cheap', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11&latency=600ms');
  const times = await frameTimes(page, 120);
  expect(percentile(times, 0.5)).toBeLessThan(SLACK * budget('page.frame.p99.small'));
});

test('a seek is answered at once', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11');
  expect(percentile(await seekTimes(page), 0.5)).toBeLessThan(SLACK * budget('page.seek.p99'));
});

test('the whole transfer is small', async () => {
  expect(await transferKilobytes()).toBeLessThan(2 * budget('page.transfer.brotli'));
});
