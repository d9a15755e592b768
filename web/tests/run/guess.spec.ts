import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { BROKEN, Lab, expect, test } from '../lab.ts';

/** Opens a link that asks first, and waits for the question. */
async function asked(page: Page, hash: string): Promise<Locator> {
  await page.goto('about:blank');
  await page.goto(`index.html${hash}`);
  const guess = page.locator('sf-guess');
  await expect(guess.locator('.options button').first()).toBeVisible();
  return guess;
}

const next = (guess: Locator) => guess.getByRole('button', { name: 'Next question' });

/** Answers whatever is asked of this run; of what is to come, nothing is told before. */
async function answerAll(page: Page, guess: Locator): Promise<void> {
  const isOpen = () => session(page, (element) => element.session?.asking.guess?.isOpen);
  for (;;) {
    if (await isOpen()) await page.keyboard.press('1');
    await expect(guess.locator('[role=status]:not(.unseen)')).toBeVisible();
    if ((await next(guess).count()) === 0) return;
    for (const name of TELLING) await expect(page.locator(name), name).toHaveCount(0);
    await next(guess).click();
    await expect(guess.locator('.options button').first()).toBeVisible();
  }
}

/** All that is in the document: texts and attributes, in all shadow trees. */
const everything = (page: Page) =>
  page.evaluate(() => {
    const said: string[] = [document.title, window.location.href];
    const read = (node: Node): void => {
      if (node instanceof Text) said.push(node.data);
      if (node instanceof HTMLStyleElement) return;
      if (node instanceof Element) {
        for (const { name, value } of node.attributes) if (name !== 'd') said.push(value);
        node.shadowRoot?.childNodes.forEach(read);
      }
      node.childNodes.forEach(read);
    };
    read(document.documentElement);
    return said
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .join('\n');
  });

/** What tells of the whole run. */
const TELLING = [
  'sf-mirror',
  'sf-time-bar',
  'sf-verdicts',
  'sf-story',
  'sf-log',
  'sf-changes',
  'sf-defences',
  'sf-plots',
  'sf-caption',
  'sf-futures',
  'sf-tries',
];

const session = <T>(page: Page, read: (page: SfPage) => T): Promise<T> =>
  page.locator('sf-page').evaluate(read);

test('a guess cannot be read off the document, the mirror or the address before it is answered', async ({
  page,
}) => {
  for (const hash of [
    '#/double-charge?guess=first',
    '#/lease-and-pause?guess=first',
    '#/timeout-tuning?guess=first',
  ]) {
    const guess = await asked(page, hash);
    const before = await everything(page);
    for (const name of TELLING) await expect(page.locator(name), name).toHaveCount(0);
    // It marks what is lost, whoever sees it.
    await expect(guess.locator('.spacetime')).toHaveCount(0);
    // An address is written soon, and not at once.
    const link = () => new URL(page.url()).hash;
    await expect.poll(link).toMatch(/^#\/[\w-]+\?(rev=\d+&)?t=[\d.]+m?s&as=\w+&guess=first$/);
    await guess.locator('.options button').first().click();
    await expect(guess.locator('[role=status]:not(.unseen)')).toBeVisible();
    const truth = await session(page, (element) => element.session?.asking.guess?.truth);
    const told = truth?.sentences.at(-1) ?? '';
    expect(told).not.toBe('');
    const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
    expect(spaced(await everything(page))).toContain(spaced(told));
    // That it sent a message the node knows.
    const isKnown = truth?.events.length === 1;
    if (!isKnown) expect(spaced(before)).not.toContain(spaced(told));
    await answerAll(page, guess);
    await expect(page.locator('sf-verdicts')).toHaveCount(1);
  }
});

test('runs in which different things are true look the same until they are answered', async ({ page }) => {
  const right = new Set<number>();
  const texts = new Set<string>();
  const withoutNumbers = (text: string) => text.replace(/[\d.]+/g, '#');
  for (let seed = 1; seed < 12 && right.size < 2; seed += 1) {
    const guess = await asked(page, `#/forgotten-keys?seed=${seed}&guess=first`);
    const asks = () => session(page, (element) => element.session?.asking.guess?.question?.asks);
    if ((await asks()) !== 'silence') {
      await page.keyboard.press('1');
      await guess.getByRole('button', { name: 'Next question' }).click();
      await expect(guess.locator('.options button')).toHaveCount(4);
    }
    for (const name of TELLING) await expect(page.locator(name), name).toHaveCount(0);
    // What the node knows may differ: it is no secret. The address has the seed and the moment.
    const known = withoutNumbers((await guess.locator('.known, .subject').allTextContents()).join(' '));
    const lines = withoutNumbers(await everything(page)).split('\n');
    texts.add(lines.filter((line) => !known.includes(line) && !line.startsWith('http')).join('\n'));
    await page.keyboard.press('1');
    right.add(await session(page, (element) => element.session?.asking.guess?.truth?.right ?? -1));
  }
  expect(right.size).toBe(2);
  expect([...texts]).toHaveLength(1);
});

test('one key answers, the truth is told with a sentence of the run, and the score is kept', async ({
  page,
}) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await expect(guess.getByRole('region')).toBeFocused();
  expect(await session(page, (element) => element.session?.perspectiveName)).toBe('alice');
  await page.keyboard.press('2');
  await expect(guess.locator('[role=status]:not(.unseen)')).toContainText(/^\s*(Right\.|No\.)/);
  expect(await session(page, (element) => element.session?.perspectiveName)).toBe(undefined);
  await expect(guess.getByText(/of 1 right so far/)).toBeVisible();
  const score = await page.evaluate(() => localStorage.getItem('slowfire.guesses'));
  expect(JSON.parse(score ?? '{}')).toMatchObject({ of: 1 });
  const shared = await session(
    page,
    ({ session: own }) => own?.addressOf(own.asking.linkOfScore('3of5')) ?? '',
  );
  await page.goto('about:blank');
  await page.goto(shared);
  await expect(guess.getByText('Whoever shared this link guessed 3 of 5 right.')).toBeVisible();
});

