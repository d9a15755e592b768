import type { Page } from '@playwright/test';
import type { Selection } from '../../src/session/pictures/selection.ts';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { SfSpacetime } from '../../src/components/picture/sf-spacetime.ts';
import type { SfWorld } from '../../src/components/picture/sf-world.ts';
import { BROKEN, expect, inkShare, openLab, test, type Lab } from '../lab.ts';

/** Where in the world's picture something can be picked, found as a pointer would. */
async function find(
  page: Page,
  kind: 'node' | 'message' | 'link',
  id = '',
): Promise<{ x: number; y: number }> {
  const world = page.locator('sf-world');
  const box = await world.boundingBox();
  if (!box) throw new Error('the world has no box');
  const found = await world.evaluate(
    (element: SfWorld, sought) => {
      const { clientWidth: width, clientHeight: height } = element;
      const found: { x: number; y: number; id: unknown }[] = [];
      for (let y = 4; y < height; y += 4) {
        for (let x = 4; x < width; x += 4) {
          const pick = element.pictures.pick('world', x, y, width, height);
          const own = pick && 'id' in pick ? pick.id : undefined;
          if (pick?.kind === sought.kind && (sought.id === '' || own === sought.id))
            found.push({ x, y, id: own });
        }
      }
      // In the middle of the first one: its edge may lie half a pixel beside.
      const first = found.filter(({ id }) => id === found[0]?.id);
      return first[Math.floor(first.length / 2)];
    },
    { kind, id },
  );
  if (!found) throw new Error(`no ${kind} in the picture`);
  return { x: box.x + found.x, y: box.y + found.y };
}

/** Steps until a message is under way. */
async function untilInFlight(opened: Lab): Promise<void> {
  await expect
    .poll(async () => {
      await opened.button('Step').click();
      return opened.page
        .locator('sf-app')
        .evaluate(
          (app: SfApp) => app.session?.state.messages.some(({ progress }) => progress > 0.2) ?? false,
        );
    })
    .toBe(true);
}

test('a click on a node opens its card, whose actions act, and undo takes them back', async ({
  lab,
  page,
}) => {
  const opened = await lab(BROKEN);
  const before = await opened.digest();
  const bank = await find(page, 'node', 'bank');
  await page.mouse.click(bank.x, bank.y);
  const card = page.getByRole('dialog', { name: 'bank' });
  await expect(card).toContainText('running');
  await card.getByRole('button', { name: 'Crash' }).click();
  await expect(card).toContainText('crashed');
  await expect.poll(() => opened.hash).toContain('do=crash:bank');
  const crashed = await opened.digest();
  expect(crashed).not.toBe(before);
  await opened.button('Undo').click();
  await expect(card).toContainText('running');
  await expect.poll(() => opened.hash).not.toContain('crash');
  await page.keyboard.press('Control+Shift+Z');
  await expect(card).toContainText('crashed');
  expect(await opened.digest()).toBe(crashed);
  await page.keyboard.press('Control+Z');
  await expect(card).toContainText('running');
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
});

/** What a card offers, and what that is in a link. */
const NODE_ACTIONS = [
  ['Pause', 'pause:bank'],
  ['Slow down 10×', 'limp:bank*10'],
  ['Isolate', 'isolate:bank'],
  ['Mute (hears, is not heard)', 'mute:bank'],
  ['Clock +1 s', 'step:bank+1s'],
  ['Clock 1 % fast', 'drift.bank:'],
  ['Lose the disk', 'wipe:bank'],
] as const;
const LINK_ACTIONS = [
  [/^Cut it both ways/, 'cut:'],
  [/^Cut \w+ to \w+ alone/, '..'],
  [/^Cut and hold/, 'hold-cut:'],
  [/^Lose half/, 'loss.'],
  [/^Make it 1 s slow/, 'latency.'],
] as const;
const MESSAGE_ACTIONS = [
  ['Drop it', 'drop:m'],
  ['Delay it 1 s', 'delay:m'],
  ['Copy it', 'dup:m'],
  ['Deliver it now', 'now:m'],
  ['Flip its bits', 'corrupt:m'],
] as const;

