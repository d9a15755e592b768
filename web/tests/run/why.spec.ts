import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { isShown, openPost } from '../embed/host.ts';
import { BROKEN, Lab, expect, inkShare, test } from '../lab.ts';

/** A run that rests after its first violation. */
const VIOLATED = '#/double-charge?rev=2&seed=11&t=25s';

/** Opens the walk along what explains the first violated check. */
async function showMe(lab: (hash?: string) => Promise<Lab>, page: Page, hash = BROKEN): Promise<Locator> {
  const opened = await lab(hash);
  await opened.toTheFailure();
  await page.getByRole('button', { name: /^Show me why/ }).click();
  const why = page.locator('sf-why');
  await expect(why).toBeVisible();
  return why;
}

/** Opens the walk once more, in the page that is open. */
async function showMeAgain(page: Page): Promise<void> {
  await new Lab(page).toTheFailure();
  await page.getByRole('button', { name: /^Show me why/ }).click();
  await expect(page.locator('sf-why')).toBeVisible();
}

interface Told {
  place: number;
  count: number;
  told: number | undefined;
  times: number[];
  now: number;
}

const told = (page: Page): Promise<Told> =>
  page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const walk = session?.walking.walk;
    return {
      place: walk?.place ?? -1,
      count: walk?.chain.links.length ?? 0,
      told: walk?.link?.id,
      times: walk?.chain.links.map((_, place) => walk.momentOf(place)) ?? [],
      now: session?.timeMs ?? -1,
    };
  });

test('Show me walks the chain forwards and back, and ends at the violation', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  const { count, times } = await told(page);
  expect(count).toBeGreaterThan(3);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  await expect(why.locator('.head .place')).toHaveText(`1 of ${count}`);
  await expect(why.getByRole('button', { name: 'Previous' })).toBeDisabled();
  for (let place = 1; place < count; place += 1) {
    await why.getByRole('button', { name: 'Next' }).click();
    await expect(why.locator('.head .place')).toHaveText(`${place + 1} of ${count}`);
    await expect.poll(async () => (await told(page)).now).toBeCloseTo(times[place] ?? 0, 3);
  }
  await expect(why.locator('.violated')).toContainText('was charged twice');
  await expect(why.locator('.rule')).toHaveText(/^With “.+” on, this check holds to the end\.$/);
  await expect(why.getByRole('button', { name: 'Next' })).toBeDisabled();
  await why.getByRole('button', { name: 'Previous' }).click();
  await expect.poll(async () => (await told(page)).now).toBeCloseTo(times[count - 2] ?? 0, 3);
});

test('each event is lit in all pictures at once', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  const stages = why.locator('sf-stage canvas');
  await expect(stages).toHaveCount(3);
  for (const stage of await stages.all()) expect(await inkShare(stage)).toBeGreaterThan(0.001);
  const pictures = () =>
    stages.evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
  await expect.poll(async () => (await told(page)).now).toBeGreaterThan(0);
  const lit = await pictures();
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    session?.walking.walk?.end();
    session?.redraw();
  });
  await expect
    .poll(async () => {
      const plain = await pictures();
      return plain.filter((picture, place) => picture !== lit[place]).length;
    })
    .toBe(3);
});

test('a fault that is taken away is told to save the run, and the run is played without it', async ({
  lab,
  page,
}) => {
  const why = await showMe(lab, page);
  await why.getByRole('button', { name: 'Show it' }).click();
  await expect(why.locator('.fault, .loss')).toBeVisible();
  await expect(why.getByText(/Without it, this (check holds|does not happen)/)).toBeVisible();
  const before = await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.linkFromStart);
  await why.getByRole('button', { name: 'Play the run without it' }).click();
  await expect(why).toBeHidden();
  const after = () => page.locator('sf-page').evaluate(({ session }: SfPage) => session?.linkFromStart);
  await expect.poll(after).toContain('do=now:m');
  expect(await after()).not.toBe(before);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(after).toBe(before);
});

test('of a message that is lost it is told which picture has it', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  await why.getByRole('button', { name: 'Show it' }).click();
  await why.getByRole('button', { name: 'Compare with and without' }).click();
  const halves = page.locator('sf-twin figcaption b');
  await expect(halves.first()).toHaveText(/^“.+” from \w+ to \w+: lost$/);
  await expect(halves.last()).toHaveText(/^“.+” from \w+ to \w+: arrives$/);
});

