/** A page's styles reach nothing inside a figure, and the figure reaches nothing of its page. */
import { readFile, readdir } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { LitElement } from 'lit';
import { embedDigest, expect, test } from '../lab.ts';
import { alike } from './alike.ts';
import { boxesIn, isShown, openPost, SHOWN } from './host.ts';

/** What a figure takes over from its page: whether it is seen, and whether it can be used. */
const TAKEN_OVER = ['visibility', 'pointer-events', 'interactivity'];

/** Values of all kinds, of which each property takes a few. */
const VALUES = [
  ...['7px', '40px', '-3px', '3', '0.2', '900', '250%', 'red', 'none', 'auto', 'bold', 'italic', 'hidden'],
  ...['center', 'right', 'end', 'justify', 'uppercase', 'small-caps', 'pre', 'pre-wrap', 'nowrap', 'rtl'],
  ...['vertical-rl', 'sideways-lr', 'break-all', 'anywhere', 'keep-all', 'collapse', 'separate', 'both'],
  ...[
    'cursive',
    'square',
    'inside',
    'wait',
    'all',
    'under',
    'dot',
    'each-line',
    'manual',
    'balance',
    'upright',
  ],
  ...[
    'ultra-expanded',
    'oldstyle-nums',
    'ordinal',
    'jis78',
    'sub',
    'emoji',
    'grayscale',
    'condensed',
    'dark',
  ],
  ...['pixelated', 'optimizeLegibility', 'optimizeSpeed', 'stroke', 'evenodd', 'bevel', 'square', 'middle'],
  ...['linearRGB', 'sRGB', 'geometricPrecision', 'hide', 'only light', 'strict', 'loose', 'from-image'],
  ...[
    '"x"',
    '"liga" 0',
    '"wght" 900',
    '2px 2px red',
    'url("data:,x")',
    '"a" "b"',
    '4 4',
    'first',
    'trim-start',
  ],
  ...[
    'bidi-override',
    'plaintext',
    'painted',
    'read-only',
    'exact',
    'economy',
    'thin',
    'words',
    'scrollbar',
  ],
];

/** Every property that a child takes from its parent, with values that are not its first. */
function inherited(page: Page): Promise<[property: string, values: string[]][]> {
  return page.evaluate((values) => {
    const [parent, child] = [document.createElement('div'), document.createElement('div')];
    parent.append(child);
    // What is not laid out has no size that follows from another's.
    const away = document.createElement('div');
    away.hidden = true;
    away.append(parent);
    document.body.append(away);
    const found: [string, string[]][] = [];
    for (const property of [...getComputedStyle(parent), 'direction', 'unicode-bidi']) {
      const first = getComputedStyle(child).getPropertyValue(property);
      const taken = values.filter((value) => {
        parent.style.setProperty(property, value);
        const now = getComputedStyle(child).getPropertyValue(property);
        const isHanded = now !== first && now === getComputedStyle(parent).getPropertyValue(property);
        parent.removeAttribute('style');
        return isHanded;
      });
      if (taken.length > 0) found.push([property, taken]);
    }
    away.remove();
    return found;
  }, VALUES);
}

/** A generator of numbers from 0 to 1: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Half of the properties, each with one of its values. */
function drawn(properties: [string, string[]][], random: () => number): string {
  return properties
    .filter(([property]) => !TAKEN_OVER.includes(property))
    .filter(() => random() < 0.5)
    .map(([property, values]) => `${property}: ${values[Math.floor(random() * values.length)] ?? ''}`)
    .join('; ');
}

/** The names that our own styles ask for. */
async function ownNames(): Promise<string[]> {
  const assets = new URL('../../../dist/assets/', import.meta.url);
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(scripts.map((name) => readFile(new URL(name, assets), 'utf8')));
  return [...new Set(texts.flatMap((text) => text.match(/(?<=var\()--[a-z][\w-]*/g) ?? []))];
}

const [NARROWEST, WIDEST] = [240, 1600];
const DRAWS = 20;

/** The element stands at the page's corner, whatever the page does to its text. */
const PLACE = `position: absolute; left: 0; top: 0; height: 420px; margin: 0`;
const post = (width: number) =>
  `<div class="place"><slow-fire src="${SHOWN}"  style="${PLACE}; width: ${width}px"></slow-fire></div>`;

for (let draw = 1; draw <= DRAWS; draw += 1) {
  const random = numbers(draw);
  const width = Math.round(NARROWEST + ((WIDEST - NARROWEST) * (draw - 1)) / (DRAWS - 1));

  test(`a figure ${width} px wide looks the same in hostile page ${draw}`, async ({ page }) => {
    await page.setViewportSize({ width: WIDEST, height: 500 });
    await openPost(page, { body: post(width), root: 'lang="en"' });
    const figure = page.locator('slow-fire');
    await isShown(figure);
    const [tameBoxes, tame] = [await boxesIn(figure), await figure.screenshot()];
    const properties = await inherited(page);
    expect(properties.length).toBeGreaterThan(80);
    const style = `${drawn(properties, random)}; ${(await ownNames()).map((name) => `${name}: 13px`).join('; ')}`;
    await openPost(page, {
      body: post(width),
      root: 'dir="rtl" lang="tr"',
      head: `<style>html { font-size: 62.5%; ${style} } body, .place, slow-fire { ${style} } * { ${style} }</style>`,
    });
    await isShown(figure);
    expect(await boxesIn(figure), style).toEqual(tameBoxes);
    expect(await alike(page, await figure.screenshot(), tame), style).toBe(true);
  });
}

test('a figure follows its own width, not the window’s', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openPost(page, { body: post(320) });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  const wide = await boxesIn(figure);
  await page.setViewportSize({ width: 320, height: 800 });
  await expect.poll(() => boxesIn(figure)).toEqual(wide);
});

