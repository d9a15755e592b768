import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import type { SfShrink } from '../../src/components/hunt/sf-shrink.ts';
import type { SfHunt } from '../../src/components/hunt/sf-hunt.ts';
import { BROKEN, expect, openLab, test } from '../lab.ts';
import { hunted } from '../hunted.mjs';
// @ts-expect-error A script without types, which measures for the bench too.
import * as bench from '../../bench/page.mjs';

interface Bench {
  BUDGETS: Record<string, { budget: number }>;
  percentile: (values: number[], share: number) => number;
  frameTimes: (page: unknown, frames: number) => Promise<number[]>;
}

const { BUDGETS, percentile, frameTimes } = bench as Bench;

/** As in `delivery/budget.spec.ts`: other tests run at the same time. */
const SLACK = 4;

async function open(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Hunt', exact: true }).click();
  const hunt = page.locator('sf-hunt');
  await expect(hunt.getByRole('heading', { name: 'Hunt', exact: true })).toBeVisible();
  return hunt;
}

async function begin(hunt: Locator, seeds = 100, what?: string): Promise<void> {
  if (what !== undefined) await hunt.locator('select[name=what]').selectOption(what);
  await hunt.locator('select[name=seeds]').selectOption(String(seeds));
  await hunt.getByRole('button', { name: 'Hunt', exact: true }).click();
}

const isDone = (hunt: Locator) => expect(hunt.getByRole('status')).toContainText(/^[\d,]+ runs/);

const found = (hunt: Locator) =>
  hunt.evaluate((element: SfHunt) => ({
    found: element.hunting?.results.map((result) => result.found),
    deaths: element.hunting?.deaths,
    isSliced: element.hunting?.isSliced,
  }));

const LINK = '#/double-charge?loss=0.05';

/** The page has counted what the command counts. */
async function isTheCommands(hunt: Locator, seeds: number): Promise<void> {
  const expected = hunted(LINK, 0, seeds);
  const [here] = (await found(hunt)).found ?? [];
  expect(here?.runs).toBe(seeds);
  expect(here?.failed.count).toBe(expected.failed);
  expect([here?.failed.low, here?.failed.high]).toEqual(expected.interval);
  expect(Object.fromEntries(here?.checks.map(({ id, violated }) => [id, violated.count]) ?? [])).toEqual(
    expected.violated,
  );
  expect(here?.failing[0]?.link).toBe(expected.first?.link);
}

test('a hunt in the page finds what the command finds, and its first failing run opens', async ({
  lab,
  page,
}) => {
  await lab(`${LINK}&seed=7`);
  const hunt = await open(page);
  await begin(hunt, 1000);
  await isDone(hunt);
  await isTheCommands(hunt, 1000);
  const { isSliced } = await found(hunt);
  expect(isSliced).toBe(false);
  const first = hunt.locator('.failing li').first();
  const seed = await first.getAttribute('data-seed');
  await first.getByRole('link').click();
  await expect(page.locator('sf-seed output')).toHaveText(`Seed ${seed}`);
  await expect(page.locator('sf-verdicts .why')).toContainText('Violated.');
  await expect(hunt.locator('.stale')).toHaveCount(0);
});

