import type { SfApp } from '../../src/components/page/sf-app.ts';
import { expect, test } from '../lab.ts';

test('space plays and pauses', async ({ lab, page }) => {
  const opened = await lab();
  await page.keyboard.press('Space');
  await expect(opened.pause).toBeVisible();
  await page.keyboard.press('Space');
  await expect(opened.play).toBeVisible();
});

test('the arrow keys step forward and back', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  const digest = await opened.digest();
  await page.keyboard.press('ArrowRight');
  const first = await opened.digest();
  expect(first).not.toBe(digest);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  expect(await opened.digest()).toBe(first);
});

test('plus and minus change the speed', async ({ lab, page }) => {
  await lab();
  const speed = page.getByRole('slider', { name: 'Speed' });
  const initial = await speed.getAttribute('aria-valuetext');
  await page.keyboard.press('+');
  await expect(speed).not.toHaveAttribute('aria-valuetext', initial ?? '');
  await page.keyboard.press('-');
  await expect(speed).toHaveAttribute('aria-valuetext', initial ?? '');
});

test('the question mark opens the help sheet, and escape closes it', async ({ lab, page }) => {
  const opened = await lab();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect(sheet).toBeVisible();
  await page.keyboard.press('ArrowRight');
  expect(await opened.time()).toBe(0);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('?');
  await page.keyboard.press('?');
  await expect(sheet).toBeHidden();
});

test('a slider keeps its own keys', async ({ lab }) => {
  const opened = await lab();
  const value = await opened.value('latency').textContent();
  await opened.slider('latency').press('ArrowRight');
  await expect(opened.value('latency')).not.toHaveText(value ?? '');
  expect(await opened.time()).toBe(0);
  await opened.slider('latency').press('Space');
  await expect(opened.pause).toBeVisible();
});

test('a button reached by keyboard keeps the space bar, one that was clicked does not', async ({
  lab,
  page,
}) => {
  const opened = await lab();
  const key = opened.switch('Idempotency key');
  const on = await key.getAttribute('aria-checked');
  await key.click();
  await expect(key).not.toHaveAttribute('aria-checked', on ?? '');
  await page.keyboard.press('Space');
  await expect(opened.pause).toBeVisible();
  await expect(key).not.toHaveAttribute('aria-checked', on ?? '');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(key).toBeFocused();
  await page.keyboard.press('Space');
  await expect(key).toHaveAttribute('aria-checked', on ?? '');
  await expect(opened.pause).toBeVisible();
});

test('the lab can be walked through without a pointer', async ({ lab, page }) => {
  const opened = await lab();
  const reached = new Set<string>();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(focusedName));
  }
  for (const name of ['Copy link', 'Play', 'Step', 'Time', 'New seed']) {
    expect([...reached], name).toContain(name);
  }
  expect([...reached].filter((name) => name === 'switch')).toHaveLength(1);
  await expect(opened.play).toBeVisible();
});

test('from the start page to a defence that helps, by keyboard alone', async ({ page }) => {
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      if (name.test(await page.evaluate(focusedName))) return;
    }
    throw new Error(`no tab stop is called ${name}`);
  };
  await page.goto('index.html');
  await expect(page.locator('sf-poster').first()).toBeVisible();
  await tabTo(/Do I pay again/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await tabTo(/^Time$/);
  await page.keyboard.press('End');
  const verdict = page.locator('sf-verdicts li').first();
  await expect(verdict).toHaveAttribute('data-state', 'violated');
  for (let tries = 0; (await verdict.getAttribute('data-state')) === 'violated' && tries < 3; tries += 1) {
    await tabTo(/^switch$/);
    if (!(await page.evaluate(focusedText)).includes('Idempotency key')) continue;
    await page.keyboard.press('Space');
    await expect(verdict).toHaveAttribute('data-state', 'holds');
  }
  await expect(verdict).toHaveAttribute('data-state', 'holds');
});

test('the focus stays where the reader works, when what had it is gone', async ({ lab, page }) => {
  const press = async (name: RegExp) => {
    await page.getByRole('button', { name }).last().focus();
    await page.keyboard.press('Enter');
    return page.evaluate(focusedName);
  };
  const opened = await lab('#/double-charge?rev=2&nobody=1&loss=0.3&do=crash:bank@2s&t=5s');
  expect(await press(/^Dismiss$/)).toBe('As a list');
  await page.locator('sf-app').evaluate((app: SfApp) => {
    app.session?.pictures.select({ kind: 'node', id: 'bank' });
    app.session?.redraw();
  });
  await expect(page.locator('sf-card')).toBeVisible();
  expect(await press(/^Close$/)).toBe('As a list');
  expect(await press(/^Take back: crash/)).toMatch(/^Take back: Loss/);
  expect(await press(/^Take back/)).toBe('As a list');
  expect(await press(/^Undo$/)).toBe('Undo');
  expect(await press(/^Undo$/)).toBe('Undo');
  await expect(opened.button('Undo')).toBeDisabled();
  await opened.toTheEnd();
  const entry = page.locator('sf-log li button').nth(5);
  const said = (await entry.textContent())?.trim();
  await entry.focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(focusedName)).toBe(said);
  const count = page.locator('sf-story .count');
  while (!(await count.textContent())?.startsWith('1 ')) {
    expect(await press(/^Previous step$/)).toBe('Previous step');
  }
  let focused = '';
  while (focused !== 'Things to try') focused = await press(/^Next step$/);
});

/** The words on what has the focus. */
function focusedText(): string {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.textContent ?? '';
}

/** The name of what has the focus, through every shadow root. */
function focusedName(): string {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element) return '';
  return element.getAttribute('aria-label') ?? element.getAttribute('role') ?? element.textContent.trim();
}