for (const width of [240, 320, 479, 480, 640, 1000, 1600]) {
  test(`at ${width} px nothing sticks out`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    await openPost(page, {
      head: '<style>body { margin: 0 } slow-fire { width: 100% }</style>',
      body: `<slow-fire src="${SHOWN}" ></slow-fire>`,
    });
    await isShown(page.locator('slow-fire'));
    const root = page.locator('html');
    expect(await root.evaluate(({ scrollWidth }) => scrollWidth)).toBe(width);
    expect(await root.evaluate(({ scrollHeight }) => scrollHeight)).toBe(700);
  });
}

test('no landmark or heading of a figure is among its page’s', async ({ page }) => {
  await openPost(page, {
    body: `<main><h1>Post</h1></main>${post(640).repeat(2)}`,
  });
  await isShown(page.locator('slow-fire').first());
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('region')).toHaveCount(0);
  await expect(page.getByRole('heading')).toHaveCount(1);
});

test('what a figure’s parts tell each other does not reach its page', async ({ page }) => {
  await page.addInitScript(() => {
    const heard = new Set<string>();
    const dispatch = Reflect.get(EventTarget.prototype, 'dispatchEvent');
    const hear = (event: Event) => {
      const [from] = event.composedPath();
      heard.add(`${event.type} of ${from instanceof Element ? from.localName : 'the page'}`);
    };
    EventTarget.prototype.dispatchEvent = function (event) {
      window.addEventListener(event.type, hear, { once: true, capture: true });
      return dispatch.call(this, event);
    };
    Object.assign(globalThis, { heard });
  });
  await openPost(page, { body: post(640) });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  await figure.getByRole('button', { name: 'Play', exact: true }).click();
  await figure.getByRole('button', { name: 'Pause', exact: true }).click();
  await figure.getByRole('switch').first().click();
  await figure.getByRole('slider', { name: 'Time' }).press('Home');
  const heard = await page.evaluate(() => [...(globalThis as unknown as { heard: Set<string> }).heard]);
  const told = ['ready', 'violation', 'timechange', 'error'].map((type) => `${type} of slow-fire`);
  expect(heard.filter((one) => !one.startsWith('load of ') && !told.includes(one))).toEqual([]);
});

test('a figure takes no key, wheel or focus of its page', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 500 });
  await openPost(page, {
    head: '<style>body { margin: 0; height: 3000px }</style>',
    body: `<slow-fire src="${SHOWN}" ></slow-fire>`,
  });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
  const digest = await embedDigest(figure.locator('sf-embed'));
  await page.mouse.move(300, 100);
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(200);
  await page.keyboard.press('Space');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(400);
  expect(await embedDigest(figure.locator('sf-embed'))).toBe(digest);
  // A page's own shortcut for help works wherever the focus is.
  const isTaken = await figure
    .getByRole('switch')
    .first()
    .evaluate((element) => {
      const press = { key: '?', bubbles: true, composed: true, cancelable: true };
      return !element.dispatchEvent(new KeyboardEvent('keydown', press));
    });
  expect(isTaken).toBe(false);
});

test('a theme that changes changes the picture too', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openPost(page, { body: post(640) });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  const light = await figure.screenshot();
  await openPost(page, { body: post(640).replace('<slow-fire', '<slow-fire theme="dark"') });
  await isShown(figure);
  const dark = await figure.screenshot();
  expect(await alike(page, dark, light)).toBe(false);
  await figure.evaluate((element) => element.setAttribute('theme', 'light'));
  await expect.poll(async () => alike(page, await figure.screenshot(), light)).toBe(true);
  await figure.evaluate((element) => element.setAttribute('theme', 'dark'));
  await expect.poll(async () => alike(page, await figure.screenshot(), dark)).toBe(true);
});

test('a figure that is put back with another width looks as if it had always been there', async ({
  page,
}) => {
  await openPost(page, { body: post(320) });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  const narrow = await figure.screenshot();
  await openPost(page, { body: post(700) });
  await isShown(figure);
  await figure.evaluate(async (element) => {
    const parent = element.parentElement;
    element.remove();
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    if (element instanceof HTMLElement) element.style.width = '320px';
    parent?.append(element);
  });
  await expect.poll(async () => alike(page, await figure.screenshot(), narrow)).toBe(true);
});

test('unbroken words of 200 letters make a figure no wider', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 600 });
  const word = 'w'.repeat(200);
  await openPost(page, {
    head: '<style>body { margin: 0 }</style>',
    body: `<slow-fire src="#/double-charge?seed=11&t=6s&${word}=1&do=${word}"></slow-fire>`,
  });
  const figure = page.locator('slow-fire');
  await isShown(figure);
  await figure.evaluate((element) => {
    const embed = element.shadowRoot?.querySelector('sf-embed');
    const session = embed?.session;
    if (!session) throw new Error('no run');
    for (const defence of session.about.defences) defence.label = 'w'.repeat(200);
    for (const verdict of session.state.verdicts) verdict.sentence = 'w'.repeat(200);
    embed.requestUpdate();
    for (const part of embed.renderRoot.querySelectorAll<LitElement>('*'))
      if ('requestUpdate' in part) part.requestUpdate();
  });
  await expect(figure.getByRole('alert')).toContainText('www');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const boxes = await boxesIn(figure);
  const widest = Math.max(...boxes.map((box) => Number(box.split(' ')[3])));
  expect(widest).toBeLessThanOrEqual(320);
});