test('a fault of the lab itself can be played without, compared, and brought back', async ({
  lab,
  page,
}) => {
  const why = await showMe(lab, page, '#/lease-and-pause');
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  const place = await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const walk = session?.walking.walk;
    const planned = walk?.trials.find(({ twin }) => twin?.startsWith('pause:ann@'));
    return walk?.chain.links.findIndex(({ id }) => id === planned?.id) ?? -1;
  });
  await page
    .locator('sf-page')
    .evaluate(({ session }: SfPage, at) => session?.walking.walk?.tell(at), place);
  await why.getByRole('button', { name: 'What if this had not happened?' }).click();
  await expect(why.getByText(/^Without it, /)).toBeVisible();
  await why.getByRole('button', { name: 'Compare with and without' }).click();
  const twin = page.locator('sf-twin');
  await expect(twin.getByRole('figure').last()).toContainText('pause ann: not done');
  const link = () => page.locator('sf-page').evaluate(({ session }: SfPage) => session?.linkFromStart);
  expect(await link()).toContain('twin=pause:ann@1.4s');
  await page.keyboard.press('Escape');
  await showMeAgain(page);
  await page
    .locator('sf-page')
    .evaluate(({ session }: SfPage, at) => session?.walking.walk?.tell(at), place);
  await why.getByRole('button', { name: 'What if this had not happened?' }).click();
  await why.getByRole('button', { name: 'Play the run without it' }).click();
  await expect.poll(link).toContain('without=pause:ann@1.4s');
  const changes = page.locator('sf-changes');
  await changes.getByRole('button', { name: 'Bring back: pause ann' }).click();
  await expect.poll(link).not.toContain('without=');
  await changes.getByRole('button', { name: 'Take out of the lab: pause ann' }).click();
  await expect.poll(link).toContain('without=pause:ann@1.4s');
});

test('a chain with faults of which none can be taken away alone says so', async ({ lab, page }) => {
  const why = await showMe(lab, page, '#/forgotten-keys');
  await expect(why.getByText('None of these faults can be taken away alone.')).toBeVisible();
});

test('the keyboard walks, closes, and goes on where it was', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await expect(why.getByRole('region')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(why.locator('.head .place')).toHaveText(/^2 of/);
  await page.keyboard.press('ArrowLeft');
  await expect(why.locator('.head .place')).toHaveText(/^1 of/);
  await page.keyboard.press('Escape');
  await expect(why).toBeHidden();
  expect(await page.evaluate(() => document.activeElement?.localName)).not.toBe('body');
});

test('after a walk the run rests where it did, and a switch plays it anew', async ({ lab, page }) => {
  await lab('#/drifting-lease');
  const player = (): Promise<{ rests: string | undefined; playing: boolean; ms: number }> =>
    page.locator('sf-page').evaluate(({ session }: SfPage) => {
      const { rests, playing } = session?.player ?? { rests: undefined, playing: false };
      return { rests, playing, ms: session?.timeMs ?? 0 };
    });
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    session?.player.setSpeed(10);
    session?.player.play();
  });
  await expect.poll(async () => (await player()).rests).toBe('violation');
  const { ms } = await player();
  await page.getByRole('button', { name: /^Show me why/ }).click();
  await expect(page.locator('sf-why')).toBeVisible();
  await expect.poll(async () => (await player()).ms).toBeLessThan(ms);
  await page.keyboard.press('Escape');
  await expect.poll(player).toEqual({ rests: 'violation', playing: false, ms });
  await page.getByRole('switch').first().click();
  await expect.poll(async () => (await player()).playing).toBe(true);
});

test('Escape leads back to what opened the walk', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  const opener = page.locator('sf-verdicts').getByRole('button', { name: /^Show me why/ });
  const { count } = await told(page);
  for (let at = 1; at < count; at += 1) await page.keyboard.press('ArrowRight');
  await expect(why.locator('.head .place')).toHaveText(`${count} of ${count}`);
  await page.keyboard.press('Escape');
  await expect(opener.first()).toBeFocused();
  // Where the check is not violated yet, there is nothing to show: its line has the focus.
  await page.keyboard.press('Enter');
  await expect(why.getByRole('region')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('sf-verdicts button:focus')).toHaveCount(1);
});

test('all that was tried is listed, the best change first', async ({ lab, page }) => {
  const why = await showMe(lab, page, '#/drifting-lease');
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  await why.locator('summary').click();
  const tried = why
    .getByRole('list', { name: 'What was tried, the best change first' })
    .getByRole('listitem');
  expect(await tried.count()).toBeGreaterThan(1);
  const ranks = await tried.evaluateAll((items) => {
    const order = ['saves the run', 'nothing is decided', 'breaks later', 'breaks all the same'];
    return items.map((item) => order.findIndex((outcome) => item.textContent.includes(outcome)));
  });
  expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
  expect(ranks).not.toContain(-1);
});