/** Each of a card's buttons changes the run and its link, and undo takes it back. */
async function eachActs(
  opened: Lab,
  actions: readonly (readonly [name: string | RegExp, deed: string])[],
  select: () => Promise<void>,
): Promise<void> {
  const { page } = opened;
  const before = await opened.digest();
  for (const [name, deed] of actions) {
    await select();
    const card = page.locator('sf-card');
    await card
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();
    await expect.poll(() => decodeURIComponent(opened.hash)).toContain(deed);
    await expect(page.getByRole('alert')).toBeHidden();
    expect(await opened.digest(), deed).not.toBe(before);
    await opened.button('Undo').click();
    expect(await opened.digest(), deed).toBe(before);
  }
}

const selecting = (page: Page, selection: Selection) => () =>
  page.locator('sf-app').evaluate((app: SfApp, chosen) => {
    app.session?.pictures.select(chosen);
    app.session?.redraw();
  }, selection);

test('a node, a link and a message can be treated in every way that their cards offer', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?seed=7&loss=0&duplication=0&skew.bob=0ms');
  await untilInFlight(opened);
  await eachActs(opened, NODE_ACTIONS, selecting(page, { kind: 'node', id: 'bank' }));
  await eachActs(opened, LINK_ACTIONS, selecting(page, { kind: 'link', from: 'alice', to: 'bank' }));
  const id = await page
    .locator('sf-app')
    .evaluate((app: SfApp) => app.session?.state.messages.at(0)?.id ?? 0);
  await eachActs(opened, MESSAGE_ACTIONS, selecting(page, { kind: 'message', id }));
});

test('a crashed node restarts, a paused one resumes', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const card = page.locator('sf-card');
  await selecting(page, { kind: 'node', id: 'bank' })();
  for (const [fault, state, mend] of [
    ['Crash', 'crashed', 'Restart'],
    ['Pause', 'paused', 'Resume'],
  ] as const) {
    await card.getByRole('button', { name: fault, exact: true }).click();
    await expect(card).toContainText(state);
    await card.getByRole('button', { name: mend, exact: true }).click();
    await expect(card).toContainText('running');
  }
  await expect.poll(() => opened.hash).toMatch(/crash:bank.*restart:bank.*pause:bank.*resume:bank/);
});

test('what a protocol can be asked for is on its nodes’ cards', async ({ lab, page }) => {
  const opened = await lab('#/late-write');
  const asked = () =>
    page.locator('sf-app').evaluate(({ session }: SfApp) => {
      for (const { id } of session?.about.nodes ?? []) {
        session?.pictures.select({ kind: 'node', id });
        const { card } = session?.pictures ?? {};
        if (card?.kind === 'node' && card.card.operations.length > 0) {
          session?.redraw();
          return { name: card.card.operations[0]?.name ?? '', id };
        }
      }
      return undefined;
    });
  // Cards come with what is loaded after the first picture.
  await expect.poll(asked).toBeDefined();
  const operation = await asked();
  if (!operation) throw new Error('no node can be asked for anything');
  const before = await opened.digest();
  await page.locator('sf-card').getByRole('button', { name: operation.name }).first().click();
  await expect
    .poll(() => decodeURIComponent(opened.hash))
    .toContain(`op.${operation.name}:${operation.id}`);
  expect(await opened.digest()).not.toBe(before);
});

test('a message can be dropped from its card', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&loss=0&duplication=0');
  await untilInFlight(opened);
  const message = await find(page, 'message');
  await page.mouse.click(message.x, message.y);
  const card = page.locator('sf-card');
  await expect(card).toContainText('From');
  await card.getByRole('button', { name: 'Drop' }).click();
  await expect.poll(() => opened.hash).toContain('do=drop:');
});

test('a click on a link opens its card', async ({ lab, page }) => {
  await lab(BROKEN);
  const link = await find(page, 'link');
  await page.mouse.click(link.x, link.y);
  await expect(page.locator('sf-card')).toContainText('Latency');
  await page.locator('sf-card').getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('sf-card')).toBeHidden();
});

