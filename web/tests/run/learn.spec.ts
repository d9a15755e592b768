import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { SfStory } from '../../src/components/lesson/sf-story.ts';
import { BROKEN, expect, openLab, test, watch } from '../lab.ts';

test('the story goes step by step to its moments', async ({ lab, page }) => {
  const opened = await lab();
  const story = page.locator('sf-story');
  await expect(story).toContainText('1 of');
  const steps = await page.locator('sf-app').evaluate((app: SfApp) => app.session?.telling.story ?? []);
  expect(steps.length).toBeGreaterThan(1);
  // None of the others has come yet: the story plays on to each, and rests there.
  for (const place of [...steps.keys()].slice(1)) {
    await story.getByRole('button', { name: 'Next step' }).click();
    await expect(story).toContainText(`${place + 1} of`);
    const hasMoment = (app: SfApp, at: number) => typeof app.session?.telling.story[at]?.at_ms === 'number';
    await expect.poll(() => page.locator('sf-app').evaluate(hasMoment, place)).toBe(true);
    await expect(opened.play).toBeVisible();
    const step = await page
      .locator('sf-app')
      .evaluate((app: SfApp, at) => app.session?.telling.story[at], place);
    if (typeof step?.at_ms !== 'number') throw new Error(`step ${place + 1} has no moment`);
    // The page prints no moment earlier than it is.
    await expect.poll(() => opened.time()).toBeCloseTo(Math.ceil(step.at_ms / 10) / 100, 3);
    const look = await page.locator('sf-app').evaluate((app: SfApp) => app.session?.pictures.look);
    expect(look?.light_message).toBe(step.message);
    if (step.message === null) expect(look?.light_node).toBe(step.node);
  }
  await story.getByRole('button', { name: 'Things to try' }).click();
  await expect(page.getByRole('heading', { name: 'Things to try' })).toBeInViewport();
  await story.getByRole('button', { name: 'Previous step' }).click();
  await expect(story).toContainText(`${steps.length - 1} of`);
});

test('the story says so where a step does not happen, and the run stays', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?loss=0&t=1s');
  const story = page.locator('sf-story');
  const next = story.getByRole('button', { name: 'Next step' });
  const never = story
    .locator('.text:not([hidden])')
    .getByText('No request has been lost so far in this run.');
  await next.click();
  await expect(never).toBeVisible();
  expect(await opened.time()).toBeLessThan(5);
});

test('another run that rests begins its own story', async ({ lab, page }) => {
  const opened = await lab();
  const story = page.locator('sf-story');
  await story.getByRole('button', { name: 'Next step' }).click();
  await expect(story).toContainText('2 of');
  await expect(opened.play).toBeVisible();
  await page.evaluate(() => {
    window.location.hash = '#/lease-and-pause?t=0s';
  });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('lock');
  await expect(story).toContainText('1 of');
});

test('a line of the log leads to its moment', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  const entry = page.locator('sf-log button').nth(9);
  const at = Number((await entry.textContent())?.match(/([\d.]+)\ss/)?.[1]);
  await entry.click();
  await expect.poll(() => opened.time()).toBeCloseTo(at, 1);
});

