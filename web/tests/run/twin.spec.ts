import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { SfEmbed } from '../../src/components/page/sf-embed.ts';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { BROKEN, expect, inkShare, openLab, test } from '../lab.ts';

const KEY = 'idempotency-key';

async function compare(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Compare with and without: Idempotency key' }).click();
  const twin = page.locator('sf-twin');
  await expect(twin).toBeVisible();
  return twin;
}

/** The digests of both runs, at one moment, and the link of the other one. */
const both = (page: Page) =>
  page.locator('sf-page').evaluate(({ session }: SfPage) => ({
    own: session?.digest(),
    other: session?.comparing.twin?.digest(),
    link: session?.comparing.twin?.link ?? '',
    here: session?.link ?? '',
  }));

test('two runs beside each other are the two single runs', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheFailure();
  await compare(page);
  await expect.poll(async () => (await both(page)).other).not.toBe('');
  const { own, other, link, here } = await both(page);
  expect(own).not.toBe(other);
  expect(link).toContain(`on=${KEY}`);
  for (const [alone, digest] of [
    [link, other],
    [here.replace(`&twin=${KEY}`, ''), own],
  ]) {
    const single = await openLab(page, alone);
    expect(await single.digest()).toBe(digest);
  }
});

test('the moment where they part is marked, and one press away', async ({ lab, page }) => {
  await lab(BROKEN);
  const twin = await compare(page);
  await expect(twin.getByText(/They part at/)).toBeVisible();
  const partingMs = () =>
    page.locator('sf-page').evaluate(({ session }: SfPage) => session?.comparing.twin?.partingMs ?? -1);
  const at = await partingMs();
  expect(at).toBeGreaterThan(0);
  const marks = await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.marks ?? []);
  expect(marks.some(({ kind, time_ms }) => kind === 'fork' && time_ms === at)).toBe(true);
  await twin.getByRole('button', { name: 'Jump to where they part' }).click();
  const now = () => page.locator('sf-page').evaluate(({ session }: SfPage) => session?.timeMs ?? -1);
  await expect.poll(now).toBeCloseTo(at, 3);
});

test('one time bar moves both, and a line of figures compares them', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const twin = await compare(page);
  await opened.toTheEnd();
  const rows = twin.locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first().locator('td').first()).not.toHaveText('–');
  await expect(rows.first().locator('td').last()).not.toHaveText('0');
  await expect(rows.last().locator('td').last()).toHaveText('0');
  await expect(twin.getByText('Nothing is violated so far.')).toBeVisible();
  await expect(twin.locator('figcaption .violated')).toBeVisible();
});

test('a link opens the comparison, and closing it takes it out of the link', async ({ lab, page }) => {
  const opened = await lab(`${BROKEN}&twin=${KEY}`);
  const twin = page.locator('sf-twin');
  await expect(twin).toBeVisible();
  await expect.poll(() => opened.hash).toContain(`twin=${KEY}`);
  await twin.getByRole('button', { name: 'Close' }).click();
  await expect(twin).toBeHidden();
  await expect.poll(() => opened.hash).not.toContain('twin=');
  await expect(page.locator('sf-world')).toBeVisible();
});

test('a change of the run is a change of both', async ({ lab, page }) => {
  const opened = await lab(`${BROKEN}&twin=${KEY}&t=2s`);
  await expect(page.locator('sf-twin')).toBeVisible();
  await opened.slider('loss').fill('40');
  await expect.poll(async () => (await both(page)).link).toContain('loss:0.4');
  await opened.switch('Idempotency key').click();
  await expect.poll(async () => (await both(page)).link).not.toContain(`on=${KEY}`);
});

test('an embed shows both', async ({ page }) => {
  await page.goto(`embed.html${BROKEN}&twin=${KEY}&t=3s`);
  await expect(page.locator('sf-twin')).toBeVisible();
  const stages = page.locator('sf-twin sf-stage canvas');
  await expect(stages).toHaveCount(2);
  const digests = () =>
    page
      .locator('sf-embed')
      .evaluate(({ session }: SfEmbed) => [session?.digest(), session?.comparing.twin?.digest()]);
  await expect.poll(async () => (await digests())[1]).not.toBe('');
});

