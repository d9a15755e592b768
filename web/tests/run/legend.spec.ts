import { expect, test } from '../lab.ts';

test('the legend tells what is on stage, and nothing else', async ({ lab, page }) => {
  const opened = await lab('#/lease-and-pause?t=4.2s');
  await opened.button('Legend').click();
  const legend = page.getByRole('list', { name: 'Legend' });
  await expect(legend).toContainText('the node is paused');
  await expect(legend).toContainText('out of date');
  await expect(legend).not.toContainText('crashed');
  await expect(legend.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(legend).toBeHidden();
  await expect(opened.button('Legend')).toBeFocused();
});

test('the legend tells the marks of the time bar that are there, and what the strips show', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?t=10s');
  await opened.button('Legend').click();
  const bar = page.getByRole('list', { name: 'On the time bar' });
  await expect(bar).toContainText('A check was violated');
  await expect(bar).not.toContainText('Leadership changed');
  await expect(page.getByRole('list', { name: 'The whole run, beside the defences' })).toContainText(
    'Thick and red',
  );
});

test('each view has a legend of its own, and two views have both', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?t=5s&view=spacetime');
  await opened.button('Legend').click();
  const legend = page.getByRole('list', { name: 'Legend' });
  await expect(legend).toContainText('A message was lost here');
  await expect(legend).toContainText('Red ring: here a violation became certain');
  await page.getByRole('radio', { name: 'History' }).check();
  await expect(legend).toContainText('An operation, from its call to its answer');
  await expect(legend).not.toContainText('A message was lost here');
  await page.getByRole('radio', { name: 'Both' }).check();
  await expect(legend).toContainText('Red: what a violated check names');
  await expect(legend).toContainText('Red ring: here a violation became certain');
});
