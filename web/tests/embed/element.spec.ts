/** `<slow-fire>`: its attributes, its properties and methods, and what its page hears of it. */
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import { breakNext, standAtBorder } from '../border.ts';
import { embedDigest, expect, inkShare, test } from '../lab.ts';
import { isShown, openPost, SHOWN } from './host.ts';

/** Opens a page with a figure, and keeps what it tells. */
async function openFigure(
  page: Page,
  attributes: string,
  inside = '',
  path?: string,
  until = 'ready',
): Promise<void> {
  await page.addInitScript(() => {
    const told: [string, unknown][] = [];
    Object.assign(globalThis, { told });
    for (const kind of ['ready', 'violation', 'timechange', 'error']) {
      const keep = (event: Event) => {
        if (event instanceof CustomEvent) told.push([kind, event.detail]);
      };
      window.addEventListener(kind, keep, { capture: true });
    }
  });
  const body = `<slow-fire ${attributes} loading="eager">${inside}</slow-fire>`;
  await openPost(page, { body, ...(path === undefined ? {} : { path }) });
  await expect.poll(async () => (await told(page, until)).length).toBeGreaterThan(0);
}

/** The details of all events of a kind. */
function told(page: Page, kind: string): Promise<Record<string, unknown>[]> {
  return page.evaluate((wanted) => {
    const { told } = globalThis as unknown as { told: [string, Record<string, unknown>][] };
    return told.filter(([each]) => each === wanted).map(([, detail]) => detail);
  }, kind);
}

const linkOf = (page: Page) =>
  page.locator('slow-fire').evaluate((element: HTMLElementTagNameMap['slow-fire']) => element.link());

test('lab, seed, on, off and t name a run', async ({ page }) => {
  await openFigure(
    page,
    'lab="double-charge" seed="11" on="idempotency-key, key-survives-restart" off="retry" t="6s"',
  );
  const link = await linkOf(page);
  expect(link).toContain('index.html#/double-charge?'.replace('index.html', ''));
  for (const part of ['seed=11', 'on=idempotency-key', 'off=retry', 't=6s']) expect(link).toContain(part);
  expect(await told(page, 'error')).toEqual([]);
});

test('ready tells the address on the full page, wherever the page around is', async ({ page, baseURL }) => {
  await openFigure(page, 'lab="double-charge" rev="2" seed="11"', '', 'blog/post.html');
  const [ready] = await told(page, 'ready');
  expect(ready?.link).toMatch(`${baseURL ?? ''}#/double-charge`);
  expect(ready?.link).toBe(await linkOf(page));
});

test('src takes a whole address, and t, view and speed come on top', async ({ page }) => {
  await openFigure(
    page,
    'src="https://example.org/slowfire/#/double-charge?rev=2&seed=9&t=2s" t="1500ms" view="both" speed="2"',
  );
  const figure = page.locator('slow-fire');
  expect(await linkOf(page)).toMatch(/seed=9.*t=1.5s/);
  await expect(figure.locator('canvas')).toHaveCount(2);
  await expect.poll(() => inkShare(figure.locator('canvas').nth(1))).toBeGreaterThan(0.001);
  expect(
    await figure.evaluate((each: HTMLElementTagNameMap['slow-fire']) => each.session?.player.speed),
  ).toBe(2);
});

test('a scenario that stands in the element is its run', async ({ page }) => {
  const nodes = [
    { name: 'carol', role: 'client' },
    { name: 'till', role: 'bank' },
  ];
  const scenario = { protocol: 'payments', duration: '5s', nodes };
  await openFigure(page, 't="1s"', `<script type="application/json">${JSON.stringify(scenario)}</script>`);
  const named = await page
    .locator('slow-fire')
    .evaluate((figure: HTMLElementTagNameMap['slow-fire']) =>
      figure.session?.about.nodes.map(({ id }) => id),
    );
  expect(named).toEqual(['carol', 'till']);
  expect(await told(page, 'error')).toEqual([]);
});