test('nothing of it is loaded before it is asked for', async ({ lab, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await lab();
  const isOfHunts = (url: string) => /hunt|shrink|beside/.test(url);
  expect(asked.filter(isOfHunts)).toEqual([]);
  await open(page);
  expect(asked.filter(isOfHunts)).not.toEqual([]);
});

test.describe('where the page may have no workers', () => {
  for (const [how, refuse] of [
    [
      'at once',
      (page: Page) =>
        page.addInitScript(() => {
          const refused = function () {
            throw new DOMException('refused', 'SecurityError');
          };
          window.Worker = refused as unknown as typeof Worker;
        }),
    ],
    ['a moment later', (page: Page) => page.route(/beside\.worker/, (route) => route.abort())],
  ] as const) {
    test.describe(how, () => {
      test.use({ provoked: /ERR_FAILED/ });

      test('it hunts itself, and finds the same', async ({ lab, page }) => {
        await refuse(page);
        await lab(LINK);
        const hunt = await open(page);
        await begin(hunt, 100);
        await isDone(hunt);
        await expect(hunt.getByText('This page is not allowed to start workers')).toBeVisible();
        await isTheCommands(hunt, 100);
      });
    });
  }

  test('it finds the smallest run itself', async ({ lab, page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(window, 'Worker');
    });
    const opened = await lab(BROKEN);
    await opened.toTheFailure();
    await page.getByRole('button', { name: /^Shrink/ }).click();
    await expect(page.locator('sf-shrink').getByRole('link', { name: 'Open it' })).toBeVisible();
  });
});

test('the seeds of a worker that dies are run again by another', async ({ lab, page }) => {
  await page.addInitScript(() => {
    let answers = 0;
    const Real = Worker;
    window.Worker = class extends Real {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        this.addEventListener('message', (event: MessageEvent<{ kind: string }>) => {
          if (event.data.kind !== 'hunted') return;
          answers += 1;
          if (answers !== 3 && answers !== 9) return;
          this.terminate();
          this.dispatchEvent(new ErrorEvent('error', { message: 'dead' }));
        });
      }
    };
  });
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 1000);
  await isDone(hunt);
  expect((await found(hunt)).deaths).toBe(2);
  await isTheCommands(hunt, 1000);
});

test('what the page cannot add up ends a hunt, and no worker', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    if (!session) throw new Error('no session');
    session.core.hunting.add = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
  });
  await begin(hunt, 100);
  await expect(hunt.getByRole('status')).toContainText('The simulator broke');
  expect((await found(hunt)).deaths).toBe(0);
});

test('a hunt is of another run once a fault of the lab is left out, and of this one again when it is back', async ({
  lab,
  page,
}) => {
  await lab('#/timeout-tuning');
  const hunt = await open(page);
  await begin(hunt, 100);
  await isDone(hunt);
  const stale = hunt.locator('.stale');
  await expect(stale).toHaveCount(0);
  const takeBack = (place: number) =>
    page.locator('sf-page').evaluate(({ session }: SfPage, at) => session?.edits.takeBack(at), place);
  await takeBack(0);
  await expect(stale).toBeVisible();
  await takeBack(0);
  await expect(stale).toHaveCount(0);
});

test('a few among many are told and seen', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    if (!session) throw new Error('no session');
    const { hunting } = session.core;
    const real = hunting.found.bind(hunting);
    hunting.found = (link, numbers) => {
      const all = real(link, numbers);
      const failed = { count: 3, of_these: 0.0003, low: 0.0001, high: 0.00088 };
      return (
        all && {
          ...all,
          runs: 10_000,
          failed,
          checks: all.checks.map((check) => ({ ...check, violated: failed })),
        }
      );
    };
  });
  await begin(hunt, 1_000_000);
  await expect(hunt.locator('.share')).toContainText(/^\s*0\.030\s%: 3 of 10,000 seeds fail\s*$/);
  await hunt.getByRole('button', { name: 'Stop' }).click();
  await expect(hunt.locator('.interval')).toContainText(/0\.01\d? to 0\.088\s%/);
  await expect(hunt.locator('tbody td').first()).toHaveText(/^3 \(0\.03\d?\s%\)$/);
  const heights = await hunt.evaluate(async (element: SfHunt) => {
    const marks = new Uint8Array(6000);
    marks[0] = 2;
    element.hunting?.results[0]?.strip.add(900_000, marks);
    element.requestUpdate();
    await element.updateComplete;
    const path = element.renderRoot.querySelector('.strip .violated')?.getAttribute('d') ?? '';
    return [...path.matchAll(/v-([\d.]+)/g)].map(([, height]) => Number(height));
  });
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(3);
});

