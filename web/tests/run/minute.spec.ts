/** The first minute of each lab, untouched: it plays, tells its story, rests at the failure, and says what comes next. */
import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { expect, openLab, test, watch } from '../lab.ts';

/** So long a reader watches before the failure comes. */
const PATIENCE_MS = 20_000;

function session<T>(page: Page, read: (app: SfApp) => T): Promise<T> {
  return page.locator('sf-app').evaluate(read);
}

async function labs(page: Page): Promise<string[]> {
  await page.goto('index.html');
  await expect(page.locator('sf-poster').first()).toBeVisible();
  return page
    .locator('sf-poster')
    .evaluateAll((posters) => posters.map((poster) => poster.getAttribute('data-lab') ?? ''));
}

/** Opens a lab as a reader does, in frames of a fixed length, so that a slow machine sees the same. */
async function open(page: Page, lab: string): Promise<void> {
  await page.goto('about:blank');
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.goto(`index.html#/${lab}`);
  await expect(page.locator('sf-page')).toHaveCount(1);
  await page.clock.runFor(50);
  await expect.poll(() => session(page, (app) => app.session?.playing)).toBe(true);
}

/** How many things the story points at in the picture. */
function lit(page: Page): Promise<number> {
  return session(page, ({ session: open }) => {
    const { light_node, light_message } = open?.pictures.look ?? {};
    return Number((light_node ?? light_message ?? null) !== null);
  });
}

test('every lab plays, tells its story in step, rests at its failure and names what comes next', async ({
  page,
}) => {
  test.setTimeout(600_000);
  for (const lab of await labs(page)) {
    await open(page, lab);
    let watched = 0;
    while ((await session(page, (app) => app.session?.playing)) && watched < 2 * PATIENCE_MS) {
      await watch(page, 500);
      watched += 500;
      const step = await session(page, (app) => {
        const { timeMs = 0 } = app.session ?? {};
        const { story = [], place = 0 } = app.session?.telling ?? {};
        const next = story.filter(({ at_ms }) => at_ms !== null && at_ms <= timeMs - 1000);
        return {
          told: story[place]?.at_ms ?? 0,
          latest: Math.max(0, ...next.map(({ at_ms }) => at_ms ?? 0)),
        };
      });
      expect(step.told, `${lab}: the story lags`).toBeGreaterThanOrEqual(step.latest);
    }
    const rest = await session(page, (app) => ({
      why: app.session?.player.rests,
      violated: app.session?.state.verdicts.filter(({ state }) => state === 'violated').length ?? 0,
    }));
    expect(rest.why, `${lab} rests at its failure`).toBe('violation');
    expect(rest.violated, `${lab} shows its failure`).toBeGreaterThan(0);
    expect(watched, `${lab} fails in time`).toBeLessThanOrEqual(PATIENCE_MS);
    await expect(page.locator('sf-defences .next')).toContainText(/Flip a switch|None of these switches/);
    const why = await page.locator('sf-verdicts .why > span:last-child').textContent();
    await expect(page.locator('sf-caption .broken .what'), `${lab} captions its failure`).toHaveText(
      why ?? '',
    );
    await expect(page.locator('sf-story .points')).toHaveCount(await lit(page));
  }
});

test('one press goes on, and nobody is stopped twice by the same thing', async ({ page }) => {
  await open(page, 'double-charge');
  await watch(page, PATIENCE_MS);
  await expect.poll(() => session(page, (app) => app.session?.player.rests)).toBe('violation');
  const rested = await session(page, (app) => app.session?.timeMs ?? 0);
  await page.keyboard.press('Space');
  await watch(page, 3000);
  expect(await session(page, (app) => app.session?.playing)).toBe(true);
  expect(await session(page, (app) => app.session?.timeMs ?? 0)).toBeGreaterThan(rested);
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await watch(page, PATIENCE_MS);
  expect(await session(page, (app) => app.session?.timeMs ?? 0)).toBeGreaterThan(rested);
});

test('as a node sees the run, no caption tells of what it cannot know', async ({ page }) => {
  await openLab(page, '#/double-charge?seed=11&as=alice&t=3.42s');
  const broken = page.locator('sf-caption .broken');
  for (let event = 0; event < 40; event += 1) {
    await page.keyboard.press('ArrowRight');
    await expect(broken).toHaveCount(0);
  }
});