test('a question that was answered before is told as one, and does not count again', async ({ page }) => {
  const link = '#/double-charge?guess=first';
  const guess = await asked(page, link);
  await page.keyboard.press('1');
  await expect(guess.getByText(/of 1 right so far/)).toBeVisible();
  await expect(guess.getByText(/answered this question before/)).toHaveCount(0);
  await asked(page, `${link}&view=spacetime`);
  await page.keyboard.press('2');
  await expect(guess.getByText(/answered this question before/)).toBeVisible();
  await expect(guess.getByText(/of 1 right so far/)).toBeVisible();
  await next(guess).click();
  await expect(guess.locator('.options button').first()).toBeVisible();
  await page.keyboard.press('1');
  await expect(guess.getByText(/of 2 right so far/)).toBeVisible();
});

test('nothing on the page is called after what happens in the run', async ({ page }) => {
  await asked(page, '#/retry-storm?guess=first');
  await expect(page).toHaveTitle('Guess first · Slowfire');
  const all = await everything(page);
  expect(all).not.toMatch(/retry storm|still down/i);
});

test('the message that is asked about is told, and the legend says what the marks mean', async ({
  page,
}) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await page.keyboard.press('1');
  await next(guess).click();
  await expect(guess.locator('.options button').first()).toBeVisible();
  await expect(guess.locator('.subject')).toContainText(/This is about [\d.]+.*alice.*bank/);
  await expect(guess.getByRole('list', { name: 'What alice knows' })).toBeVisible();
  await guess.getByRole('button', { name: 'Legend' }).click();
  await expect(guess.getByText(/On a stem, leaving: this node has just sent it/)).toBeVisible();
});

test('of many defences those are named that can matter, and few answers are offered', async ({ page }) => {
  for (const lab of ['raft-rules', 'raft-votes', 'reordered-feed']) {
    const guess = await asked(page, `#/${lab}?guess=first`);
    const question = await session(page, (element) => element.session?.asking.guess?.question);
    expect((question?.on.length ?? 0) + (question?.off.length ?? 0), lab).toBeLessThanOrEqual(5);
    expect(await guess.locator('.options button').count(), lab).toBeLessThanOrEqual(5);
  }
});

