import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { SfLogs } from '../../src/components/picture/sf-logs.ts';
import { expect, openLab, test } from '../lab.ts';

/** Shows the card of a node. */
const select = (page: Page, id: string) =>
  page.locator('sf-app').evaluate((app: SfApp, node) => {
    app.session?.pictures.select({ kind: 'node', id: node });
    app.session?.redraw();
  }, id);

test('what an operation is about is chosen on the card, and only its role is offered it', async ({
  page,
}) => {
  const opened = await openLab(page, '#/raft-members?t=2.5s&on=joint-consensus');
  const card = page.locator('sf-card');
  await select(page, 'ann');
  await expect(card.getByRole('button', { name: 'next', exact: true })).toBeVisible();
  await expect(card.getByRole('button', { name: 'lead', exact: true })).toHaveCount(0);
  await select(page, 'n3');
  await expect(card.getByRole('button', { name: 'next', exact: true })).toHaveCount(0);
  const lead = card.getByRole('combobox', { name: 'Hand the lead to a server' });
  await lead.selectOption('n2');
  await card.getByRole('button', { name: 'lead', exact: true }).click();
  await expect.poll(() => decodeURIComponent(opened.hash)).toContain('op.lead:n3=2@');
  const members = card.getByRole('group', { name: 'Make these servers the members' });
  for (const name of ['n3', 'n5']) await members.getByRole('checkbox', { name }).check();
  await card.getByRole('button', { name: 'members', exact: true }).click();
  await expect.poll(() => decodeURIComponent(opened.hash)).toContain('op.members:n3=35@');
  await expect(members.getByRole('checkbox', { checked: true })).toHaveCount(0);
  for (const name of ['n3', 'n5']) await members.getByRole('checkbox', { name }).check();
  await lead.selectOption('n2');
  await select(page, 'n1');
  await expect(card.getByRole('heading', { level: 2 })).toHaveText('n1');
  await expect(members.getByRole('checkbox', { checked: true })).toHaveCount(0);
  await expect(lead).toHaveValue('1');
});

test('a rule that is off without a switch in the lab is named, and can be switched on again', async ({
  page,
}) => {
  await openLab(page, '#/raft?on=previous-entry-check&off=pre-vote&t=1s');
  const header = page.locator('sf-lab-header');
  await expect(header).toContainText('modified Raft: without “Pre-vote”');
  const rule = page.getByRole('switch', { name: 'Pre-vote' });
  await rule.click();
  await expect(header).toContainText('Raft, with all of its 28 rules');
  await expect(rule).toBeChecked();
});

test('the list says of a crashed server neither that it leads nor what it believed', async ({ page }) => {
  const opened = await openLab(page, '#/raft?on=previous-entry-check&do=crash:n1@2s&t=2.1s');
  await opened.button('As a list').click();
  const server = page.locator('sf-mirror').getByRole('button', { name: /^n1, server: crashed/ });
  await expect(server).toBeVisible();
  await expect(server).not.toContainText('lead');
  await expect(server).not.toContainText('term');
  await expect(page.locator('sf-mirror')).not.toContainText('.;');
  const follower = page.locator('sf-mirror').getByRole('button', { name: /^n2, server: running/ });
  await expect(follower).toContainText(/role follower; term 2; vote n1; .*committed \d+; applied \d+/);
});

test('before anything breaks the check that is open is the first of the lab', async ({ page }) => {
  await openLab(page, '#/raft-rules?on=sessions&t=1s');
  const opened = page.locator('sf-verdicts li.opened');
  await expect(opened).toHaveAttribute('data-check', 'clients');
  // Others are undecided until something fails.
  await expect(page.locator('sf-verdicts li[data-state="undecided"]')).not.toHaveCount(0);
});

