import { expect, openLab, test } from '../lab.ts';

for (const viewport of [
  { width: 390, height: 844 },
  { width: 360, height: 640 },
]) {
  test.describe(`a phone of ${viewport.width} by ${viewport.height}`, () => {
    test.use({ viewport, hasTouch: true, isMobile: true });

    test('shows stage, play and verdict in its first view', async ({ lab, page }) => {
      const opened = await lab();
      for (const part of [opened.stage, opened.play, opened.verdict]) {
        await expect(part).toBeInViewport({ ratio: 1 });
      }
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBe(viewport.width);
    });

    test('says whose knowledge is shown, beside however many views', async ({ page }) => {
      for (const link of ['#/raft?as=ann', '#/stale-read?as=ann', '#/raft']) {
        await openLab(page, link);
        const box = page.getByRole('combobox', { name: 'Perspective' });
        const { width = 0 } = (await box.boundingBox()) ?? {};
        expect(width, link).toBeGreaterThan(80);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(sideways, link).toBe(viewport.width);
      }
    });

    test('tells the present step of the story beside the picture', async ({ lab, page }) => {
      await lab();
      const told = page.locator('sf-caption .step');
      await page.locator('sf-story').getByRole('button', { name: 'Next step' }).click();
      const step = page.locator('sf-story .text:not([hidden]) > p').first();
      await expect(told.locator('.what')).toHaveText((await step.textContent())?.trim() ?? '');
      await page.evaluate(() => window.scrollTo(0, 0));
      await expect(told).toBeInViewport({ ratio: 1 });
      // What the reader looks at next counts more.
      await page.getByRole('button', { name: 'Step', exact: true }).click();
      await expect(told).toHaveCount(0);
    });

    test('keeps the stage in sight while a switch is flipped', async ({ lab }) => {
      const opened = await lab();
      const key = opened.switch('Idempotency key');
      const on = await key.getAttribute('aria-checked');
      await key.tap();
      await expect(key).not.toHaveAttribute('aria-checked', on ?? '');
      await expect(opened.stage).toBeInViewport({ ratio: 0.95 });
      await expect(opened.play).toBeInViewport({ ratio: 1 });
    });
  });
}

test.describe('a phone whose second verdict is the grave one', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('shows that one in words', async ({ lab, page }) => {
    await lab('#/split-brain?t=4s');
    const words = page.locator('sf-verdicts .why');
    await expect(words).toContainText('Violated.');
    await expect(words).toBeInViewport({ ratio: 0.5 });
  });
});

test.describe('a phone on which a run is seen as a node sees it', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('says nowhere what the node cannot know', async ({ lab, page }) => {
    await lab('#/double-charge?as=alice&t=4s');
    await expect(page.locator('.player .verdict')).toHaveText(
      'alice cannot know whether anything is wrong.',
    );
    await expect(page.locator('sf-caption .broken')).toHaveCount(0);
    await expect(page.locator('sf-caption .step')).toHaveCount(0);
  });
});

test.describe('a page that is 320 pixels wide, as at 400 % zoom', () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test('sticks out sideways in no lab', async ({ page }) => {
    await page.goto('index.html');
    await expect(page.locator('sf-poster').first()).toBeVisible();
    const labs = await page
      .locator('sf-poster')
      .evaluateAll((posters) => posters.map((poster) => poster.getAttribute('data-lab') ?? ''));
    expect(labs.length).toBeGreaterThan(20);
    for (const lab of labs) {
      const opened = await openLab(page, `#/${lab}`);
      await opened.toTheEnd();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, lab).toBeLessThanOrEqual(0);
    }
  });
});