test('a line dragged across links cuts them, in one item', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  const box = await opened.stage.boundingBox();
  if (!box) throw new Error('the stage has no box');
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height - 4, { steps: 6 });
  await expect(page.locator('sf-world line')).toHaveCount(1);
  await page.mouse.up();
  await expect(page.locator('sf-world line')).toHaveCount(0);
  await expect.poll(() => decodeURIComponent(opened.hash)).toMatch(/do=cut:alice\+bob-bank@[^,]*$/);
});

test('everything can be touched by keyboard alone', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.button('As a list').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('sf-mirror button').first()).toBeFocused();
  for (const entry of ['alice, client', 'bank, bank', 'alice and bank']) {
    await page.locator('sf-mirror').getByRole('button', { name: entry }).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('sf-card [role=dialog]')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.locator('sf-card')).toBeHidden();
  }
  await page.locator('sf-mirror').getByRole('button', { name: 'bank, bank' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('sf-card').getByRole('button', { name: 'Close' })).toBeFocused();
  await page.locator('sf-card').getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('sf-card')).toContainText('paused');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.locator('sf-mirror[open]')).toBeHidden();
});

test('what one node knows can be looked at, and everything again', async ({ lab, page }) => {
  const opened = await lab(`${BROKEN}&t=9s`);
  const whole = await opened.stage.screenshot();
  const perspective = page.getByRole('combobox', { name: 'Perspective' });
  await perspective.selectOption('alice');
  await expect.poll(async () => whole.equals(await opened.stage.screenshot())).toBe(false);
  await perspective.selectOption('all nodes');
  await expect.poll(async () => whole.equals(await opened.stage.screenshot())).toBe(true);
  await perspective.selectOption('only bob');
  await expect.poll(async () => whole.equals(await opened.stage.screenshot())).toBe(false);
  const back = page.getByRole('button', { name: 'Back to what all nodes know' });
  await back.click();
  await expect.poll(async () => whole.equals(await opened.stage.screenshot())).toBe(true);
  await expect(perspective).toHaveValue('');
  await expect(back).toHaveCount(0);
});

test('the list and the picture keep their places when one node is looked at', async ({ page }) => {
  for (const width of [1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const places = [];
    for (const link of ['#/raft?t=5s', '#/raft?t=5s&as=ann']) {
      const { stage } = await openLab(page, link);
      const list = page.locator('sf-views').getByRole('button', { name: 'As a list' });
      places.push([await stage.boundingBox(), await list.boundingBox()]);
    }
    expect(places[1], String(width)).toEqual(places[0]);
  }
});

test('space-time stands alone or below the world, pans, zooms, and explains an event', async ({
  lab,
  page,
}) => {
  await lab(`${BROKEN}&t=9s`);
  await page.getByRole('radio', { name: 'Both' }).check();
  await expect(page.locator('sf-world')).toBeVisible();
  const diagram = page.locator('sf-spacetime');
  await expect(diagram).toBeVisible();
  await page.getByRole('radio', { name: 'Space-time' }).check();
  await expect(page.locator('sf-world')).toBeHidden();

  const canvas = diagram.locator('canvas');
  const before = await canvas.screenshot();
  await diagram.getByRole('button', { name: 'Show less time' }).click();
  await expect.poll(async () => before.equals(await canvas.screenshot())).toBe(false);
  const zoomed = await canvas.screenshot();
  await diagram.getByRole('checkbox', { name: 'Own clocks' }).check();
  await expect.poll(async () => zoomed.equals(await canvas.screenshot())).toBe(false);

  const event = await diagram.evaluate((element: SfSpacetime) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    for (let y = 4; y < height - 40; y += 4) {
      for (let x = 4; x < width; x += 4) {
        if (element.pictures.pick('spacetime', x, y, width, height)) return { x: left + x, y: top + y };
      }
    }
    return undefined;
  });
  if (!event) throw new Error('no event in the diagram');
  await page.mouse.click(event.x, event.y);
  await expect(page.locator('sf-card')).toContainText('Because of');
});