test('on a phone they stand one above the other, and nothing is too wide', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab(`${BROKEN}&twin=${KEY}&t=3s`);
  const halves = page.locator('sf-twin figure');
  await expect(halves).toHaveCount(2);
  const [first, second] = [await halves.first().boundingBox(), await halves.last().boundingBox()];
  expect(first && second && second.y >= first.y + first.height - 1).toBe(true);
  expect(first?.x).toBe(second?.x);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('on a phone the figures stand apart, and none is cut off', async ({ lab, page }) => {
  for (const width of [320, 360, 390]) {
    await page.setViewportSize({ width, height: 700 });
    await lab(`${BROKEN}&twin=${KEY}&t=25s`);
    const cells = page.locator('sf-twin :is(th, tbody td)');
    await expect(cells.first()).toBeVisible();
    const boxes = await cells.evaluateAll((all) =>
      all.map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { left, right, top, bottom };
      }),
    );
    for (const [at, one] of boxes.entries()) {
      expect(one.left).toBeGreaterThanOrEqual(0);
      expect(one.right).toBeLessThanOrEqual(width);
      for (const other of boxes.slice(at + 1)) {
        const isApart =
          one.right <= other.left ||
          other.right <= one.left ||
          one.bottom <= other.top + 1 ||
          other.bottom <= one.top + 1;
        expect(isApart, `${width}: ${JSON.stringify([one, other])}`).toBe(true);
      }
    }
  }
});

test('the lists are of both runs, and say of which', async ({ lab, page }) => {
  await lab(`${BROKEN}&twin=${KEY}&do=crash:bank@20s&t=25s`);
  const [own, other] = ['Idempotency key: off', 'Idempotency key: on'];
  for (const half of [own, other])
    for (const list of ['Nodes', 'Messages in flight'])
      await expect(page.getByRole('list', { name: `${list} (${half})` })).toBeAttached();
  // At a moment at which both have messages on their way.
  await page.locator('sf-page').evaluate(({ session }: SfPage) => session?.travel.seek(6000));
  for (const half of [own, other])
    await expect(
      page
        .getByRole('list', { name: `Messages in flight (${half})` })
        .getByText(/% of the way/)
        .first(),
    ).toBeAttached();
  const changes = page.locator('sf-changes');
  await expect(changes.getByRole('heading')).toHaveText('What was done to both runs');
  await expect(changes).toContainText(
    `They differ in one thing: ${own} in the first, ${other} in the second.`,
  );
  await expect(page.locator('sf-log').getByRole('heading')).toHaveText(`What happened (${own})`);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Nodes', exact: true })).toBeAttached();
});

test('assistive technology finds no fault with it', async ({ lab, page }) => {
  await lab(`${BROKEN}&twin=${KEY}&t=3s`);
  await expect(page.locator('sf-twin')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('the other run comes to where the run rests', async ({ page }) => {
  // However fast the machine is, no frame takes a run far.
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    let lateBy = 0;
    performance.now = () => now() + (lateBy += 2);
  });
  // An embed looks for nothing else meanwhile, so that no other frame takes the run on.
  await page.goto('embed.html#/raft?t=16s&twin=pre-vote');
  const twin = page.locator('sf-twin');
  await expect(twin).toBeVisible();
  const time = () =>
    page.locator('sf-embed').evaluate(({ session }: SfEmbed) => session?.comparing.twin?.timeMs);
  await expect.poll(time).toBe(16_000);
  await expect(twin.locator('tbody td').first()).not.toHaveText('–');
  await expect(twin.getByText('On its way to this moment')).toHaveCount(0);
});

test('a node in whose perspective both are seen knows of no violation', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const twin = await compare(page);
  await opened.toTheEnd();
  await expect(twin.locator('figcaption .violated')).toBeVisible();
  await page.locator('sf-page').evaluate(({ session }: SfPage) => {
    session?.seeAs(session.about.nodes[0]?.id ?? null);
  });
  await expect(twin.locator('figcaption span')).toHaveCount(0);
  await expect(twin.getByRole('columnheader', { name: 'Violations' })).toHaveCount(0);
});