test('as a node sees the run, no switch tells what becomes of it, no mark when it breaks, and no list what others do', async ({
  page,
}) => {
  const opened = await openLab(page, '#/double-charge?t=4s');
  const ahead = page.locator('sf-defences .ahead b');
  const isMarked = () =>
    session(page, (app) => app.session?.marks.some(({ kind }) => kind === 'violation'));
  await expect(ahead.first()).toBeVisible();
  await expect.poll(isMarked).toBe(true);
  await page.getByLabel('Perspective').selectOption('alice');
  await expect(ahead).toHaveCount(0);
  await expect(page.locator('sf-defences [role=status]')).toHaveText('');
  await expect.poll(isMarked).toBe(false);
  const list = page.locator('sf-mirror');
  await expect(list).toContainText('alice sees no message on its way, and no link.');
  await expect(list.locator('li')).toHaveText([
    /^alice, /,
    /^bob, client: not heard from$/,
    /^bank, bank: heard /,
  ]);
  await expect(page.locator('sf-story .text:not([hidden])')).toContainText('alice saw only part of it');
  await page.getByLabel('Perspective').selectOption('');
  await expect(ahead.first()).toBeVisible();
  await expect(opened.play).toBeVisible();
});

test('as a node sees the run, an embed gives no verdict either', async ({ page }) => {
  await page.goto('embed.html#/double-charge?seed=11&as=alice&t=4s');
  await expect(page.locator('sf-worst')).toHaveText('alice cannot know whether anything is wrong.');
});

test('a step that the run rests before is not said to be missing', async ({ page }) => {
  await open(page, 'timeout-tuning');
  const story = page.locator('sf-story');
  // Faster than the run can follow: it rests at the failure on the way.
  for (let step = 0; step < 5; step += 1) await story.getByRole('button', { name: 'Next step' }).click();
  await watch(page, PATIENCE_MS);
  const rest = await session(page, (app) => ({
    why: app.session?.player.rests,
    isNever: app.session?.telling.isNever,
    at: app.session?.telling.story[app.session.telling.place]?.at_ms ?? null,
  }));
  expect(rest.isNever).toBe(false);
  expect(rest.at).not.toBeNull();
});

test('a run that is paused on the way to a step tells of the moment that it is at', async ({ page }) => {
  await open(page, 'double-charge');
  await page.locator('sf-story').getByRole('button', { name: 'Next step' }).click();
  await page.keyboard.press('Space');
  expect(await session(page, (app) => app.session?.telling.isNever)).toBe(false);
  expect(await session(page, (app) => app.session?.telling.place)).toBe(0);
});

test('a switch flipped at the failure shows the same weather again from the start', async ({ page }) => {
  await open(page, 'double-charge');
  await watch(page, PATIENCE_MS);
  const rested = await session(page, (app) => app.session?.timeMs ?? 0);
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  await expect.poll(() => session(page, (app) => app.session?.playing)).toBe(true);
  expect(await session(page, (app) => app.session?.timeMs ?? 0)).toBeLessThan(rested);
  await watch(page, PATIENCE_MS);
  expect(await session(page, (app) => app.session?.timeMs ?? 0)).toBeGreaterThan(rested);
});

test('a switch flipped while it plays shows the same weather again from the start, both ways', async ({
  page,
}) => {
  await open(page, 'double-charge');
  await expect(page.locator('sf-defences .usual')).toContainText('from the start');
  const timeMs = () => session(page, (app) => app.session?.timeMs ?? 0);
  for (const on of [true, false]) {
    await page.clock.runFor(2000);
    const played = await timeMs();
    await page.getByRole('switch', { name: 'Idempotency key' }).click();
    await expect(page.getByRole('switch', { name: 'Idempotency key' })).toBeChecked({ checked: on });
    expect(await timeMs()).toBeLessThan(played);
    expect(await session(page, (app) => app.session?.playing)).toBe(true);
  }
});

test('a switch keeps the moment at which the reader has paused, and the page says so', async ({ page }) => {
  await open(page, 'double-charge');
  await page.clock.runFor(2000);
  await page.keyboard.press('Space');
  const timeMs = () => session(page, (app) => app.session?.timeMs ?? 0);
  const paused = await timeMs();
  await expect(page.locator('sf-defences .usual')).toContainText('this moment');
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  expect(await timeMs()).toBe(paused);
  expect(await session(page, (app) => app.session?.playing)).toBe(false);
});

test('a step of a story stands until it could be read', async ({ page }) => {
  await open(page, 'retry-storm');
  let [told, since] = [0, 0];
  for (let at = 0; await session(page, (app) => app.session?.playing); at += 100) {
    await watch(page, 100);
    const { place, text } = await session(page, (app) => {
      const { story = [], place = 0 } = app.session?.telling ?? {};
      return { place, text: story[place - 1]?.markdown ?? '' };
    });
    if (place === told) continue;
    expect(at - since, text).toBeGreaterThan((text.split(/\s+/).length / 5.5) * 1000 - 500);
    [told, since] = [place, at];
  }
  expect(told).toBeGreaterThan(4);
});

test('a switch that is flipped back stops at the failure once more', async ({ page }) => {
  await open(page, 'double-charge');
  const flip = page.getByRole('switch', { name: 'Idempotency key' });
  const rests = () => session(page, (app) => app.session?.player.rests);
  await watch(page, PATIENCE_MS);
  for (let times = 0; times < 2; times += 1) {
    await expect.poll(rests).toBe('violation');
    await flip.click();
    await watch(page, 3000);
    await flip.click();
    await watch(page, PATIENCE_MS);
  }
  await expect.poll(rests).toBe('violation');
});