test('it is an offer beside the story, and deals another run each time', async ({ lab, page }) => {
  const opened = await lab('#/double-charge');
  await expect(page.locator('sf-guess')).toHaveCount(0);
  await opened.toTheEnd();
  await opened.button('Guess first').click();
  const guess = page.locator('sf-guess');
  await expect(guess.locator('.options button').first()).toBeVisible();
  const seed = () => session(page, (element) => element.session?.state.seed);
  const first = await seed();
  await page.keyboard.press('1');
  await guess.getByRole('button', { name: 'Another run' }).click();
  await expect(guess.locator('.options button').first()).toBeVisible();
  expect(await seed()).not.toBe(first);
  await page.keyboard.press('Escape');
  await expect(guess).toHaveCount(0);
  await expect(opened.play).toBeVisible();
  expect(await session(page, (element) => element.session?.perspectiveName)).toBe(undefined);
  expect(await opened.settledHash()).not.toContain('guess=');
});

test('once all is told there is one legend', async ({ page }) => {
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    const guess = await asked(page, `#/double-charge?seed=${width}&guess=first`);
    await expect(page.getByRole('button', { name: 'Legend' })).toHaveCount(1);
    await answerAll(page, guess);
    await expect(guess.getByRole('region')).toBeFocused();
    await expect(page.getByRole('button', { name: 'Legend' })).toHaveCount(1);
  }
});

test('a link that asks and challenges says that both come', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first&challenge=break');
  await expect(guess).toContainText(
    'After the questions comes a challenge: Break it with the fewest faults.',
  );
  await page.keyboard.press('Escape');
  await expect(page.locator('sf-challenge')).toContainText('No fault yet.');
});

test('what is told ends with the run that it is about', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await answerAll(page, guess);
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  await expect(guess).toHaveCount(0);
});

for (const [what, act, comes] of [
  [
    'show me',
    (page: Page) =>
      page
        .locator('sf-verdicts')
        .getByRole('button', { name: /^Show me/ })
        .first()
        .click(),
    'sf-why',
  ],
  [
    'another view',
    (page: Page) =>
      page.locator('sf-views').getByRole('radio', { name: 'Space-time', exact: true }).check(),
    'sf-spacetime',
  ],
  [
    'as a node sees it',
    (page: Page) =>
      session(page, (element) => element.session?.seeAs(element.session.about.nodes[0]?.id ?? null)),
    'sf-world',
  ],
  [
    'a defence flipped beside it',
    (page: Page) =>
      page
        .locator('sf-switch')
        .first()
        .evaluate((element) =>
          element.dispatchEvent(
            new CustomEvent('compare', { detail: element.dataset.defence, bubbles: true, composed: true }),
          ),
        ),
    'sf-twin',
  ],
] as const) {
  test(`what is told makes room for what the reader asks for: ${what}`, async ({ page }) => {
    const guess = await asked(page, `${BROKEN}&guess=first`);
    await answerAll(page, guess);
    const opened = new Lab(page);
    await opened.toTheEnd();
    await act(page);
    await expect(page.locator(comes)).toBeVisible();
    await expect(guess).toHaveCount(0);
    expect(await session(page, (element) => element.session?.link)).not.toContain('guess=');
  });
}

test('whoever watches a run that plays already goes on watching', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await answerAll(page, guess);
  await session(page, (element) => element.session?.player.play());
  await guess.getByRole('button', { name: 'Watch it' }).click();
  await expect(guess).toHaveCount(0);
  expect(await session(page, (element) => element.session?.playing)).toBe(true);
});

test('a card of the run before is no card of the one that is dealt', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?t=14s');
  await session(page, ({ session: own }) => {
    own?.pictures.select({ kind: 'event', id: own.state.events - 1 });
    own?.redraw();
  });
  await expect(page.locator('sf-card')).toBeVisible();
  await opened.button('Guess first').click();
  const guess = page.locator('sf-guess');
  await expect(guess.locator('.options button').first()).toBeVisible();
  expect(await session(page, (element) => element.session?.pictures.selection)).toBe(undefined);
});

test('nobody answers before the run has come to the moment that is asked about', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  const options = guess.locator('.options button');
  await session(page, (element) => element.session?.travel.seek(0));
  await expect(options).toHaveCount(0);
  await page.keyboard.press('1');
  expect(await session(page, (element) => element.session?.asking.guess?.isOpen)).toBe(true);
  await session(page, ({ session: own }) => own?.travel.seek(own.asking.guess?.question?.at_ms ?? 0));
  await expect(options.first()).toBeVisible();
  await page.keyboard.press('1');
  expect(await session(page, (element) => element.session?.asking.guess?.isOpen)).toBe(false);
});

