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