test('a moment is taken as a link takes it', async ({ page }) => {
  for (const [moment, ms] of [
    ['.5s', 500],
    ['1e3ms', 1000],
    ['2.s', 2000],
    ['1500000us', 1500],
  ] as const) {
    await openFigure(page, `lab="double-charge" seed="11" t="${moment}"`);
    const figure = page.locator('slow-fire');
    await expect
      .poll(() => figure.evaluate((each: HTMLElementTagNameMap['slow-fire']) => each.timeMs))
      .toBe(ms);
    await page.goto(`index.html#/double-charge?seed=11&t=${moment}`);
    await expect
      .poll(() =>
        page.locator('sf-app').evaluate((app: HTMLElementTagNameMap['sf-app']) => app.session?.timeMs),
      )
      .toBe(ms);
  }
});

/** Opens a page with a figure that names no run, and waits until it says so. */
async function openUnread(page: Page, attributes: string, inside: string, says: string): Promise<void> {
  await openFigure(page, attributes, inside, undefined, 'error');
  expect(JSON.stringify(await told(page, 'error'))).toContain(says);
  await expect(page.locator('sf-embed')).toContainText(says);
  // Another run would look like the author's.
  await expect(page.locator('sf-embed canvas')).toHaveCount(0);
}

const script = (text: string) => `<script type="application/json">${text}</script>`;

test('a scenario that is wrong is told by field', async ({ page }) => {
  const scenario = { protocol: 'payments', nodes: [{ name: 'x' }] };
  await openUnread(page, '', script(JSON.stringify(scenario)), 'nodes');
});

test('a scenario as long as one may be is shown, and of a longer one the figure says so', async ({
  page,
}) => {
  const nodes = [
    { name: 'carol', role: 'client' },
    { name: 'till', role: 'bank' },
  ];
  const scenario = JSON.stringify({ protocol: 'payments', duration: '5s', nodes });
  await openFigure(page, 't="1s"', script(scenario.padEnd(65_536)));
  await isShown(page.locator('slow-fire'));
  await openUnread(page, '', script(scenario.padEnd(65_537)), 'more than 65536 bytes');
  await openUnread(page, '', script(scenario.padEnd(200_000)), 'more than 65536 bytes');
});

test('a scenario into which Markdown has put markup says what to mend', async ({ page }) => {
  const split = '{ "protocol": "payments",\n<p>&quot;nodes&quot;: [] }</p>';
  await openUnread(page, '', script(split), 'leave no blank line');
});

test('a figure that names no run shows the one that its attributes name then, and keeps that', async ({
  page,
}) => {
  await openUnread(page, 'lab="double-chrage"', '', 'double-charge');
  const figure = page.locator('slow-fire');
  const name = (lab: string) => figure.evaluate((element, id) => element.setAttribute('lab', id), lab);
  await name('double-charge');
  await isShown(figure);
  await name('no-such-lab');
  await expect(figure.getByRole('alert')).toContainText('no-such-lab');
  await expect(figure.locator('sf-embed canvas')).not.toHaveCount(0);
});