test('each comparison has the colours of the page', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await lab('#/raft?t=2s');
  const buttons = page.getByRole('button', { name: /^Compare with and without/ });
  const twin = page.locator('sf-twin');
  const palette = () =>
    page.locator('sf-page').evaluate(({ session }: SfPage) => session?.comparing.twin?.palette);
  await buttons.first().click();
  await expect(twin).toBeVisible();
  await expect.poll(palette).toBeDefined();
  const first = await palette();
  const name = await twin.getByRole('group').getAttribute('aria-label');
  await buttons.nth(1).click();
  await expect(twin.getByRole('group')).not.toHaveAttribute('aria-label', name ?? '');
  await expect.poll(palette).toBe(first);
});

test('Escape closes the comparison, from wherever the focus is', async ({ lab, page }) => {
  await lab(BROKEN);
  const twin = await compare(page);
  await expect(twin.getByRole('group')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(twin).toBeHidden();
  await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).not.toBe('body');
  await compare(page);
  await page.locator('sf-transport button').first().focus();
  await page.keyboard.press('Escape');
  await expect(twin).toBeHidden();
});

test('what was done, and a slider that was turned, are compared from the list of it', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?loss=0.3&do=crash:bank@2s&t=5s');
  const changes = page.locator('sf-changes');
  const halves = page.locator('sf-twin figcaption b');
  await changes.getByRole('button', { name: 'Compare with and without: crash bank' }).click();
  await expect(halves).toHaveText(['crash bank: done', 'crash bank: not done']);
  await expect.poll(() => opened.hash).toContain('twin=crash:bank@2s');
  await changes.getByRole('button', { name: /^Compare with and without: Loss/ }).click();
  await expect(halves.first()).toHaveText(/^Loss: 30\s%$/);
  await expect(halves.last()).toHaveText(/^Loss: (?!30)\d+\s%$/);
  await expect.poll(async () => (await both(page)).link).not.toContain('loss=0.3');
  await page.keyboard.press('Escape');
  await expect(changes.getByRole('button', { name: /^Compare with and without: Loss/ })).toBeFocused();
  await expect.poll(() => opened.hash).not.toContain('twin=');
});

test('whoever came by link goes on at the control that would have opened it', async ({ lab, page }) => {
  await lab(`${BROKEN}&twin=${KEY}&t=3s`);
  await expect(page.locator('sf-twin').getByRole('group').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(
    page.getByRole('button', { name: 'Compare with and without: Idempotency key' }),
  ).toBeFocused();
});

test('two pictures of each run are shown where two are asked for', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const twin = await compare(page);
  await expect(twin.locator('canvas')).toHaveCount(2);
  await page.locator('sf-views').getByRole('radio', { name: 'Both' }).check();
  await expect(twin.locator('canvas')).toHaveCount(4);
  await opened.toTheEnd();
  for (const view of ['world', 'spacetime'])
    for (const stage of await twin.locator(`sf-stage.${view} canvas`).all())
      await expect.poll(() => inkShare(stage)).toBeGreaterThan(0.002);
});

test('on a narrow screen the names of the two runs are whole', async ({ lab, page }) => {
  for (const width of [320, 700]) {
    await page.setViewportSize({ width, height: 740 });
    await lab(`${BROKEN}&twin=${KEY}&t=25s`);
    const heads = page.locator('sf-twin figcaption > *');
    await expect(heads.first()).toBeVisible();
    const cut = await heads.evaluateAll((all) =>
      all.filter((head) => head.scrollWidth > head.clientWidth + 1).map((head) => head.textContent),
    );
    expect(cut, `${width}`).toEqual([]);
  }
});

test('a frame of two runs stays within the budget', async ({ lab, page }) => {
  await lab(`${BROKEN}&twin=${KEY}&t=2s`);
  await expect(page.locator('sf-twin')).toBeVisible();
  const times = await page.locator('sf-page').evaluate(async (sf: SfPage) => {
    const { session } = sf;
    const twin = sf.renderRoot.querySelector('sf-twin');
    const taken: number[] = [];
    for (let frame = 0; frame < 120; frame += 1) {
      await new Promise(requestAnimationFrame);
      session?.travel.seek(2000 + frame * 16);
      const begun = performance.now();
      twin?.paint();
      taken.push(performance.now() - begun);
    }
    return taken.toSorted((one, other) => one - other);
  });
  // The budget of a small frame, four times: other tests run beside this one.
  expect(times[60]).toBeLessThan(4 * 6);
});
