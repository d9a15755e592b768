/** What stands in the place of the pictures, and what is chosen for it. */
import type { Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { BROKEN, expect, openLab, test } from '../lab.ts';

const STORM = '#/retry-storm?t=14.5s';

const chooseBoth = (page: Page) => page.getByRole('radio', { name: 'Both' }).check();

for (const { width, height } of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 320, height: 640 },
]) {
  test.describe(`at ${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test('the walk keeps its button to close in sight, and the room of two pictures', async ({ page }) => {
      await openLab(page, STORM);
      await chooseBoth(page);
      const room = await page.locator('.figure .pictures').boundingBox();
      await page.getByRole('button', { name: /^Show me why/ }).click();
      const why = page.locator('sf-why');
      await expect(why).toBeVisible();
      const box = await why.locator('.close').boundingBox();
      expect((box?.x ?? width) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      const section = await why.locator('section').boundingBox();
      expect((box?.x ?? width) + (box?.width ?? 0)).toBeLessThanOrEqual(
        (section?.x ?? 0) + (section?.width ?? 0),
      );
      expect((await why.boundingBox())?.height).toBeGreaterThan(0.9 * (room?.height ?? Infinity));
    });
  });
}

test('two runs beside each other have the room of two pictures', async ({ page }) => {
  await openLab(page, BROKEN);
  await chooseBoth(page);
  const room = await page.locator('.figure .pictures').boundingBox();
  await page.getByRole('button', { name: 'Compare with and without: Idempotency key' }).click();
  const twin = page.locator('sf-twin');
  await expect(twin).toBeVisible();
  expect((await twin.boundingBox())?.height).toBeGreaterThan(0.9 * (room?.height ?? Infinity));
});

test('beside each other, what is violated is said before which check', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheFailure();
  await page.getByRole('button', { name: 'Compare with and without: Idempotency key' }).click();
  await expect(page.locator('sf-twin .violated').first()).toHaveText(/^Violated at/);
  await expect(page.locator('sf-twin thead')).toContainText('Latency if served');
});

test('a view that a lab has not is told, and taken out of the link', async ({ lab, page }) => {
  const opened = await lab('#/two-clocks?view=logs&t=1s');
  await expect(page.getByText('This lab has no view “Logs”.')).toBeVisible();
  await expect.poll(() => opened.hash).not.toContain('view=');
});

test('instead of a view that a lab has not, the one is named that is shown', async ({ page }) => {
  await page.addInitScript(() => {
    if (location.protocol === 'about:') return;
    localStorage.setItem('slowfire.settings', '{"autoplay":false,"view":"spacetime"}');
  });
  await openLab(page, '#/two-clocks?view=logs&t=1s');
  await expect(page.getByText('This lab has no view “Logs”. “Space-time” is shown instead.')).toBeVisible();
  await expect(page.locator('sf-spacetime')).toBeVisible();
});

test('nothing is said of the future of a message that is gone', async ({ lab, page }) => {
  const opened = await lab('#/retry-storm?t=5.56s');
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const [message] = session?.state.messages ?? [];
    session?.pictures.select(message ? { kind: 'message', id: message.id } : undefined);
    session?.redraw();
  });
  const card = page.locator('sf-card');
  await expect(card.locator('dl')).toContainText('Fate');
  await card.getByRole('button', { name: 'Drop it' }).click();
  await opened.button('Step').click();
  await expect(card).toContainText('no longer in flight');
  await expect(card).not.toContainText('will arrive');
  await expect(card.locator('dl')).not.toContainText('Due');
});

test('what is read as the same moment still breaks', async ({ lab, page }) => {
  await lab('#/retry-storm?t=14.5s');
  const now = page.locator('sf-defences .head .ahead');
  await expect(now).toContainText(/breaks at 14\.01\s/);
  const ahead = page.locator('sf-switch .ahead');
  await expect(ahead.last()).toContainText('When on:');
  const same = (await ahead.allTextContents()).filter((said) => /breaks at 14\.01\s/.test(said));
  expect(same.length).toBeGreaterThan(0);
  for (const said of same) expect(said).toContain('still breaks');
});

test('a new seed plays as a lab that is opened does', async ({ page }) => {
  await page.goto('index.html#/double-charge?t=5s');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(page.locator('sf-transport').getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('a mistyped word finds what was meant', async ({ page }) => {
  await page.goto('index.html');
  const posters = page.locator('sf-poster');
  await expect(posters.first()).toBeVisible();
  for (const [sought, lab] of [
    ['circuit braker', 'retry-storm'],
    ['idempotncy', 'double-charge'],
    ['fencign token', 'lease-and-pause'],
  ] as const) {
    await page.getByRole('searchbox').fill(sought);
    await expect(page.locator(`sf-poster[data-lab=${lab}]`), sought).toBeVisible();
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('what to do next is said whole where the run rests', async ({ page }) => {
    await page.clock.install();
    const opened = await openLab(page, '#/retry-storm');
    await opened.play.click();
    const next = page.locator('.verdict.next span');
    await expect(async () => {
      await page.clock.runFor(2000);
      expect(await next.count()).toBe(1);
    }).toPass({ timeout: 40_000 });
    const isWhole = await next.evaluate(
      (span) => span.scrollWidth <= span.clientWidth && span.scrollHeight <= span.clientHeight,
    );
    expect(isWhole).toBe(true);
  });
});

for (const { width, height } of [
  { width: 1280, height: 800 },
  { width: 390, height: 667 },
]) {
  test.describe(`a card at ${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test('its buttons keep their places, whatever is done to its node', async ({ page }) => {
      await openLab(page, '#/lease-and-pause?t=1s');
      await page.locator('sf-page').evaluate(({ session }: SfPage) => {
        session?.pictures.select({ kind: 'node', id: session.about.nodes[0]?.id ?? '' });
        session?.redraw();
      });
      const card = page.locator('sf-card');
      const boxes = async () => {
        const deeds = await card.locator('.fixed button').all();
        return Promise.all(deeds.map((deed) => deed.boundingBox()));
      };
      await expect(card.getByRole('button', { name: 'Pause' })).toBeVisible();
      const before = await boxes();
      for (const [does, instead] of [
        ['Pause', 'Resume'],
        ['Resume', 'Pause'],
        ['Crash', 'Restart'],
        ['Restart', 'Crash'],
      ] as const) {
        await card.getByRole('button', { name: does, exact: true }).click();
        await expect(card.getByRole('button', { name: instead, exact: true })).toBeVisible();
        expect(await boxes(), does).toEqual(before);
      }
      await expect(card.getByRole('heading', { level: 2 })).toBeInViewport();
    });
  });
}