test('a clock that is off is offered to be right, and the run is played so', async ({ lab, page }) => {
  const why = await showMe(lab, page, '#/last-write-wins');
  await expect(why.getByText(/^This run is saved by one setting: Clock skew, n2/)).toBeVisible();
  await why.getByRole('button', { name: 'Play the run this way' }).click();
  await expect(why).toBeHidden();
  const link = () => page.locator('sf-page').evaluate(({ session }: SfPage) => session?.linkFromStart);
  await expect.poll(link).toContain('skew.n2=0s');
});

test('where no single change saves a run, it is told which two do', async ({ lab, page }) => {
  const why = await showMe(lab, page, '#/commit-wait');
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  for (const place of ['first', 'last']) {
    await expect(why.getByText(/saved by two defences together: “.+” and “.+”\./), place).toBeVisible();
    await page.locator('sf-page').evaluate(({ session }: SfPage) => {
      const walk = session?.walking.walk;
      walk?.tell(walk.chain.links.length - 1);
    });
  }
  await why.getByRole('button', { name: 'Play the run this way' }).first().click();
  await expect(why).toBeHidden();
  const on = () =>
    page
      .locator('sf-page')
      .evaluate(
        ({ session }: SfPage) => Object.values(session?.state.defences ?? {}).filter(Boolean).length,
      );
  await expect.poll(on).toBeGreaterThanOrEqual(2);
});

test('a defence that saves the run is offered at the first event, and is no secret of a challenge', async ({
  lab,
  page,
}) => {
  const why = await showMe(lab, page, '#/reordered-feed');
  await expect(why.getByText(/^\s*This run is saved by one defence: “.+”\./)).toBeVisible();
  await lab('#/reordered-feed?challenge=save');
  await expect(page.locator('sf-challenge section')).toBeVisible();
  await showMeAgain(page);
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  await expect(why.getByText(/defence/)).toHaveCount(0);
});

test('without the stall of a retry storm all is as well as before', async ({ lab, page }) => {
  const why = await showMe(lab, page, '#/retry-storm');
  await expect(why.getByText('Looking for the smallest change')).toBeHidden();
  const place = await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const walk = session?.walking.walk;
    const stall = walk?.trials.find(({ twin }) => twin?.startsWith('pause:server@'));
    return walk?.chain.links.findIndex(({ id }) => id === stall?.id) ?? -1;
  });
  await page
    .locator('sf-page')
    .evaluate(({ session }: SfPage, at) => session?.walking.walk?.tell(at), place);
  await why.getByRole('button', { name: 'What if this had not happened?' }).click();
  await expect(why.getByText('Without it there is nothing to recover from')).toBeVisible();
});

test('the keys of the browser are left to it', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await page.keyboard.press('ArrowRight');
  await expect(why.locator('.head .place')).toHaveText(/^2 of/);
  const isTaken = (modifier: 'altKey' | 'ctrlKey' | 'metaKey') =>
    why.evaluate((element, held) => {
      const event = new KeyboardEvent('keydown', { key: 'ArrowLeft', cancelable: true, [held]: true });
      return !element.dispatchEvent(event);
    }, modifier);
  for (const modifier of ['altKey', 'ctrlKey', 'metaKey'] as const)
    expect(await isTaken(modifier)).toBe(false);
  await expect(why.locator('.head .place')).toHaveText(/^2 of/);
});

test('however a walk ends, the focus goes on', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  const focused = () => page.evaluate(() => document.activeElement?.localName);
  await why.getByRole('button', { name: 'Show it' }).click();
  await why.getByRole('button', { name: 'Play the run without it' }).press('Enter');
  await expect(why).toBeHidden();
  await expect.poll(focused).not.toBe('body');
});

test('what was asked in one walk is not asked in the next', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await why.getByRole('button', { name: 'Show it' }).click();
  await expect(why.getByRole('button', { name: 'Play the run without it' })).toBeVisible();
  const place = (await told(page)).place;
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    const end = session?.walking.walk?.momentOf(session.walking.walk.chain.links.length - 1) ?? 0;
    session?.travel.seek(end);
  });
  await page
    .getByRole('button', { name: /^Show me why/ })
    .first()
    .click();
  await expect(why.locator('.head .place')).toHaveText(/^1 of/);
  await page
    .locator('sf-page')
    .evaluate(({ session }: SfPage, at) => session?.walking.walk?.tell(at), place);
  await expect(why.getByRole('button', { name: 'What if this had not happened?' })).toBeVisible();
});

test('a walk ends with the view of all that happened', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    session?.seeAs(session.about.nodes[0]?.id ?? null);
  });
  await expect(why).toBeHidden();
});

