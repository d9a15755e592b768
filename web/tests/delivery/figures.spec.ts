// What an element costs the page of somebody else: nothing while it is out of sight, and nothing once it is gone.
import type { Locator, Page } from '@playwright/test';
import {
  breakNext,
  memoryMiB,
  modules,
  modulesKept,
  runsKept,
  standAtBorder,
  takeMemory,
} from '../border.ts';
import { expect, test } from '../lab.ts';

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--js-flags=--expose-gc'] });
  },
});

interface Figure extends HTMLElement {
  session?: {
    timeMs: number;
    playing: boolean;
    digest(): string;
    notices: { revision: string[] };
    travel: { step(): void };
  };
}

/** Puts so many playing figures below the sight of the example's page. */
async function addFigures(page: Page, count: number): Promise<void> {
  await page.goto('examples/element.html');
  await placeFigures(page, count);
}

async function placeFigures(page: Page, count: number): Promise<void> {
  await page.evaluate((many) => {
    document.querySelector('slow-fire')?.remove();
    const room = document.createElement('div');
    room.style.height = '300vh';
    document.body.append(room);
    for (let number = 0; number < many; number += 1) {
      const figure = document.createElement('slow-fire');
      figure.setAttribute('lab', 'double-charge');
      figure.setAttribute('autoplay', '');
      figure.setAttribute('loading', 'eager');
      document.body.append(figure);
    }
  }, count);
}

const times = (page: Page) =>
  page
    .locator('slow-fire')
    .evaluateAll((figures: Figure[]) => figures.map((figure) => figure.session?.timeMs ?? -1));

test('twenty playing figures out of sight stand still, and play on in sight', async ({ page }) => {
  await addFigures(page, 20);
  await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
  const before = await times(page);
  // So many frames that a run in sight would have gone on in them.
  await page.evaluate(async () => {
    for (let frames = 0; frames < 30; frames += 1) await new Promise(requestAnimationFrame);
  });
  expect(await times(page)).toEqual(before);
  await page.locator('slow-fire').first().scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? 0).toBeGreaterThan((before[0] ?? 0) + 100);
  expect((await times(page)).at(-1)).toBe(before.at(-1));
});

test('a figure that is taken out of its page leaves nothing behind', async ({ page }) => {
  await addFigures(page, 8);
  await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
  await page.evaluate(() => {
    const gone: string[] = [];
    Object.assign(window, { gone });
    const registry = new FinalizationRegistry<string>((what) => gone.push(what));
    Object.assign(window, { registry });
    const figures = [...document.querySelectorAll<Figure>('slow-fire')];
    for (const figure of figures) {
      if (figure.session) registry.register(figure.session, 'session');
      registry.register(figure, 'figure');
    }
    // What is held by a single thread must show: this one is, and its session with it.
    Object.assign(window, { kept: [figures.at(-1), figures.at(-1)?.session] });
    for (const figure of figures) figure.remove();
  });
  const gone = () =>
    page.evaluate(() => {
      (globalThis as unknown as { gc(): void }).gc();
      return (window as unknown as { gone: string[] }).gone.toSorted();
    });
  const figures = (count: number) => Array<string>(count).fill('figure');
  const sessions = (count: number) => Array<string>(count).fill('session');
  await expect.poll(gone).toEqual([...figures(7), ...sessions(7)]);
  await page.evaluate(() => Object.assign(window, { kept: undefined }));
  await expect.poll(gone).toEqual([...figures(8), ...sessions(8)]);
});

test('the run of a figure that is taken out of its page is given back at once, whoever keeps the figure', async ({
  page,
}) => {
  await standAtBorder(page);
  await addFigures(page, 8);
  await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
  expect(await runsKept(page)).toBe(8);
  await page.evaluate(() => {
    const figures = [...document.querySelectorAll<Figure>('slow-fire')];
    Object.assign(window, { kept: figures.map((figure) => [figure, figure.session]) });
    for (const figure of figures) figure.remove();
  });
  await expect.poll(() => runsKept(page)).toBe(0);
});