test('the history shows what was asked for and told, as bars and as a list', async ({ lab, page }) => {
  const opened = await lab(`${BROKEN}&t=9s`);
  await page.getByRole('radio', { name: 'History' }).check();
  await expect(page.locator('sf-world')).toBeHidden();
  const canvas = page.locator('sf-history canvas');
  await expect.poll(() => inkShare(canvas)).toBeGreaterThan(0.005);
  const operations = page.getByRole('list', { name: 'Operations' }).getByRole('listitem');
  await expect(operations.first()).toContainText(/\w+: payment #\d+, called at/);
  await expect.poll(() => opened.hash).toContain('view=history');

  const all = await operations.count();
  const before = await canvas.screenshot();
  await page.locator('sf-history').getByRole('button', { name: 'Show less time' }).click();
  await expect.poll(async () => before.equals(await canvas.screenshot())).toBe(false);
  await expect.poll(() => operations.count()).toBeLessThan(all);

  await page.getByRole('combobox', { name: 'Perspective' }).selectOption('alice');
  await expect(operations.filter({ hasNotText: /^alice:/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'History' })).toBeChecked();
});

test('a link’s view is shown, whatever the reader chose last', async ({ lab, page }) => {
  await lab(BROKEN);
  await page.getByRole('radio', { name: 'Both' }).check();
  await lab(`${BROKEN}&view=spacetime`);
  await expect(page.getByRole('radio', { name: 'Space-time' })).toBeChecked();
  await expect(page.locator('sf-spacetime')).toBeVisible();
  await lab(BROKEN);
  await expect(page.getByRole('radio', { name: 'Both' })).toBeChecked();
});

test('a preset is one step, and undo takes it back', async ({ lab }) => {
  const opened = await lab(`${BROKEN}&t=3s`);
  const before = await opened.digest();
  await opened.button('Everything is on fire').click();
  await expect.poll(() => opened.hash).toMatch(/loss:0\.35@3s/);
  expect(await opened.digest()).not.toBe(before);
  await opened.button('Undo').click();
  await expect.poll(() => opened.hash).not.toContain('do=');
  expect(await opened.digest()).toBe(before);
  await expect(opened.button('Undo')).toBeDisabled();
});

test('a preset does only what changes something: as much as its groups say', async ({ lab, page }) => {
  const opened = await lab(`${BROKEN}&t=3s`);
  await opened.button('One rack').click();
  await expect.poll(() => opened.hash).toContain('latency:1ms@3s');
  expect(opened.hash).not.toContain('corruption');
  const told = await page.locator('sf-controls .moved').allTextContents();
  const count = told.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
  expect(opened.hash.match(/@3s/g)).toHaveLength(count);
});

test('a preset moves the sliders at once', async ({ lab, page }) => {
  const opened = await lab();
  await opened.button('Everything is on fire').click();
  await expect.poll(() => opened.hash).toMatch(/loss=(35%|0\.35)/);
  await expect(opened.value('loss')).toHaveText(/35/);
  await opened.button('One rack').click();
  await expect(opened.value('loss')).toHaveText(/^0/);
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a group of sliders folds, and stays so after a reload', async ({ lab, page }) => {
  await lab();
  const group = page.locator('sf-controls details[data-group=network]');
  await group.locator('summary').click();
  await expect(group.locator('sf-control').first()).toBeHidden();
  await page.reload();
  await expect(group.locator('sf-control').first()).toBeHidden();
});

test('what is folded or unfolded is kept before the press is over', async ({ lab, page }) => {
  await lab();
  for (const part of ['sf-controls details[data-group=network]', 'sf-plots details']) {
    const choices = await page.locator(`${part} > summary`).evaluate((summary: HTMLElement) => {
      const stored = () => localStorage.getItem('slowfire.settings');
      const before = stored();
      summary.click();
      return { before, after: stored() };
    });
    expect(choices.after, part).not.toBe(choices.before);
  }
});