test.describe('while what asks is being loaded', () => {
  test.use({ provoked: /ERR_FAILED/ });
  const LINK = '#/double-charge?as=alice&guess=first';

  test('it says so, and can be left', async ({ page }) => {
    await page.route(/sf-guess/, () => undefined);
    await page.goto(`index.html${LINK}`);
    await expect(page.getByText('Looking for a moment to ask about…')).toBeVisible();
    await expect(page.getByRole('main')).toBeFocused();
    await expect(page.getByRole('button', { name: 'Close', exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await isShown(page);
    await expect.poll(() => new URL(page.url()).hash).not.toContain('guess=');
  });

  test('a failure shows the run as any other', async ({ page }) => {
    await page.route(/sf-guess/, (route) => route.abort());
    await page.goto(`index.html${LINK}`);
    await isShown(page);
    await expect(page.locator('sf-problems')).toContainText('could not be loaded');
  });

  async function isShown(page: Page): Promise<void> {
    await expect(page.locator('sf-transport').getByRole('button', { name: 'Pause' })).toBeVisible();
    expect(await session(page, (element) => element.session?.perspectiveName)).toBe('alice');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('sf-app');
  }
});

test('another run is dealt where none was told yet, and rests at its question', async ({ lab, page }) => {
  const opened = await lab('#/double-charge');
  const seed = () => session(page, (element) => element.session?.state.seed);
  const own = await seed();
  await opened.button('Guess first').click();
  const guess = page.locator('sf-guess');
  await expect(guess.locator('.options button').first()).toBeVisible();
  expect(await seed()).not.toBe(own);
  await answerAll(page, guess);
  await opened.play.click();
  await guess.getByRole('button', { name: 'Another run' }).click();
  await expect(guess.locator('.options button').first()).toBeVisible();
  const stands = () =>
    session(page, ({ session: own }) => [own?.playing, own?.aimMs === own?.asking.guess?.question?.at_ms]);
  expect(await stands()).toEqual([false, true]);
});

test('no key goes through a sheet to the question below it', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await page.keyboard.press('?');
  const help = page.locator('sf-help dialog');
  await expect(help).toBeVisible();
  // A click on a text leaves nothing with the focus.
  await page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    (at as HTMLElement | null)?.blur();
  });
  await page.keyboard.press('1');
  expect(await session(page, (element) => element.session?.asking.guess?.isOpen)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(guess).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(guess).toHaveCount(0);
});

test('what lies above an answer is closed before it', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await answerAll(page, guess);
  await session(page, (element) => element.dispatchEvent(new CustomEvent('list')));
  await expect(page.locator('sf-mirror[open]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('sf-mirror[open]')).toHaveCount(0);
  await expect(guess).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(guess).toHaveCount(0);
});

test('a question has the room of both views', async ({ page }) => {
  await page.addInitScript(() => {
    if (location.protocol !== 'about:') localStorage.setItem('slowfire.settings', '{"view":"both"}');
  });
  const guess = await asked(page, '#/double-charge?guess=first');
  expect(await session(page, (element) => element.session?.view)).toBe('both');
  await answerAll(page, guess);
  const height = (locator: Locator) =>
    locator.evaluate((element) => element.getBoundingClientRect().height);
  const all = await height(page.locator('.pictures').first());
  expect(await height(guess)).toBeGreaterThan(0.9 * all);
});

test('where there is no room for questions the run plays as any other', async ({ page }) => {
  await page.goto('embed.html?autoplay#/double-charge?guess=first');
  await expect(page.locator('sf-embed').getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('the keys of the page tell nothing before it is answered', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  const at = () => session(page, (element) => element.session?.timeMs);
  const before = await at();
  for (const key of [' ', 'ArrowRight', 'ArrowLeft', 'p', 'Control+z']) await page.keyboard.press(key);
  expect(await at()).toBe(before);
  await expect(guess.locator('.options button').first()).toBeVisible();
  expect(await session(page, (element) => element.session?.asking.isSecret)).toBe(true);
});

test('whoever has it read out is told what the node knows', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await expect(guess.getByRole('list', { name: 'What alice knows' })).toBeAttached();
  await expect(guess.getByText('Only what alice knows is shown.')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});