test('a hunt is stopped, and keeps what it has found', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 1_000_000);
  await expect(hunt.locator('.share')).toBeVisible();
  await hunt.getByRole('button', { name: 'Stop' }).click();
  await expect(hunt.getByRole('status')).toContainText(/^Stopped after/);
  const [here] = (await found(hunt)).found ?? [];
  expect(here?.runs).toBeGreaterThan(0);
  expect(here?.runs).toBeLessThan(1_000_000);
});

test('the same seeds run with a defence and without', async ({ lab, page }) => {
  const opened = await lab();
  const hunt = await open(page);
  await begin(hunt, 100, 'defence:idempotency-key');
  await isDone(hunt);
  const halves = hunt.locator('.result');
  await expect(halves).toHaveCount(2);
  await expect(halves.first()).toContainText('Idempotency key: off');
  const [off, on] = (await found(hunt)).found ?? [];
  expect([off?.runs, on?.runs]).toEqual([100, 100]);
  expect(off?.failed.count).toBe(hunted('#/double-charge', 0, 100).failed);
  expect(on?.failed.count).toBe(hunted('#/double-charge?on=idempotency-key', 0, 100).failed);
  // The numbers are about both.
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  await expect(page.getByRole('switch', { name: 'Idempotency key' })).toBeChecked();
  await expect(hunt.locator('.stale')).toHaveCount(0);
  await opened.slider('loss').press('ArrowRight');
  await expect(hunt.locator('.stale')).toBeVisible();
});

test('a sweep along a slider is a plot, a table and a file', async ({ lab, page }) => {
  const opened = await lab();
  const hunt = await open(page);
  await begin(hunt, 100, 'control:loss');
  await isDone(hunt);
  const before = await opened.value('loss').textContent();
  await opened.slider('loss').press('ArrowRight');
  await expect(opened.value('loss')).not.toHaveText(before ?? '');
  await expect(hunt.locator('.stale')).toHaveCount(0);
  await expect(hunt.getByRole('img', { name: /The share of seeds that fail/ })).toBeVisible();
  const download = page.waitForEvent('download');
  await hunt.getByRole('button', { name: 'Save as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('double-charge-loss.csv');
  const [head, ...rows] = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  expect(head).toBe('loss,unit,check,seeds,runs,failed,undecided,share,low,high,link');
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const [value, unit, check = '', seeds, runs, failed, undecided, share, low, high, link] =
      row.split(',');
    expect([unit, seeds, runs]).toEqual(['%', '100', '100']);
    expect(Number(failed) + Number(undecided)).toBeLessThanOrEqual(100);
    const expected = hunted(`#/double-charge?loss=${Number(value) / 100}`, 0, 100);
    expect(Number(failed), row).toBe(check === 'any' ? expected.failed : expected.violated[check]);
    expect(Number(low)).toBeLessThanOrEqual(Number(share));
    expect(Number(share)).toBeLessThanOrEqual(Number(high));
    expect(link).toMatch(/^"#\/double-charge/);
  }
  await hunt.getByText('As numbers').click();
  await hunt
    .getByRole('link', { name: /^Open seed \d+, the first that fails at/ })
    .first()
    .click();
  await expect(page.locator('sf-verdicts .why')).toContainText('Violated.');
});

test('what is compared can be one check, and says what was hunted', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 100, 'defence:idempotency-key');
  await isDone(hunt);
  await expect(hunt.locator('.what')).toHaveText(/with and without: Idempotency key: seeds 0 to 99\.$/);
  const expected = hunted(LINK, 0, 100).violated;
  for (const [check, count] of Object.entries(expected)) {
    await hunt.locator('select[name=check]').selectOption(check);
    await expect(hunt.locator('.share').first()).toContainText(
      count === 0 ? 'None of 100' : `${count} of 100`,
    );
  }
});