/** Holds back what only Raft needs, until the answer is called. */
async function holdRaft(page: Page): Promise<() => void> {
  let release = () => {
    // Set below, before anything asks for it.
  };
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/lab-raft-*.wasm', async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}

test('a link that is refused takes the place of one on its way, and what changes with it counts', async ({
  page,
}) => {
  const release = await holdRaft(page);
  await openFigure(page, 'src="#/double-charge?rev=2&seed=11"');
  const figure = page.locator('slow-fire');
  const asked = page.waitForRequest('**/lab-raft-*.wasm');
  await figure.evaluate((element) => {
    element.setAttribute('src', '#/raft');
    element.setAttribute('controls', 'play');
  });
  await asked;
  await figure.evaluate((element) => {
    element.setAttribute('src', '#/no-such-lab');
    element.setAttribute('speed', '2');
  });
  await expect(figure.getByRole('alert')).toContainText('no-such-lab');
  const shown = () =>
    figure.evaluate(({ session, controls }: HTMLElementTagNameMap['slow-fire']) => [
      session?.isLoading,
      session?.player.speed,
      controls,
      session?.about.lab.id,
    ]);
  expect(await shown()).toEqual([false, 2, 'play', 'double-charge']);
  await expect(figure.getByRole('switch')).toHaveCount(0);
  const answered = page.waitForResponse('**/lab-raft-*.wasm');
  release();
  await (await answered).finished();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  expect(await shown()).toEqual([false, 2, 'play', 'double-charge']);
  expect(await told(page, 'error')).toHaveLength(1);
});

test('a figure whose first link is on its way shows none of it once another one is refused', async ({
  page,
}) => {
  const release = await holdRaft(page);
  await openFigure(page, 'lab="double-chrage"', '', undefined, 'error');
  const figure = page.locator('slow-fire');
  await expect(figure).toContainText('double-chrage');
  const asked = page.waitForRequest('**/lab-raft-*.wasm');
  await figure.evaluate((element) => element.setAttribute('lab', 'raft'));
  await asked;
  await figure.evaluate((element) => element.setAttribute('lab', 'no-such-lab'));
  await expect(figure).toContainText('no-such-lab');
  const answered = page.waitForResponse('**/lab-raft-*.wasm');
  release();
  await (await answered).finished();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await expect(figure.locator('canvas')).toHaveCount(0);
  await figure.evaluate((element) => element.setAttribute('lab', 'raft'));
  await isShown(figure);
});

test('an attribute that changes while its figure wakes counts', async ({ page }) => {
  const release = await holdRaft(page);
  const asked = page.waitForRequest('**/lab-raft-*.wasm');
  await openPost(page, { body: '<slow-fire lab="raft" loading="eager"></slow-fire>' });
  await asked;
  await page.locator('slow-fire').evaluate((element) => element.setAttribute('lab', 'double-charge'));
  release();
  await expect.poll(() => linkOf(page)).toContain('#/double-charge');
});

test.describe('a figure of whose version something is gone', () => {
  test.use({ provoked: /Failed to load resource/ });

  for (const script of ['guest', 'figure', 'sf-embed']) {
    test(`says so if that is ${script}`, async ({ page }) => {
      const answer = { status: 404, contentType: 'text/plain', body: 'gone' };
      await page.route(`**/assets/${script}-*.js`, (route) => route.fulfill(answer));
      await openFigure(page, 'lab="double-charge"', '', undefined, 'error');
      const [{ message } = {}] = await told(page, 'error');
      expect(message).toContain('could not be loaded');
      if (script === 'sf-embed')
        await expect(page.locator('slow-fire')).toContainText('could not be loaded');
    });
  }

  test('leads to the full page, and does not load its page again', async ({ page, baseURL }) => {
    await openFigure(page, 'lab="double-charge"');
    await page.route('**/lab-raft-*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }));
    const figure = page.locator('slow-fire');
    await figure.evaluate((element) => element.setAttribute('src', '#/raft?seed=3'));
    const alert = figure.getByRole('alert');
    await expect(alert).toContainText('A newer version of Slowfire has been published');
    await expect(alert.getByRole('button')).toHaveCount(0);
    await expect(alert.getByRole('link')).toHaveAttribute('href', `${baseURL ?? ''}#/raft?seed=3`);
  });
});

test('a simulator that breaks over a link is told, and the run stays', async ({ page }) => {
  await standAtBorder(page);
  await openFigure(page, 'src="#/double-charge?rev=2&seed=11&t=2s"');
  await breakNext(page, 'unread');
  const figure = page.locator('slow-fire');
  await figure.evaluate((element) => element.setAttribute('src', '#/raft'));
  await expect(figure.getByRole('alert')).toContainText('broke while it opened');
  expect(await linkOf(page)).toMatch(/double-charge.*t=2s/);
});

for (const [attribute, value, range] of [
  ['speed', '11', 'a number from 0.05 to 10'],
  ['speed', 'fast', 'a number from 0.05 to 10'],
  ['t', '6', 'a moment'],
  ['t', '6 s', 'a moment'],
  ['t', '1e999s', 'a moment'],
  ['t', '61min', 'a moment'],
  ['t', '6constructor', 'a moment'],
  ['seed', '-1', 'a whole number from 0 to 4294967295'],
  ['view', 'worlds', 'one of world, spacetime, history, logs, both, with-logs'],
  ['controls', 'some', 'one of full, play, none'],
  ['theme', 'blue', 'one of light, dark'],
  ['loading', 'lazily', 'one of lazy, eager'],
  ['reveal', 'never', 'one of visible, interaction'],
] as const) {
  test(`${attribute}="${value}" is an error that says what it may be`, async ({ page }) => {
    await openFigure(page, `lab="double-charge" ${attribute}="${value}"`);
    const [error] = await told(page, 'error');
    expect(error).toMatchObject({ attribute, value });
    expect(error?.message).toBe(
      `${attribute} is “${value}”; it must be ${range}${range === 'a moment' ? ' from 0s to 3600s, such as 6s or 250ms' : ''}.`,
    );
    await expect(page.locator('slow-fire').getByRole('alert')).toContainText(range);
  });
}

test('what has nothing to say beside a src is an error', async ({ page }) => {
  await openFigure(page, `src="${SHOWN}" seed="3"`);
  expect((await told(page, 'error'))[0]).toMatchObject({ attribute: 'seed', value: '3' });
});

test('lang is taken, and a language without a table is English, without an error', async ({ page }) => {
  await openFigure(page, 'lab="double-charge" rev="2" t="2s" lang="de-CH"');
  const figure = page.locator('slow-fire');
  await expect(figure.locator('div[dir]')).toHaveAttribute('lang', 'en');
  await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const link = await linkOf(page);
  await figure.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => linkOf(page)).not.toBe(link);
  const stepped = await linkOf(page);
  await figure.evaluate((element: HTMLElement) => {
    element.lang = 'en-GB';
  });
  // The run stays as the reader has it.
  expect(await linkOf(page)).toBe(stepped);
  await expect(figure.locator('div[dir]')).toHaveAttribute('lang', 'en');
  expect(await told(page, 'error')).toEqual([]);
  await page.goto(`embed.html?lang=fr${SHOWN}`);
  await expect(page.locator('sf-embed').getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('attributes that change take effect, and leave the rest as the reader has it', async ({ page }) => {
  await openFigure(page, 'lab="double-charge" seed="11" t="2s"');
  const figure = page.locator('slow-fire');
  const set = (name: string, value: string | null) =>
    figure.evaluate(
      (element, [key, text]) =>
        text === null ? element.removeAttribute(key) : element.setAttribute(key, text),
      [name, value] as const,
    );
  await set('t', '4s');
  await expect.poll(() => linkOf(page)).toContain('t=4s');
  await set('seed', '9');
  await expect.poll(() => linkOf(page)).toMatch(/seed=9.*t=4s/);
  await set('on', 'idempotency-key');
  await expect(figure.getByRole('switch', { name: 'Idempotency key' })).toBeChecked();
  await figure.getByRole('switch', { name: 'Keys on disk' }).click();
  await set('view', 'spacetime');
  await expect(figure.locator('canvas')).toHaveAccessibleName(/space/i);
  await expect(figure.getByRole('switch', { name: 'Keys on disk' })).toBeChecked();
  await set('readonly', '');
  await expect(figure.getByRole('switch')).toHaveCount(0);
  await set('controls', 'none');
  await expect(figure.getByRole('button')).toHaveCount(0);
  await set('controls', 'play');
  await expect(figure.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await set('src', '#/two-clocks');
  await expect.poll(() => linkOf(page)).toContain('#/two-clocks');
});

test('its methods play, pause, seek and reset, and its page hears of it', async ({ page }) => {
  await openFigure(page, 'lab="double-charge" seed="11"');
  const figure = page.locator('slow-fire');
  await figure.evaluate((element: HTMLElementTagNameMap['slow-fire']) => element.play());
  await expect.poll(async () => (await told(page, 'timechange')).length).toBeGreaterThan(3);
  const last = (await told(page, 'timechange')).at(-1);
  expect(last).toMatchObject({ playing: true });
  await figure.evaluate((element: HTMLElementTagNameMap['slow-fire']) => {
    element.pause();
    return element.seek('60s');
  });
  await expect.poll(async () => (await told(page, 'violation'))[0]?.check).toBeTruthy();
  expect((await told(page, 'violation'))[0]?.atMs).toBeGreaterThan(0);
  await expect
    .poll(() => figure.evaluate((element: HTMLElementTagNameMap['slow-fire']) => element.timeMs))
    .toBeGreaterThan(10_000);
  const refused = await figure.evaluate(async (element: HTMLElementTagNameMap['slow-fire']) => {
    try {
      await element.seek('soon');
    } catch (error) {
      return String(error);
    }
    return '';
  });
  expect(refused).toContain('RangeError: seek is “soon”');
  await figure.evaluate((element: HTMLElementTagNameMap['slow-fire']) => {
    element.reset();
  });
  await expect.poll(async () => (await told(page, 'timechange')).at(-1)).toMatchObject({ timeMs: 0 });
});

test('seek says what it takes, whatever it is given', async ({ page }) => {
  await openFigure(page, 'lab="double-charge"');
  const said = await page
    .locator('slow-fire')
    .evaluate((element: HTMLElementTagNameMap['slow-fire']) =>
      Promise.all(
        [undefined, null, {}, [], true, NaN, Symbol('x'), Object.create(null)].map((moment) =>
          element.seek(moment as number).then(() => 'taken', String),
        ),
      ),
    );
  for (const sentence of said) {
    expect(sentence).toMatch(/^RangeError: seek is “.*”; it must be a moment from 0s to 3600s/);
  }
});

test('a figure out of sight costs 8 KB at most and no simulator, and wakes in sight', async ({ page }) => {
  const fetched: { url: string; bytes: Promise<number> }[] = [];
  page.on('response', (response) => {
    const bytes = response.body().then((body) => gzipSync(body).length);
    fetched.push({ url: response.url(), bytes });
  });
  await openPost(page, {
    body: `<slow-fire lab="split-brain" reveal="interaction"></slow-fire>
      <div style="height: 5000px"></div><slow-fire lab="double-charge"></slow-fire>`,
  });
  const figure = page.locator('slow-fire').first();
  await expect
    .poll(() => figure.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  const ours = fetched.filter(({ url }) => !url.endsWith('post.html'));
  const sizes = await Promise.all(ours.map(({ bytes }) => bytes));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8192);
  expect(ours.map(({ url }) => url).join(' ')).not.toMatch(/wasm|double-charge/);
  await page.locator('slow-fire').last().scrollIntoViewIfNeeded();
  await isShown(page.locator('slow-fire').last());
  await expect(figure.locator('sf-embed')).toHaveCount(0);
  await figure.getByRole('button', { name: 'Play this figure' }).click();
  await isShown(figure);
  await expect(figure.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the picture and the link that its author put there remain', async ({ page }) => {
    await openPost(page, {
      body: `<slow-fire lab="double-charge"><a href="./index.html#/double-charge">
        <img src="./posters/double-charge.svg" alt="A payment that is charged twice" width="480" /></a></slow-fire>`,
    });
    await expect(page.getByRole('link')).toBeVisible();
    await expect(page.getByRole('img', { name: 'A payment' })).toBeVisible();
  });
});

test('several figures share one download', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await openPost(page, { body: '<slow-fire lab="double-charge" loading="eager"></slow-fire>'.repeat(3) });
  await page.locator('slow-fire').last().scrollIntoViewIfNeeded();
  await isShown(page.locator('slow-fire').last());
  await isShown(page.locator('slow-fire').first());
  expect(fetched.filter((url) => url.includes('slowfire_bg'))).toHaveLength(1);
  expect(new Set(fetched).size).toBe(fetched.length);
});

for (const first of ['copy', 'own'] as const) {
  test(`two versions of the script on one page do not clash; the ${first} one is first`, async ({
    page,
  }) => {
    await page.route('**/other/**', async (route) => {
      const url = route.request().url().replace('/other/', '/');
      if (!url.endsWith('.js')) return route.continue({ url });
      const response = await route.fetch({ url });
      return route.fulfill({ response, body: `${await response.text()}\n// Another version.` });
    });
    const other = '<script type="module" src="./other/slow-fire.js"></script>';
    await openPost(page, {
      before: first === 'copy' ? other : '',
      head: first === 'own' ? other : '',
      body: `<slow-fire src="${SHOWN}"></slow-fire>`,
    });
    const figure = page.locator('slow-fire');
    await isShown(figure);
    const digest = await embedDigest(figure.locator('sf-embed'));
    await figure.getByRole('switch').first().click();
    await expect.poll(() => embedDigest(figure.locator('sf-embed'))).not.toBe(digest);
  });
}

test('a picture fills its stage, and two share it', async ({ page }) => {
  await openFigure(page, `src="${SHOWN}" controls="none"`);
  const figure = page.locator('slow-fire');
  const heights = () =>
    figure.locator('canvas').evaluateAll((all) => all.map((canvas) => canvas.clientHeight));
  await expect.poll(async () => (await heights())[0] ?? 0).toBeGreaterThan(380);
  await figure.evaluate((element) => element.setAttribute('view', 'both'));
  await expect.poll(async () => (await heights()).filter((height) => height > 190).length).toBe(2);
});

/** Its picture has more colours than one; a canvas of another document is no canvas of the test's. */
async function isDrawn(figure: Locator): Promise<void> {
  const canvas = figure.locator('sf-stage canvas').first();
  const colours = () =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const pixels = (element as HTMLCanvasElement)
        .getContext('2d')
        ?.getImageData(0, 0, width, height).data;
      return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size;
    });
  await expect.poll(colours).toBeGreaterThan(5);
}

test('a figure is put into another document, asleep or awake, and shows its run there', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await openPost(page, {
    body: '<iframe title="Elsewhere" width="700" height="500"></iframe><slow-fire lab="double-charge" loading="eager"></slow-fire>',
  });
  await isShown(page.locator('slow-fire'));
  await page.evaluate(async () => {
    const awake = document.querySelector('slow-fire');
    await awake?.seek('4s');
    const body = document.querySelector('iframe')?.contentDocument?.body;
    if (awake) body?.append(awake);
  });
  const moved = page.frameLocator('iframe').locator('slow-fire');
  await isDrawn(moved.first());
  expect(await moved.first().evaluate((each: HTMLElementTagNameMap['slow-fire']) => each.timeMs)).toBe(
    4000,
  );
  await expect(moved.first().locator('sf-transport button').first()).toBeVisible();
  const { width = 999 } =
    (await moved.first().locator('sf-transport button svg').first().boundingBox()) ?? {};
  expect(width).toBeLessThan(40);
  await page.evaluate(() => {
    const asleep = document.createElement('slow-fire');
    asleep.lab = 'raft';
    document.querySelector('iframe')?.contentDocument?.body.append(asleep);
  });
  await expect(moved.nth(1).locator('.poster img')).toBeAttached();
  await moved.nth(1).scrollIntoViewIfNeeded();
  await isDrawn(moved.nth(1));
  expect(errors).toEqual([]);
});

