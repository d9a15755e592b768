/** Whatever goes away, the focus stays where the reader works. */
import type { Page } from '@playwright/test';
import { expect, test } from '../lab.ts';

/** The element that has the focus, through every shadow root, and the component that it is in. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let [element, home] = [document.activeElement, ''];
    while (element?.shadowRoot?.activeElement) {
      home = element.localName;
      element = element.shadowRoot.activeElement;
    }
    return `${home} ${element?.localName ?? ''}`;
  });
}

test('a card that is closed by its own button leads back to the picture’s head', async ({ lab, page }) => {
  const opened = await lab();
  await opened.button('As a list').press('Enter');
  await page.locator('sf-mirror [data-key^=node]').first().press('Enter');
  await expect(page.getByRole('dialog')).toBeFocused();
  await opened.button('As a list').click();
  await page.locator('sf-card').getByRole('button', { name: 'Close' }).press('Enter');
  await expect(page.locator('sf-card')).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe('sf-views button');
});

test('a change that is taken back leaves the focus in the list, the last one at the picture', async ({
  lab,
  page,
}) => {
  await lab('#/double-charge?loss=0.3&do=crash:bank@2s,restart:bank@4s&t=5s');
  const takeBack = page.locator('sf-changes').getByRole('button', { name: /^Take back/ });
  await expect(takeBack).toHaveCount(3);
  for (const left of [2, 1]) {
    await takeBack.first().press('Enter');
    await expect(takeBack).toHaveCount(left);
    await expect(takeBack.first()).toBeFocused();
  }
  await takeBack.first().press('Enter');
  await expect.poll(() => focused(page)).toBe('sf-views button');
});

test('what follows the story’s last step gets the focus with the page', async ({ lab, page }) => {
  // Each step is there at once.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab('#/double-charge?t=0s');
  const story = page.locator('sf-story');
  const next = story.getByRole('button', { name: 'Next step' });
  while (await next.isVisible()) await next.press('Enter');
  const further = story.getByRole('button', { name: 'Things to try' });
  await expect(further).toBeFocused();
  await further.press('Enter');
  await expect.poll(() => focused(page)).toContain('sf-tries');
});

test('a notice that was read leads on to the next one, and the last one to the page', async ({
  lab,
  page,
}) => {
  await lab('#/double-charge?loss=banana');
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const note = page.locator('sf-problems').getByRole('button', { name: 'Dismiss' });
  await expect(note).toBeFocused();
  await note.press('Enter');
  await expect.poll(() => focused(page)).toBe('sf-views button');
});

test('a long verdict can be read whole, and moves nothing', async ({ lab, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await lab('#/split-brain?t=25s');
  const sentence = page.locator('sf-excerpt span').last();
  const whole = page.locator('sf-verdicts').getByRole('button', { name: 'Show all' });
  await whole.scrollIntoViewIfNeeded();
  await expect(sentence).not.toBeInViewport({ ratio: 1 });
  const key = page.getByRole('switch').first();
  const before = await key.boundingBox();
  expect(before).not.toBeNull();
  await whole.click();
  await expect(sentence).toBeInViewport({ ratio: 1 });
  expect(await key.boundingBox()).toEqual(before);
  await page.keyboard.press('Escape');
  await expect(whole).toHaveAttribute('aria-expanded', 'false');
  await expect(whole).toBeFocused();
});

test('the focus stays with its check as the verdicts change places', async ({ lab, page }) => {
  const opened = await lab('#/bank-or-social');
  await opened.toTheEnd();
  const moments = page.locator('sf-verdicts .moment');
  await expect(moments.first()).toBeVisible();
  for (const moment of await moments.all()) {
    await opened.toTheEnd();
    const check = await moment.locator('..').getAttribute('data-check');
    await moment.press('Enter');
    // Earlier than that, others are the gravest.
    for (let back = 0; back < 3; back += 1) await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => focused(page)).toBe('sf-verdicts button');
    const line = page.locator('sf-verdicts li:focus-within');
    const isShown = (await page.locator(`sf-verdicts [data-check="${check}"]`).count()) > 0;
    if (isShown) await expect(line).toHaveAttribute('data-check', check ?? '');
  }
});

test('the sheet of keys gives the focus back, even if what had it is gone', async ({ lab, page }) => {
  await lab('#/double-charge?loss=banana');
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.evaluate(() => {
    window.location.hash = '#/lease-and-pause?t=1s';
  });
  const header = page.locator('sf-lab-header');
  await expect(header.getByRole('heading', { level: 1, includeHidden: true })).toContainText('lock');
  for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
  await expect.poll(() => focused(page)).toBe('sf-views button');
});
