import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { SfPage } from '../../src/components/page/sf-page.ts';
import { expect, test } from '../lab.ts';

/** Opens a link that asks first, and waits for the question. */
async function asked(page: Page, hash: string): Promise<Locator> {
  await page.goto('about:blank');
  await page.goto(`index.html${hash}`);
  const guess = page.locator('sf-guess');
  await expect(guess.locator('.options button').first()).toBeVisible();
  return guess;
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
  'sf-legend',
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
    const truth = await session(page, (element) => element.session?.guess?.truth);
    const told = truth?.sentences.at(-1) ?? '';
    expect(told).not.toBe('');
    const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
    expect(spaced(await everything(page))).toContain(spaced(told));
    // That it sent a message the node knows.
    const isKnown = truth?.events.length === 1;
    if (!isKnown) expect(spaced(before)).not.toContain(spaced(told));
    await expect(page.locator('sf-verdicts')).toHaveCount(1);
  }
});

test('runs in which different things are true look the same until they are answered', async ({ page }) => {
  const right = new Set<number>();
  const texts = new Set<string>();
  const withoutNumbers = (text: string) => text.replace(/[\d.]+/g, '#');
  for (let seed = 1; seed < 12 && right.size < 2; seed += 1) {
    const guess = await asked(page, `#/forgotten-keys?seed=${seed}&guess=first`);
    const asks = () => session(page, (element) => element.session?.guess?.question?.asks);
    if ((await asks()) !== 'silence') {
      await page.keyboard.press('1');
      await guess.getByRole('button', { name: 'Next question' }).click();
      await expect(guess.locator('.options button')).toHaveCount(4);
    }
    for (const name of TELLING) await expect(page.locator(name), name).toHaveCount(0);
    // What the node knows may differ: it is no secret. The address has the seed and the moment.
    const known = withoutNumbers((await guess.locator('.known').textContent()) ?? '');
    const lines = withoutNumbers(await everything(page)).split('\n');
    texts.add(lines.filter((line) => !known.includes(line) && !line.startsWith('http')).join('\n'));
    await page.keyboard.press('1');
    right.add(await session(page, (element) => element.session?.guess?.truth?.right ?? -1));
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
  await expect(guess.locator('[role=status]:not(.unseen)')).toContainText(/(Right\.|No: )/);
  expect(await session(page, (element) => element.session?.perspectiveName)).toBe(undefined);
  await expect(guess.getByText(/of 1 right so far/)).toBeVisible();
  const score = await page.evaluate(() => localStorage.getItem('slowfire.guesses'));
  expect(JSON.parse(score ?? '{}')).toMatchObject({ of: 1 });
  const shared = await session(page, (element) => element.session?.addressOfScore('3of5') ?? '');
  await page.goto('about:blank');
  await page.goto(shared);
  await expect(guess.getByText('Whoever shared this link guessed 3 of 5 right.')).toBeVisible();
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

test('what is told ends with the run that it is about', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await page.keyboard.press('1');
  await expect(guess.getByRole('button', { name: 'Another run' })).toBeVisible();
  await page.getByRole('switch', { name: 'Idempotency key' }).click();
  await expect(guess).toHaveCount(0);
});

test('the keys of the page tell nothing before it is answered', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  const at = () => session(page, (element) => element.session?.timeMs);
  const before = await at();
  for (const key of [' ', 'ArrowRight', 'ArrowLeft', 'p', 'Control+z']) await page.keyboard.press(key);
  expect(await at()).toBe(before);
  await expect(guess.locator('.options button').first()).toBeVisible();
  expect(await session(page, (element) => element.session?.isAsking)).toBe(true);
});

test('whoever has it read out is told what the node knows', async ({ page }) => {
  const guess = await asked(page, '#/double-charge?guess=first');
  await expect(guess.getByRole('list', { name: 'What alice knows' })).toBeAttached();
  await expect(guess.getByText('Only what alice knows is shown.')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});