test('a simulator that broke is given back with all its memory', async ({ page }) => {
  await standAtBorder(page);
  await addFigures(page, 2);
  await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
  await breakNext(page, 'run_step');
  await page
    .locator('slow-fire')
    .first()
    .evaluate((figure: Figure) => figure.session?.travel.step());
  expect(await modules(page)).toBe(2);
  await expect.poll(() => modulesKept(page)).toBe(1);
});

test('figures that come and go leave no node behind', async ({ page }) => {
  await page.goto('examples/element.html');
  const comeAndGo = async () => {
    await placeFigures(page, 8);
    await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
    await page.evaluate(() => {
      for (const figure of document.querySelectorAll('slow-fire')) figure.remove();
    });
  };
  await comeAndGo();
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const nodes = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'Nodes')?.value ?? 0;
  };
  // The last ones of the round before may not be collected yet: a figure has more than 400.
  await expect.poll(nodes).toBeLessThan(1500);
  const before = await nodes();
  for (let round = 0; round < 3; round += 1) await comeAndGo();
  await expect.poll(nodes).toBeLessThan(before + 200);
});

test('a figure that was taken out and is put back shows its run again', async ({ page }) => {
  await addFigures(page, 1);
  const figure = page.locator('slow-fire');
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? 0).toBeGreaterThan(200);
  const time = await figure.evaluate(async (one: Figure) => {
    const before = one.session?.timeMs ?? 0;
    one.remove();
    for (let turns = 0; turns < 3; turns += 1) await new Promise((done) => setTimeout(done));
    const isEnded = one.session === undefined;
    document.body.append(one);
    return isEnded ? before : -1;
  });
  expect(time).toBeGreaterThan(0);
  await expect.poll(async () => (await times(page))[0] ?? 0).toBeGreaterThanOrEqual(Math.floor(time));
});

test('a figure that is taken out while it wakes, and put back a moment later, has one run', async ({
  page,
}) => {
  await page.goto('examples/element.html');
  const ready = await page.evaluate(async () => {
    document.querySelector('slow-fire')?.remove();
    const pause = () => new Promise((done) => setTimeout(done, 5));
    const figure = document.createElement('slow-fire');
    let told = 0;
    figure.addEventListener('ready', () => (told += 1));
    figure.setAttribute('lab', 'double-charge');
    figure.setAttribute('loading', 'eager');
    for (let times = 0; times < 3; times += 1) {
      document.body.append(figure);
      figure.remove();
      await pause();
    }
    document.body.append(figure);
    while (!(figure as Figure).session) await pause();
    for (let turns = 0; turns < 20; turns += 1) await pause();
    return told;
  });
  expect(ready).toBe(1);
});

test('what was said of a figure’s link is said again when the figure is put back', async ({ page }) => {
  await addFigures(page, 1);
  const figure = page.locator('slow-fire');
  const said = () => figure.evaluate((one: Figure) => one.session?.notices.revision ?? []);
  await figure.evaluate((one) => one.setAttribute('src', '#/double-charge?seed=7&t=2s'));
  await expect.poll(said).not.toEqual([]);
  const before = await said();
  await figure.evaluate(async (one: Figure) => {
    one.remove();
    while (one.session) await new Promise((done) => setTimeout(done));
    document.body.append(one);
  });
  await expect.poll(said).toEqual(before);
});

/** What a module may have taken before figures that nobody sees give their runs back. */
const HEAVY_MIB = 128;

test('heavy figures that come and go leave a light module behind', async ({ page }) => {
  await standAtBorder(page);
  await addFigures(page, 2);
  await expect.poll(async () => (await times(page)).every((time) => time >= 0)).toBe(true);
  await takeMemory(page, HEAVY_MIB);
  await page.evaluate(() => {
    for (const figure of document.querySelectorAll('slow-fire')) figure.remove();
  });
  await expect.poll(() => memoryMiB(page)).toBeLessThan(HEAVY_MIB / 4);
  await expect.poll(() => modulesKept(page)).toBe(1);
  await placeFigures(page, 1);
  await expect.poll(async () => (await times(page))[0] ?? -1).toBeGreaterThanOrEqual(0);
  expect(await modules(page)).toBe(2);
});

