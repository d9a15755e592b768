/** How wide a figure is, and when it counts as seen, as the page around it is laid out. */
import type { Locator } from '@playwright/test';
import { expect, test } from '../lab.ts';
import { isShown, openPost, SHOWN } from './host.ts';

const figure = 'lab="double-charge" rev="2" seed="11"';

const widthOf = (of: Locator) => of.evaluate(({ offsetWidth }: HTMLElement) => offsetWidth);

for (const [layout, around, own, width] of [
  ['a centred row', 'display: flex; justify-content: center', '', 640],
  ['a centred column', 'display: flex; flex-direction: column; align-items: center', '', 640],
  ['a centred column of a phone', 'width: 300px; display: grid; justify-items: center', '', 300],
  ['an inline row', 'display: inline-flex', '', 640],
  ['a box as narrow as its words', 'width: min-content', '', 240],
  ['a box as wide as its words', 'width: max-content', '', 640],
  ['a cell of a table', 'display: table-cell', '', 640],
  ['a line of text', '', 'display: inline-block', 640],
  ['a line of narrow text', 'width: 300px', 'display: inline-block', 300],
  ['the margin', '', 'float: left', 640],
  ['a place of its own', 'position: relative', 'position: absolute', 640],
  ['vertical text', 'width: 320px; writing-mode: vertical-rl', '', 320],
] as const) {
  test(`a figure in ${layout} has a width, asleep and awake`, async ({ page }) => {
    await openPost(page, {
      body: `<div style="${around}"><slow-fire ${figure} reveal="interaction" style="${own}"></slow-fire></div>`,
    });
    const shown = page.locator('slow-fire');
    await expect(shown.locator('img')).toBeAttached();
    expect(await widthOf(shown)).toBe(width);
    await shown.evaluate((element: HTMLElementTagNameMap['slow-fire']) => element.play());
    await isShown(shown);
    expect(await widthOf(shown)).toBe(width);
    expect(await shown.evaluate(({ offsetHeight }: HTMLElement) => offsetHeight)).toBe(416);
  });
}

for (const [layout, around, own, width] of [
  ['a block', 'width: 700px', '', 700],
  ['a narrow block', 'width: 250px', '', 250],
  ['a column of a grid', 'width: 750px; display: grid; grid-template-columns: 1fr 1fr 1fr', '', 250],
  ['a row that it fills', 'width: 700px; display: flex', 'flex: 1', 700],
  ['a block, as a row', 'width: 700px', 'display: flex', 700],
  ['a block, as a grid', 'width: 700px', 'display: grid', 700],
  ['a row that is too short for it', 'width: 300px; display: flex', 'width: 600px', 300],
] as const) {
  test(`a figure in ${layout} is as wide as that says`, async ({ page }) => {
    await openPost(page, {
      body: `<div style="${around}"><slow-fire ${figure} reveal="interaction" style="${own}"></slow-fire></div>`,
    });
    const shown = page.locator('slow-fire');
    expect(await widthOf(shown)).toBe(width);
    // Its inside is as large as the figure.
    const picture = shown.getByRole('button');
    expect(
      await picture.evaluate(({ offsetWidth, offsetHeight }: HTMLElement) => [offsetWidth, offsetHeight]),
    ).toEqual([width, 416]);
  });
}

test('a figure is as high as its text needs, whatever size the page’s root has', async ({ page }) => {
  await openPost(page, {
    head: '<style>html { font-size: 40px } * { font-size: 30px }</style>',
    body: `<slow-fire src="${SHOWN}"></slow-fire>`,
  });
  expect(await page.locator('slow-fire').evaluate(({ offsetHeight }: HTMLElement) => offsetHeight)).toBe(
    416,
  );
});

test('what a narrow figure says above its picture does not lie on it', async ({ page }) => {
  await openPost(page, {
    body: `<slow-fire src="#/raft?off=up-to-date-vote" style="width: 320px"></slow-fire>`,
  });
  const shown = page.locator('slow-fire');
  await isShown(shown);
  const boxes = await Promise.all(
    ['.modified', '.note', '.stages'].map((part) => shown.locator(part).boundingBox()),
  );
  expect(boxes).not.toContain(null);
  for (const [place, box] of boxes.slice(0, -1).entries())
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((boxes[place + 1]?.y ?? 0) + 1);
});

test('slides of a deck that lie on each other: only the one that shows is awake and plays', async ({
  page,
}) => {
  const slide = (opacity: number) =>
    `<section style="position: absolute; inset: 0; opacity: ${opacity}"><slow-fire ${figure} autoplay></slow-fire></section>`;
  await openPost(page, { body: slide(1) + slide(0) });
  const [first, second] = [page.locator('slow-fire').first(), page.locator('slow-fire').last()];
  const timeOf = (of: Locator) =>
    of.evaluate((element: HTMLElementTagNameMap['slow-fire']) => element.timeMs);
  await isShown(first);
  await expect.poll(() => timeOf(first)).toBeGreaterThan(500);
  await expect(second.locator('sf-embed')).toHaveCount(0);
  await page.locator('section').evaluateAll(([one, other]) => {
    if (one instanceof HTMLElement) one.style.opacity = '0';
    if (other instanceof HTMLElement) other.style.opacity = '1';
  });
  await expect.poll(() => timeOf(second)).toBeGreaterThan(500);
  const left = await timeOf(first);
  const now = await timeOf(second);
  await expect.poll(() => timeOf(second)).toBeGreaterThan(now + 300);
  expect(await timeOf(first)).toBe(left);
});