test('what is wrong with an attribute leads to all labs beside the page, and not in it', async ({
  page,
}) => {
  await openFigure(page, 'lab="double-charge" seed="abc"');
  const labs = page.locator('slow-fire').getByRole('link', { name: 'All labs' });
  await expect(labs).toHaveAttribute('target', '_blank');
  await expect(labs).toHaveAttribute('href', /^http.*#\/$/);
});

test('a figure shows runs alone, and says so of other links', async ({ page }) => {
  for (const link of ['#history=1.zzz', '#path=week']) {
    await openPost(page, { body: `<slow-fire src="${link}" loading="eager"></slow-fire>` });
    await expect(page.locator('slow-fire')).toContainText('A figure shows a run.');
  }
});

test('ready tells of each run that is opened', async ({ page }) => {
  await openFigure(page, 'lab="double-charge"');
  await page.locator('slow-fire').evaluate((each: HTMLElementTagNameMap['slow-fire']) => {
    each.lab = 'raft';
  });
  await expect.poll(async () => (await told(page, 'ready')).at(-1)?.link).toMatch(/#\/raft/);
});

test.describe('a figure whose simulator does not load', () => {
  test.use({ provoked: /ERR_FAILED/ });

  test('keeps its picture, says why, and can be woken again', async ({ page }) => {
    await page.route('**/*.wasm', (route) => route.abort());
    await openPost(page, { body: '<slow-fire lab="double-charge" loading="eager"></slow-fire>' });
    const figure = page.locator('slow-fire');
    await expect(figure.getByRole('alert')).toContainText('could not be loaded');
    await expect(figure.locator('.poster img')).toBeVisible();
    await page.unroute('**/*.wasm');
    await figure.getByRole('button', { name: 'Try again' }).click();
    await isShown(figure);
    await expect(figure.getByRole('alert')).toHaveCount(0);
  });
});