test('a screen reader is told each link, and finds no fault with it', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  await expect(why.locator('[role=status]').first()).toContainText(/^1 of \d+, at /);
  await why.getByRole('button', { name: 'Next' }).click();
  await expect(why.locator('[role=status]').first()).toContainText(/^2 of \d+, at /);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('on a phone the pictures stay in sight above the sentence', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const why = await showMe(lab, page);
  const sheet = await why.locator('section').boundingBox();
  const world = await why.locator('.world').boundingBox();
  expect(sheet && world && sheet.y >= world.y + world.height).toBe(true);
  expect((sheet?.x ?? -1) >= 0 && (sheet?.x ?? 0) + (sheet?.width ?? 0) <= 390).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('on a phone all three pictures are there, and nothing tells another moment', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const why = await showMe(lab, page);
  const sheet = await why.locator('section').boundingBox();
  for (const view of ['world', 'spacetime', 'history']) {
    const box = await why.locator(`.${view}`).boundingBox();
    expect(box?.height, view).toBeGreaterThan(90);
    expect((box?.y ?? 0) + (box?.height ?? 0), view).toBeLessThanOrEqual((sheet?.y ?? 0) + 1);
  }
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('sf-caption p')).toHaveText(/^\s*$/);
});

test('the buttons stay under the pointer from link to link', async ({ lab, page }) => {
  const why = await showMe(lab, page);
  const next = why.getByRole('button', { name: 'Next' });
  const first = await next.boundingBox();
  const { count } = await told(page);
  for (let place = 1; place < count; place += 1) {
    await next.click();
    await expect(why.locator('.head .place')).toHaveText(`${place + 1} of ${count}`);
    expect(await next.boundingBox()).toEqual(first);
  }
});

test('a message that is lost is seen dying, or at once where motion is reduced', async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await showMe(lab, page);
  const place = await page
    .locator('sf-page')
    .evaluate(
      ({ session }: SfPage) =>
        session?.walking.walk?.chain.links.findIndex(({ kind }) => kind === 'loss') ?? -1,
    );
  expect(place).toBeGreaterThanOrEqual(0);
  const { times } = await told(page);
  const tell = (at: number) =>
    page.locator('sf-page').evaluate(({ session }: SfPage, link) => {
      session?.walking.walk?.tell(link);
      return session?.timeMs ?? -1;
    }, at);
  expect(await tell(place)).toBeCloseTo(times[place] ?? 0, 3);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await tell(0);
  expect(await tell(place)).toBeLessThan(times[place] ?? 0);
  await expect.poll(async () => (await told(page)).now).toBeCloseTo(times[place] ?? 0, 3);
});

test('a figure in somebody’s page shows it inside of itself, and loads it once it is asked for', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await openPost(page, {
    body: `<p style="height: 20rem">Before.</p>
      <slow-fire src="${VIOLATED}" loading="eager" style="width: 640px; height: 420px"></slow-fire>`,
  });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  const isOfWalk = (url: string) => /sf-why|why[.-]/.test(url);
  expect(asked.filter(isOfWalk)).toEqual([]);
  await figure.getByRole('button', { name: /^Show me why/ }).click();
  const section = figure.locator('sf-why section');
  await expect(section).toBeFocused();
  expect(asked.filter(isOfWalk).length).toBeGreaterThan(0);
  const [outer, inner] = [await figure.boundingBox(), await section.boundingBox()];
  if (!outer || !inner) throw new Error('both are shown');
  expect(inner.y).toBeGreaterThan(outer.y + 100);
  expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height + 1);
  const place = figure.locator('sf-why .head .place');
  await expect(place).toHaveText(/^1 of /);
  await page.keyboard.press('ArrowRight');
  await expect(place).toHaveText(/^2 of /);
  await expect.poll(() => inkShare(figure.locator('sf-why .world canvas'))).toBeGreaterThan(0.003);
  const { violations } = await new AxeBuilder({ page }).include('slow-fire').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(section).toHaveCount(0);
  await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('a frame shows it too, changes nothing where it may not, and has no room for it where it is small', async ({
  page,
}) => {
  const frame = (size: string, more = '') =>
    `<iframe title="${size}" src="embed.html${more}${VIOLATED}" style="${size}"></iframe>`;
  const [large, small] = ['width:640px;height:420px', 'width:320px;height:240px'];
  await openPost(page, { body: frame(large, '?readonly') + frame(small) });
  const figure = page.frameLocator(`iframe[title="${large}"]`);
  await figure.getByRole('button', { name: /^Show me why/ }).click();
  const lost = figure.getByRole('button', { name: 'What if this had not happened?' });
  for (let at = 0; at < 20 && !(await lost.isVisible()); at += 1)
    await figure.getByRole('button', { name: 'Next', exact: true }).click();
  await lost.click();
  await expect(figure.getByText(/^Without it/)).toBeVisible();
  await expect(figure.getByRole('button', { name: 'Play the run without it' })).toHaveCount(0);
  const other = page.frameLocator(`iframe[title="${small}"]`);
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(other.getByRole('button', { name: /^Show me why/ })).toBeHidden();
});