test('the rule that a thing to try leaves out is looked ahead of, and offered where the run rests', async ({
  page,
}) => {
  await openLab(
    page,
    '#/raft-rules?rev=8&loss=0&timeout=500ms&on=sessions&off=pre-vote&do=op.lead:n2=1@1s,isolate:n5@4s,heal@8s&t=7s',
  );
  const rule = page.locator('sf-switch[data-defence=pre-vote]');
  await expect(rule.locator('.ahead')).toContainText('When on: holds to the end', { timeout: 40_000 });
  await expect(page.locator('sf-defences .next [role=status]')).not.toContainText('None of these');
  await rule.getByRole('switch').click();
  await expect(rule.getByRole('switch')).toBeChecked();
});

test('F, held, lifts the fog of a perspective', async ({ page }) => {
  await openLab(page, '#/double-charge?as=alice&t=4s');
  const unknown = page.locator('sf-verdicts .unknown');
  await expect(unknown).toContainText('alice cannot know');
  await page.keyboard.down('f');
  await expect(unknown).toHaveCount(0);
  await expect(page.locator('sf-verdicts .why')).toContainText('Violated.');
  await page.keyboard.up('f');
  await expect(unknown).toContainText('alice cannot know');
  await expect(page).toHaveURL(/as=alice/);
  // Somebody who leaves the window lets go of the key elsewhere.
  await page.keyboard.down('f');
  await expect(unknown).toHaveCount(0);
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await expect(unknown).toHaveCount(1);
});
