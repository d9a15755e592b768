import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
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
  await expect(page.locator('sf-mirror')).not.toContainText('.;');
});