test('a hunt that is closed goes on, and what it found is there again', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 100_000);
  await expect(hunt.locator('.share')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(hunt).toHaveCount(0);
  const again = page.getByRole('button', { name: 'Hunt', exact: true });
  await expect(again).toHaveAttribute('title', /goes on/);
  await again.click();
  await expect(hunt.locator('.share')).toBeVisible();
  await hunt.getByRole('button', { name: 'Stop' }).click();
  await expect(hunt.getByRole('status')).toContainText(/^Stopped after/);
  await expect(again.first()).not.toHaveAttribute('title', /goes on/);
});

test('a value that is refused is left out of a sweep, and the others keep theirs', async ({
  lab,
  page,
}) => {
  await lab();
  const hunt = await open(page);
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    if (!session) throw new Error('no session');
    const { hunting } = session.core;
    const real = hunting.linkAt.bind(hunting);
    hunting.linkAt = (link, control, value) => (value === 0 ? undefined : real(link, control, value));
  });
  await begin(hunt, 100, 'control:loss');
  await isDone(hunt);
  const rows = hunt.locator('tbody th');
  const named = await rows.allTextContents();
  expect(named.length).toBeGreaterThan(4);
  const names = await hunt.evaluate((element: SfHunt) => element.hunting?.results.map(({ name }) => name));
  expect(named.map((name) => name.trim())).toEqual(names);
  expect(named[0]).not.toMatch(/^\s*0\s%/);
});

test('a failing run shrinks to one that fails in the same way, and says what was taken away', async ({
  lab,
  page,
}) => {
  const opened = await lab(BROKEN);
  await opened.toTheFailure();
  await page.getByRole('button', { name: /^Shrink/ }).click();
  const shrink = page.locator('sf-shrink');
  await expect(shrink.locator('.enough')).toContainText('enough');
  await expect(shrink.locator('.taken')).toContainText('Less than before:');
  await shrink.getByRole('link', { name: 'Open it' }).click();
  await expect(page).toHaveURL(/#1\./);
  await expect(page.locator('sf-verdicts .why')).toContainText('Violated.');
  await page.keyboard.press('Escape');
  await expect(shrink).toHaveCount(0);
});

test('a failing run of a hunt shrinks', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 100);
  await isDone(hunt);
  await hunt.locator('.failing .smallest').first().click();
  const shrink = page.locator('sf-shrink');
  await expect(shrink).toBeVisible();
  await expect(shrink.getByRole('link', { name: 'Open it' })).toBeVisible();
  await expect(shrink.getByRole('status')).toContainText('no longer fails in this way');
  // It needs faults, as nearly every run does; one that fails without any has none that are needed.
  await shrink.evaluate(async (element: SfShrink) => {
    const { smallest } = element.search ?? {};
    if (smallest) Object.assign(smallest, { faults: 0, faults_before: 0 });
    element.requestUpdate();
    await element.updateComplete;
  });
  await expect(shrink.locator('.enough')).toHaveText('It fails without any fault.');
});

test('what was found stays where a presentation has no room for it', async ({ lab, page }) => {
  await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 100);
  await isDone(hunt);
  await hunt.locator('.failing .smallest').first().click();
  const shrink = page.locator('sf-shrink');
  await expect(shrink.locator('.enough')).toBeVisible();
  const search = await shrink.evaluateHandle((element: SfShrink) => element.search);
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Leave the presentation' })).toBeVisible();
  await expect(hunt).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Present', exact: true })).toBeFocused();
  await isDone(hunt);
  await expect(shrink.locator('.enough')).toBeVisible();
  expect(await shrink.evaluate((element: SfShrink, before) => element.search === before, search)).toBe(
    true,
  );
});