test('a run that rests plays when it is restarted, and one that was paused when a switch is flipped then', async ({
  page,
}) => {
  await open(page, 'double-charge');
  await watch(page, PATIENCE_MS);
  const playing = () => session(page, (app) => app.session?.playing);
  const restart = page.getByRole('button', { name: 'Restart', exact: true });
  expect(await playing()).toBe(false);
  await restart.click();
  expect(await playing()).toBe(true);
  await page.keyboard.press('Space');
  await restart.click();
  expect(await playing()).toBe(false);
  await expect(page.locator('sf-defences .usual')).toContainText('from the start');
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  expect(await playing()).toBe(true);
});

test('the text of a step is there as soon as the reader asks for it', async ({ page }) => {
  await open(page, 'double-charge');
  await page.locator('sf-story').getByRole('button', { name: 'Next step' }).click();
  for (let watched = 0; watched < 2000; watched += 500) {
    expect(await session(page, (app) => app.session?.telling.place)).toBe(1);
    await watch(page, 500);
  }
  expect(await session(page, (app) => app.session?.timeMs ?? 0)).toBeGreaterThan(500);
});

test('what breaks leads to its moment before it has come', async ({ page }) => {
  await open(page, 'double-charge');
  await watch(page, 2000);
  await page
    .locator('sf-defences .head')
    .getByRole('button', { name: /^breaks at/ })
    .click();
  await watch(page, 200);
  const violated = () =>
    session(page, (app) => app.session?.state.verdicts.some(({ state }) => state === 'violated'));
  await expect.poll(violated).toBe(true);
});

test('a link that names its moment rests there, the beginning too', async ({ page }) => {
  for (const moment of ['0s', '3s']) {
    await page.goto('about:blank');
    await page.goto(`index.html#/double-charge?t=${moment}`);
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    expect(await session(page, (app) => app.session?.playing)).toBe(false);
  }
});

test('with reduced motion nothing plays unasked', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('index.html#/double-charge');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  expect(await session(page, (app) => app.session?.playing)).toBe(false);
});

test('an embed plays unasked only if its author asks', async ({ page }) => {
  await page.goto('embed.html#/double-charge');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.goto('embed.html?autoplay#/double-charge');
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
});

for (const [screen, width, height] of [
  ['laptop', 1280, 800],
  ['phone', 390, 844],
] as const) {
  test(`on a ${screen} no switch, slider or button moves as a run goes or a switch is flipped`, async ({
    page,
  }) => {
    test.setTimeout(600_000);
    await page.setViewportSize({ width, height });
    for (const lab of await labs(page)) {
      const opened = await openLab(page, `#/${lab}`);
      const before = await boxes(page);
      await opened.toTheEnd();
      expect(await boxes(page), `${lab} at its end`).toEqual(before);
      for (const flip of await page.getByRole('switch').all()) {
        await flip.click();
        expect(await boxes(page), `${lab} with a switch flipped`).toEqual(before);
      }
    }
  });
}

test('the switches of a lab with nine checks are in the first view of a laptop', async ({ lab, page }) => {
  const opened = await lab('#/bank-or-social');
  await opened.toTheEnd();
  for (const flip of await page.getByRole('switch').all()) await expect(flip).toBeInViewport({ ratio: 1 });
});

/** Where everything stands that a pointer may rest on, with nothing scrolled. */
function boxes(page: Page): Promise<string[]> {
  return page.locator('sf-page').evaluate(async (element) => {
    element.shadowRoot?.querySelector('.side')?.scrollTo(0, 0);
    window.scrollTo(0, 0);
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const all: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const child of root.querySelectorAll('*')) {
        if (
          child.matches('sf-switch, sf-control, sf-transport, sf-time-bar, sf-views, sf-speed, sf-pace')
        ) {
          const { x, y, width, height } = child.getBoundingClientRect();
          all.push([child.localName, x, y, width, height].join(' '));
        } else if (child.shadowRoot) walk(child.shadowRoot);
      }
    };
    if (element.shadowRoot) walk(element.shadowRoot);
    return all;
  });
}

test('a halo goes with the step that had lit it, when a switch makes it another story', async ({
  page,
}) => {
  await open(page, 'flipped-bits');
  await watch(page, PATIENCE_MS);
  await expect.poll(() => session(page, (app) => app.session?.player.rests)).toBe('violation');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await watch(page, 1500);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('switch', { name: 'End-to-end checksum' }).click();
  await page.clock.runFor(500);
  await expect(page.locator('sf-story .points')).toHaveCount(await lit(page));
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the rest says in the first view what to do next', async ({ page }) => {
    await open(page, 'double-charge');
    await watch(page, PATIENCE_MS);
    const next = page.locator('.player .verdict');
    await expect(next).toContainText('Flip a switch');
    await expect(next).toBeInViewport({ ratio: 1 });
  });
});
