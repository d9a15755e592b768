import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { Route } from '@playwright/test';
import { expect, test } from '../lab.ts';

const BAD_LINKS = [
  { fault: 'a value out of range', hash: '#/double-charge?seed=7&loss=7', names: /loss/i },
  { fault: 'a value that is no number', hash: '#/double-charge?latency=soon', names: 'soon' },
  { fault: 'an unknown key', hash: '#/double-charge?seed=7&colour=green', names: 'colour' },
];

for (const { fault, hash, names } of BAD_LINKS) {
  test(`a link with ${fault} is explained, and the page works`, async ({ lab, page }) => {
    const opened = await lab(hash);
    const banner = page.getByRole('alert');
    await expect(banner).toContainText(names);
    await expect.poll(() => opened.hash).toMatch(/^#\/double-charge/);
    await opened.play.click();
    await expect.poll(() => opened.time()).toBeGreaterThan(0);
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await expect(banner).toBeHidden();
  });
}

for (const { fault, hash, says } of [
  { fault: 'an unknown lab', hash: '#/no-such-lab', says: 'no-such-lab' },
  { fault: 'a lab that every object has', hash: '#/__proto__', says: '__proto__' },
  { fault: 'a lab that every object makes', hash: '#/constructor', says: 'constructor' },
  { fault: 'garbage', hash: '#1.%00%ff!garbage', says: 'The link is damaged' },
]) {
  test(`a link with ${fault} leads to the start page, which says so`, async ({ page }) => {
    await page.goto(`index.html${hash}`);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(says);
    await expect(alert.getByRole('link')).toHaveCount(0);
    expect(new URL(page.url()).hash).toBe(hash);
    await page.locator('sf-poster').first().click();
    await expect(page.locator('sf-lab-header')).toBeVisible();
    await expect(alert).toBeHidden();
  });
}

test('a link with the name of a lab misspelt offers that lab, with all else that it says', async ({
  page,
}) => {
  await page.goto('index.html#/congested-swich?seed=4&t=2s');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('did you mean "congested-switch"?');
  await alert.getByRole('link', { name: /^Open “.+” instead$/ }).click();
  await expect(page.locator('sf-lab-header')).toBeVisible();
  await expect(page).toHaveURL(/#\/congested-switch\?.*seed=4/);
  await expect(alert).toBeHidden();
});

test('a good link leaves no banner', async ({ lab, page }) => {
  await lab('#/double-charge?seed=7');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a link of a newer Slowfire says so calmly, and runs', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?rev=999&seed=7');
  const note = page.getByRole('status').filter({ hasText: 'newer Slowfire' });
  await expect(note).toContainText('revision 999');
  await expect(page.getByRole('alert')).toBeHidden();
  await expect.poll(() => opened.hash).not.toContain('rev=999');
  await opened.play.click();
  await expect.poll(() => opened.time()).toBeGreaterThan(0);
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await expect(note).toBeHidden();
});

for (const entry of ['index.html', 'embed.html']) {
  test(`${entry} says so when the browser has no WebAssembly`, async ({ page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
    });
    await page.goto(entry);
    await expect(page.getByText(/WebAssembly/)).toBeVisible();
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });
    test(`${entry} says so`, async ({ page }) => {
      await page.goto(entry);
      await expect(page.getByText(/needs JavaScript/)).toBeVisible();
    });
  });
}

test.describe('a simulator that does not load', () => {
  test.use({ provoked: /status of 500/ });

  for (const [what, answer] of [
    ['is no module', { body: 'no module' }],
    ['is refused', { status: 500 }],
  ] as const) {
    test(`is explained, and asked for again by who wants it, or follows a link: ${what}`, async ({
      page,
    }) => {
      await page.route('**/*.wasm', (route) => route.fulfill(answer));
      await page.goto('index.html#/double-charge');
      await expect(page.getByRole('alert')).toContainText('could not be loaded');
      await page.evaluate(() => {
        window.location.hash = '#/split-brain?t=1s';
      });
      await expect(page.getByRole('alert')).toContainText('could not be loaded');
      await page.unroute('**/*.wasm');
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(page.locator('sf-lab-header')).toContainText('The primary was silent');
      await expect(page.getByRole('alert')).toBeHidden();
    });
  }
});

test.describe('a part of the simulator that does not load', () => {
  test.use({ provoked: /ERR_FAILED/ });
  const PART = /agreement-raft.*\.wasm/;

  test('is explained on a page that opens with it, and can be tried again', async ({ page }) => {
    await page.route(PART, (route) => route.abort());
    await page.goto('index.html#/raft');
    await expect(page.getByRole('alert')).toContainText('could not be loaded');
    await page.unroute(PART);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('sf-lab-header')).toBeVisible();
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('leaves the run before it as it is, and can be tried again', async ({ lab, page }) => {
    await lab('#/double-charge?seed=7');
    const shown = () => page.locator('sf-app').evaluate((app: SfApp) => app.session?.about.lab.id);
    await page.route(PART, (route) => route.abort());
    await page.evaluate(() => {
      window.location.hash = '#/raft';
    });
    await expect(page.getByRole('alert')).toContainText('could not be loaded');
    expect(await shown()).toBe('double-charge');
    await page.unroute(PART);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(shown).toBe('raft');
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('is awaited with the run before it at rest, which leaves the address alone', async ({
    lab,
    page,
  }) => {
    const { play, pause } = await lab('#/double-charge?seed=7');
    const asked: Route[] = [];
    await page.route(PART, (route) => void asked.push(route));
    await play.click();
    await expect(pause).toBeVisible();
    await page.evaluate(() => {
      window.location.hash = '#/raft';
    });
    const busy = page.locator('main[aria-busy=true]');
    await expect(busy).toHaveCount(1);
    await expect(play).toBeVisible();
    expect(new URL(page.url()).hash).toBe('#/raft');
    // Who goes back instead waits for nothing.
    await page.goBack();
    await expect(busy).toHaveCount(0);
    await page.goForward();
    await expect(busy).toHaveCount(1);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    for (const route of asked) await route.continue();
    await expect(page.locator('sf-lab-header')).toContainText('Raft');
    await expect(busy).toHaveCount(0);
  });
});

test('a fault of the simulator is explained, and the run is built again', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7&loss=0.5');
  const value = await opened.value('loss').textContent();
  await page.evaluate(() => {
    const context = CanvasRenderingContext2D.prototype;
    const whole = Object.getOwnPropertyDescriptor(context, 'beginPath') ?? {};
    context.beginPath = () => {
      Object.defineProperty(context, 'beginPath', whole);
      throw new Error('a broken canvas');
    };
  });
  await opened.play.click();
  const failure = page.getByRole('alert');
  await expect(failure).toContainText('a broken canvas');
  await expect(failure.getByRole('link')).toHaveAttribute('href', page.url());
  await expect(opened.play).toBeVisible();
  await expect(opened.value('loss')).toHaveText(value ?? '');
  await failure.getByRole('button', { name: 'Go on' }).click();
  await expect(failure).toBeHidden();
  await opened.play.click();
  await expect.poll(() => opened.time()).toBeGreaterThan(0.1);
});

test('a link from before a mending says so in a line, and what was mended on demand', async ({
  lab,
  page,
}) => {
  await lab('#/retry-storm?seed=7');
  const note = page.getByRole('status').filter({ hasText: 'was mended' });
  await expect(note).toBeVisible();
  await expect(note.getByText('A backoff held up')).toBeHidden();
  await note.getByText('was mended').click();
  await expect(note.getByText('A backoff held up')).toBeVisible();
});