test('figures out of sight give their runs back where all together are heavy, and have them again in sight', async ({
  page,
}) => {
  await standAtBorder(page);
  await addFigures(page, 3);
  const figure = page.locator('slow-fire').last();
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page)).at(-1) ?? 0).toBeGreaterThan(300);
  await figure.evaluate((one: HTMLElement & { pause(): void }) => one.pause());
  const digest = () => figure.evaluate((one: Figure) => one.session?.digest());
  const [before, time] = [await digest(), (await times(page)).at(-1)];
  await takeMemory(page, HEAVY_MIB);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => runsKept(page)).toBe(0);
  expect(await modules(page)).toBe(2);
  expect(await memoryMiB(page)).toBeLessThan(HEAVY_MIB / 4);
  // Who asks where it is need not have it built.
  expect((await times(page)).at(-1)).toBe(time);
  expect(await runsKept(page)).toBe(0);
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(() => runsKept(page)).toBeGreaterThan(0);
  // It may still be on its way back.
  await expect.poll(digest).toBe(before);
  expect((await times(page)).at(-1)).toBe(time);
});

/** What the stage of a figure shows. */
const pictureOf = (figure: Locator) =>
  figure.locator('sf-stage canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

test('a run that was given back stays so whatever its page does to the figure, and shows its moment in sight', async ({
  page,
}) => {
  await standAtBorder(page);
  await addFigures(page, 1);
  const figure = page.locator('slow-fire');
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? -1).toBeGreaterThanOrEqual(0);
  await figure.evaluate((one: HTMLElement & { pause(): void; seek(moment: string): Promise<void> }) => {
    one.pause();
    return one.seek('30s');
  });
  await expect.poll(() => times(page)).toEqual([30_000]);
  const before = await pictureOf(figure);
  await page.evaluate(() => {
    Object.assign(window, { told: [] });
    const tell = ({ detail }: Event & { detail?: unknown }) =>
      (window as unknown as { told: unknown[] }).told.push(detail);
    for (const kind of ['timechange', 'violation'])
      document.querySelector('slow-fire')?.addEventListener(kind as 'timechange', tell);
  });
  await takeMemory(page, HEAVY_MIB);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => runsKept(page)).toBe(0);
  for (const [width, colorScheme] of [
    [900, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(async () => {
      for (let frames = 0; frames < 5; frames += 1) await new Promise(requestAnimationFrame);
    });
    expect(await runsKept(page)).toBe(0);
    expect(await times(page)).toEqual([30_000]);
  }
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(() => runsKept(page)).toBe(1);
  await expect.poll(() => pictureOf(figure)).toBe(before);
  expect(await page.evaluate(() => (window as unknown as { told: unknown[] }).told)).toEqual([]);
});

test('a figure that rests at what was told does so when it has its run again', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await standAtBorder(page);
  await addFigures(page, 1);
  const figure = page.locator('slow-fire');
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? -1).toBeGreaterThanOrEqual(0);
  await figure.evaluate((one: HTMLElementTagNameMap['slow-fire']) => one.session?.telling.tell(1));
  const rests = () =>
    figure.evaluate((one: HTMLElementTagNameMap['slow-fire']) => [
      one.session?.player.rests,
      one.session?.telling.place,
      // The link that brings it back names a whole millisecond if nothing happens before that.
      Math.ceil(one.timeMs),
    ]);
  await expect.poll(async () => (await rests()).slice(0, 2)).toEqual(['goal', 1]);
  const before = await rests();
  await takeMemory(page, HEAVY_MIB);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => runsKept(page)).toBe(0);
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(() => runsKept(page)).toBe(1);
  await expect.poll(rests).toEqual(before);
});

test('a figure that plays when it gives its run back plays on from there', async ({ page }) => {
  await standAtBorder(page);
  await addFigures(page, 1);
  const figure = page.locator('slow-fire');
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? 0).toBeGreaterThan(300);
  await takeMemory(page, HEAVY_MIB);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => runsKept(page)).toBe(0);
  const [time] = await times(page);
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await times(page))[0] ?? 0).toBeGreaterThan((time ?? 0) + 100);
  expect(await figure.evaluate((one: Figure) => one.session?.playing)).toBe(true);
});