test('measurements are drawn when they are unfolded, and fetched only then', async ({ lab, page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  expect(scripts.filter((url) => url.includes('/plot-'))).toEqual([]);
  await page.getByText('Measurements', { exact: true }).click();
  await expect(page.locator('sf-plots canvas').first()).toBeVisible();
  expect(scripts.filter((url) => url.includes('/plot-')).length).toBeGreaterThan(0);
});

test('the start page shows every lab by its question, and search narrows it', async ({ page }) => {
  await page.goto('index.html');
  const posters = page.locator('sf-poster');
  await expect(posters.filter({ hasText: 'Do I pay again?' })).toBeVisible();
  const all = await posters.count();
  const picture = posters.first().locator('canvas');
  await expect
    .poll(() =>
      picture.evaluate((canvas: HTMLCanvasElement) =>
        canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value !== 0),
      ),
    )
    .toBe(true);
  await page.getByRole('searchbox').fill('receipt never came');
  await expect(posters).toHaveCount(1);
  await page.getByRole('searchbox').fill('no such lab');
  await expect(page.getByText('No lab is about')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await expect(posters).toHaveCount(all);
});

test('what is sought is found by question, name and algorithm', async ({ page }) => {
  await page.goto('index.html');
  const posters = page.locator('sf-poster');
  await expect(posters.first()).toBeVisible();
  for (const [sought, first, most] of [
    ['who could read it', 'commit-wait', 20],
    ['Why could he read it?', 'commit-wait', 20],
    ['Paxos', 'raft', 3],
    ['CAP', 'stale-read', 3],
    ['idempotency', 'double-charge', 10],
    ['what is a lease', 'lease-and-pause', 10],
  ] as const) {
    await page.getByRole('searchbox').fill(sought);
    await expect(posters.first(), sought).toHaveAttribute('data-lab', first);
    await expect(page.locator('sf-poster[data-lab=bank-or-social]')).toHaveCount(sought === 'CAP' ? 1 : 0);
    expect(await posters.count(), sought).toBeLessThanOrEqual(most);
  }
});

test('a poster opens its lab, and going back leads to the start again', async ({ page }) => {
  await page.goto('index.html');
  await page.locator('sf-poster[data-lab=double-charge] a').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'The receipt never came. Do I pay again?',
  );
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.goBack();
  await expect(page.locator('sf-poster').first()).toBeVisible();
  await expect(page).toHaveURL(/index\.html$/);
});

test('what a story says never becomes markup or a script', async ({ lab, page }) => {
  await lab();
  const story = page.locator('sf-story');
  await story.evaluate((element: SfStory) => {
    element.summary = [
      '<img src=x onerror="globalThis.hacked = 1"> *soft* **loud** `code` a_b_c',
      '[good](https://example.org/a) [run](#/double-charge) [bad](javascript:alert(1)) [worse](data:text/html,x)',
    ].join('\n\n');
  });
  const text = story.locator('.summary');
  await expect(text.locator('em')).toHaveText('soft');
  await expect(text.locator('strong')).toHaveText('loud');
  await expect(text.locator('code')).toHaveText('code');
  await expect(text).toContainText('<img src=x onerror=');
  await expect(text).toContainText('a_b_c');
  await expect(text.locator('img')).toHaveCount(0);
  const addresses = await text
    .locator('a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(addresses).toEqual(['https://example.org/a', '#/double-charge']);
});

test('a list in a story is a list on the page', async ({ lab, page }) => {
  await lab();
  const story = page.locator('sf-story');
  await story.evaluate((element: SfStory) => {
    element.summary = 'Either:\n\n- the request was lost,\n- or the *answer*.';
  });
  const items = story.locator('.summary ul').getByRole('listitem');
  await expect(items).toHaveText(['the request was lost,', 'or the answer.']);
});

test('each source is cited, with a link to where it can be read', async ({ lab, page }) => {
  await lab('#/flipped-bits');
  const sources = page.locator('sf-further .sources').getByRole('listitem');
  await expect(sources).toHaveCount(3);
  await expect(sources.first()).toContainText('A gateway that copied packets sometimes swapped bytes');
  const cited = sources
    .first()
    .getByRole('link', { name: /^Saltzer, Reed and Clark, End-to-end arguments/ });
  await expect(cited).toHaveAttribute('href', /^https:\/\/web\.mit\.edu\/Saltzer\//);
  await expect(cited).toHaveAttribute('rel', 'noopener noreferrer');
});

test('a lab says what it promises, and where its promises end', async ({ lab, page }) => {
  const opened = await lab();
  const limits = page.getByRole('region', { name: 'What it does not save you from' });
  await expect(limits).toContainText('keys in memory');
  const promised = page.getByText('What is promised');
  await promised.click();
  await expect(page.getByText(/Withstands: loss of up to 30\s%/).first()).toBeVisible();
  await limits.getByRole('link', { name: 'Set it up' }).first().click();
  await expect.poll(() => opened.hash).toContain('strike.crash:bank');
});

test('of a protocol with many rules a promise names those that are off', async ({ lab, page }) => {
  await lab('#/raft');
  await page.getByRole('heading', { name: 'What is promised' }).click();
  const promised = await page.locator('sf-further details li').allTextContents();
  expect(promised.length).toBeGreaterThan(0);
  for (const promise of promised) expect(promise).toMatch(/With all \d+ rules on/);
});

test('what a try sets up is one step, and undo brings the run and its moment back', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/double-charge?on=idempotency-key&t=5s');
  const hash = await opened.settledHash();
  await page.getByRole('link', { name: 'Set it up' }).first().click();
  await expect.poll(() => opened.hash).not.toBe(hash);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => opened.hash).toBe(hash);
  await expect(opened.button('Undo')).toBeDisabled();
});