test('a search begins again where the worker that ran it has died', async ({ lab, page }) => {
  await page.addInitScript(() => {
    let isFirst = true;
    const Real = Worker;
    window.Worker = class extends Real {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        if (!isFirst) return;
        isFirst = false;
        this.addEventListener('message', () => {
          // Not before the page has heard that it is ready.
          setTimeout(() => {
            this.terminate();
            this.dispatchEvent(new ErrorEvent('error', { message: 'dead' }));
          });
        });
        this.postMessage = (asked: { kind: string }) => {
          if (asked.kind === 'begin') super.postMessage(asked);
        };
      }
    };
  });
  const opened = await lab(BROKEN);
  await opened.toTheFailure();
  await page.getByRole('button', { name: /^Shrink/ }).click();
  await expect(page.locator('sf-shrink').getByRole('link', { name: 'Open it' })).toBeVisible();
});

test('a search on the page begins again where the simulator was renewed', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'Worker');
  });
  const opened = await lab('#/retry-storm');
  await opened.toTheFailure();
  const isRenewed = page.locator('sf-page').evaluate(async (element: SfPage) => {
    const isGoing = () =>
      element.renderRoot.querySelector('sf-shrink')?.renderRoot.querySelector('.do') ?? false;
    while (!isGoing()) await new Promise((done) => requestAnimationFrame(done));
    const core = element.session?.core;
    const renewed = (core?.generation ?? 0) + 1;
    Object.defineProperty(core, 'generation', { get: () => renewed });
  });
  await page.getByRole('button', { name: /^Shrink/ }).click();
  await isRenewed;
  await expect(page.locator('sf-shrink').getByRole('link', { name: 'Open it' })).toBeVisible();
});

test('a search for the smallest run can be stopped', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'Worker');
  });
  const opened = await lab('#/retry-storm');
  await opened.toTheFailure();
  const shrink = page.locator('sf-shrink');
  const isStopped = page.locator('sf-page').evaluate(async (element: SfPage) => {
    for (;;) {
      await new Promise((done) => requestAnimationFrame(done));
      const stop = element.renderRoot
        .querySelector('sf-shrink')
        ?.renderRoot.querySelector<HTMLElement>('.do');
      if (stop) {
        stop.click();
        return;
      }
    }
  });
  await page.getByRole('button', { name: /^Shrink/ }).click();
  await isStopped;
  await expect(shrink.getByRole('status')).toContainText(/Stopped after [\d,]+ runs/);
  await expect(shrink.getByRole('link', { name: 'Open it' })).toBeVisible();
});

test('with the keyboard a hunt is begun, read and left', async ({ lab, page }) => {
  await lab(LINK);
  await page.getByRole('button', { name: 'Hunt', exact: true }).focus();
  await page.keyboard.press('Enter');
  const hunt = page.locator('sf-hunt');
  await expect(hunt.getByRole('button', { name: 'Hunt', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await isDone(hunt);
  await expect(hunt.getByRole('table')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(hunt).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Hunt', exact: true })).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme}, ${viewport.width} wide`, () => {
      test.use({ colorScheme, viewport });

      test('axe finds nothing in a hunt, and nothing sticks out', async ({ page }) => {
        await openLab(page, LINK);
        const hunt = await open(page);
        for (const what of ['this', 'defence:idempotency-key', 'control:loss']) {
          await begin(hunt, 100, what);
          await isDone(hunt);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(width).toBeLessThanOrEqual(viewport.width);
        }
      });
    });
  }
}

test('a playing stage keeps its frames while a hunt goes on', async ({ lab, page }) => {
  const opened = await lab(LINK);
  const hunt = await open(page);
  await begin(hunt, 1_000_000);
  await opened.play.click();
  const before = await opened.time();
  const times = await frameTimes(page, 120);
  expect(await opened.time()).toBeGreaterThan(before);
  expect(percentile(times, 0.5)).toBeLessThan(SLACK * (BUDGETS['page.frame.p99.small']?.budget ?? 0));
  await expect(hunt.getByRole('button', { name: 'Stop' })).toBeVisible();
  const [here] = (await found(hunt)).found ?? [];
  expect(here?.runs).toBeGreaterThan(0);
});