function containing(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

test('whatever shows a run with a rule off says that the algorithm is modified', async ({ page }) => {
  const lab = await openLab(page, '#/raft-rules?on=sessions&off=pre-vote&t=1s');
  await lab.button('Share').click();
  const sheet = page.getByRole('dialog', { name: 'Share this run' });
  for (const [form, text] of [
    ['Frame', 'title="Every rule has its reason · modified Raft"'],
    ['Markdown', '[![Every rule has its reason · modified Raft]('],
  ] as const) {
    await sheet.getByRole('radio', { name: form }).check();
    await expect(sheet.locator('textarea')).toHaveValue(containing(text));
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  const said = page.locator('.presentation .modified');
  await expect(said).toHaveText('modified Raft: without “Pre-vote”');
  await expect(said).toBeInViewport();
});

test('the logs are moved by buttons, by a sideways wheel and by a drag, and the page stays', async ({
  page,
}) => {
  await page.goto('./#/double-charge');
  await openLab(page, '#/raft?on=previous-entry-check&t=15s&view=logs');
  const logs = page.locator('sf-logs');
  const first = () => logs.evaluate((picture) => (picture as SfLogs).columns?.first ?? 0);
  await expect.poll(first).toBeGreaterThan(1);
  const latest = await first();
  await page.getByRole('button', { name: 'Earlier entries' }).click();
  const earlier = await first();
  expect(earlier).toBeLessThan(latest);
  await logs.hover();
  await page.mouse.wheel(-5000, 0);
  await expect.poll(first).toBe(1);
  await page.mouse.wheel(-5000, 0);
  await expect(page).toHaveURL(/#\/raft\?/);
  const box = (await logs.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect.poll(first).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Follow the latest entries' }).click();
  await expect.poll(first).toBe(latest);
});

for (const [device, viewport] of [
  ['a laptop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test(`the logs stand below the world on ${device}, both in step with the time bar`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await openLab(page, '#/raft?on=previous-entry-check&t=1.5s');
    await page.getByRole('radio', { name: 'World + logs' }).check();
    const [world, logs] = [page.locator('sf-world'), page.locator('sf-logs')];
    for (const picture of [world, logs]) await expect(picture).toBeInViewport({ ratio: 1 });
    const [above, below] = await Promise.all([world.boundingBox(), logs.boundingBox()]);
    expect(above?.height).toBeGreaterThan(150);
    expect(below?.height).toBeGreaterThan(110);
    expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0) - 1);
    const first = () => logs.evaluate((picture) => (picture as SfLogs).columns?.first ?? 0);
    await expect.poll(first).toBe(1);
    await page.locator('sf-app').evaluate((app: SfApp) => app.session?.travel.seek(15_000));
    await expect.poll(first).toBeGreaterThan(20);
  });
}

test('every rule has a switch, also in a lab that is about another one, and flipping it moves nothing', async ({
  page,
}) => {
  await openLab(page, '#/raft?on=previous-entry-check&t=1s');
  const rules = page.locator('sf-rules');
  await rules.getByText('All rules of Raft').click();
  await expect(rules.getByRole('switch')).toHaveCount(28);
  await expect(rules.getByRole('heading', { level: 3 })).toHaveCount(8);
  const rule = rules.getByRole('switch', { name: 'Sessions', exact: true });
  await rule.scrollIntoViewIfNeeded();
  const before = await rule.boundingBox();
  await rule.click();
  await expect(rule).not.toBeChecked();
  await expect.poll(() => page.evaluate(() => decodeURIComponent(location.hash))).toContain('off=sessions');
  await expect(page.locator('sf-lab-header')).toContainText('modified Raft');
  expect(await rule.boundingBox()).toEqual(before);
});

for (const width of [320, 360, 390]) {
  test(`the views of a lab with logs have room on a screen ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    await openLab(page, '#/raft?on=previous-entry-check&t=1s');
    for (const view of ['World', 'Space-time', 'History', 'Logs', 'World + logs']) {
      const radio = page.getByRole('radio', { name: view, exact: true });
      await radio.check();
      await expect(radio).toBeInViewport({ ratio: 1 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });
}

test('whoever chose two pictures sees two in the next lab, of what that has', async ({ page }) => {
  await openLab(page, '#/double-charge?t=1s');
  await page.getByRole('radio', { name: 'Both' }).check();
  await openLab(page, '#/raft?on=previous-entry-check&t=1s');
  await expect(page.getByRole('radio', { name: 'World + logs' })).toBeChecked();
});