test('a limit plays to its failure, as what there is to try does', async ({ page }) => {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.goto('index.html#/double-charge?on=idempotency-key');
  const rests = () => page.evaluate(() => document.querySelector('sf-app')?.session?.player.rests);
  const limits = page.getByRole('region', { name: 'What it does not save you from' });
  await limits.getByRole('link', { name: 'Set it up' }).first().click();
  await watch(page, 200);
  await expect(
    page.locator('sf-transport').getByRole('button', { name: 'Pause', exact: true }),
  ).toBeVisible();
  await watch(page, 60_000);
  expect(await rests()).toBe('violation');
});

test('a run that is set up plays from the moment that it names, and another seed is told of', async ({
  page,
}) => {
  await page.goto('index.html#/lease-and-pause');
  const limits = page.getByRole('region', { name: 'What it does not save you from' });
  await limits.getByRole('link', { name: 'Set it up, with seed 2' }).click();
  await expect
    .poll(() => page.evaluate(() => document.querySelector('sf-app')?.session?.timeMs))
    .toBeGreaterThan(26_000);
  await expect(
    page.locator('sf-transport').getByRole('button', { name: 'Pause', exact: true }),
  ).toBeVisible();
});

test('what a try sets up is looked at from the top', async ({ lab, page }) => {
  const opened = await lab();
  const hash = opened.hash;
  await page.getByRole('link', { name: 'Set it up' }).first().click();
  await expect.poll(() => opened.hash).not.toBe(hash);
  await expect(opened.verdict).toBeInViewport({ ratio: 1 });
});

test('which rules of a published algorithm are off is told as they are switched', async ({ page }) => {
  await openLab(page, '#/raft?t=1s');
  const header = page.locator('sf-lab-header');
  await expect(header).toContainText('modified Raft: without “Check of the previous entry”');
  await page.getByRole('switch', { name: 'Check of the previous entry' }).click();
  await expect(header).toContainText('Raft, with all of its 28 rules');
  await expect(page).not.toHaveTitle(/modified/);
  await page.getByRole('switch', { name: 'Votes for newer logs only' }).click();
  await expect(header).toContainText('modified Raft: without “Votes for newer logs only”');
  await expect(page).toHaveTitle(/modified Raft/);
});

test('the way back in a story keeps its place at the last step', async ({ lab, page }) => {
  await lab('#/double-charge?t=0s');
  const story = page.locator('sf-story');
  const back = story.getByRole('button', { name: 'Previous' });
  const first = await back.boundingBox();
  expect(first).not.toBeNull();
  const count = Number(/of (\d+)/.exec(await story.locator('.count').innerText())?.[1]);
  await page.locator('sf-app').evaluate((app: SfApp, last) => app.session?.telling.tell(last), count - 1);
  await expect(story.getByRole('button', { name: 'Things to try' })).toBeVisible();
  expect((await back.boundingBox())?.x).toBe(first?.x);
});
