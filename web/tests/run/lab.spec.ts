import { deflateRawSync } from 'node:zlib';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { BROKEN, expect, openLab, test } from '../lab.ts';

test('the page opens the lab, its question as the headline', async ({ lab, page }) => {
  const opened = await lab();
  await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
  await expect.poll(() => opened.drawn()).toBeGreaterThan(0.005);
  await expect.poll(() => opened.hash).toMatch(/^#\/double-charge/);
  await expect(page).toHaveTitle(/ · Slowfire$/);
});

test('messages move while it plays, and rest while it pauses', async ({ lab }) => {
  const opened = await lab();
  const before = await opened.stage.screenshot();
  await opened.play.click();
  await expect.poll(async () => before.equals(await opened.stage.screenshot())).toBe(false);
  await expect.poll(() => opened.time()).toBeGreaterThan(0.1);
  await opened.pause.click();
  const rest = await opened.digest();
  const still = await opened.stage.screenshot();
  expect(still.equals(await opened.stage.screenshot())).toBe(true);
  expect(await opened.digest()).toBe(rest);
});

test('a link that names a perspective opens in it', async ({ lab, page }) => {
  const perspective = page.getByRole('combobox', { name: 'Perspective' });
  const opened = await lab('#/double-charge?as=bob');
  await expect(perspective).toHaveValue('bob');
  expect(opened.hash).toContain('as=bob');
  await page.evaluate(() => (location.hash = '#/double-charge?as=alice'));
  await expect(perspective).toHaveValue('alice');
  await page.evaluate(() => (location.hash = '#/double-charge'));
  await expect(perspective).toHaveValue('');
});

test('the picture keeps its place when the clock gets another digit', async ({ page }) => {
  for (const width of [1000, 1200, 1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const places = [];
    for (const time of ['9.9s', '10.1s']) {
      const opened = await openLab(page, `#/double-charge?t=${time}`);
      places.push(await opened.stage.boundingBox());
    }
    expect(places).not.toContain(null);
    expect(places[1], `at ${width} pixels`).toEqual(places[0]);
  }
});

test('everything that explains the run is in the first view of a laptop', async ({ lab, page }) => {
  const opened = await lab();
  const shown = [
    opened.stage,
    opened.play,
    opened.timeBar,
    opened.verdict,
    page.locator('sf-story .steps'),
    page.locator('sf-views'),
    ...(await page.getByRole('switch').all()),
  ];
  expect(shown.length).toBeGreaterThan(7);
  for (const part of shown) await expect(part).toBeInViewport({ ratio: 1 });
});

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
] as const) {
  test(`all is in its place before anything is touched, on ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openLab(page, '#/double-charge?t=0s');
    const boxes = await page
      .locator('header, main, sf-transport')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    for (const { top, bottom } of boxes) {
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(height);
    }
  });
}

test('each slider acts on the run, says its value, and joins the link', async ({ lab }) => {
  test.slow();
  const opened = await lab();
  await opened.page.locator('sf-controls details[data-group=further] summary').click();
  const controls = await opened.controls();
  expect(controls).toEqual(expect.arrayContaining(['latency', 'jitter', 'loss', 'duplication']));
  for (const family of ['skew.', 'drift.', 'pauses.']) {
    expect(controls.filter((key) => key.startsWith(family)).length, family).toBeGreaterThan(1);
  }
  expect(controls).toEqual(expect.arrayContaining(['spike', 'corruption']));
  await opened.toTheEnd();
  const untouched = { digest: await opened.digest(), nodes: await nodes(opened.page) };
  for (const key of controls) {
    await lab();
    const initial = await opened.value(key).textContent();
    await opened.slider(key).press('End');
    await expect(opened.value(key)).not.toHaveText(initial ?? '');
    await expect.poll(() => opened.hash).toContain(`${key}=`);
    await opened.toTheEnd();
    const moved = { digest: await opened.digest(), nodes: await nodes(opened.page) };
    expect(moved, key).not.toEqual(untouched);
  }
});

test('time rests while it is dragged, and goes on afterwards', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  await opened.play.click();
  const box = await opened.timeBar.boundingBox();
  if (!box) throw new Error('the time bar has no box');
  await page.mouse.move(box.x + 8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 5 });
  await expect.poll(() => opened.time()).toBeGreaterThan(1);
  const held = await opened.digest();
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  expect(await opened.digest()).toBe(held);
  await page.mouse.up();
  await expect.poll(() => opened.digest()).not.toBe(held);
  await expect(opened.pause).toBeVisible();
});

test('a slider that is dragged while it plays takes its last value', async ({ lab, page }) => {
  const opened = await lab();
  await opened.play.click();
  await opened.slider('loss').scrollIntoViewIfNeeded();
  const box = await opened.slider('loss').boundingBox();
  if (!box) throw new Error('the slider has no box');
  await page.mouse.move(box.x + 10, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 20, box.y + box.height / 2, { steps: 12 });
  await page.mouse.up();
  const max = await opened.slider('loss').getAttribute('max');
  await expect(opened.slider('loss')).toHaveValue(max ?? '');
  await expect.poll(() => opened.hash).toContain('loss:');
  const value = await opened.value('loss').textContent();
  await opened.pause.click();
  await expect(opened.value('loss')).toHaveText(value ?? '');
});

test('a drag while it plays is one turn in the link, one step, and replays exactly', async ({
  lab,
  page,
  context,
}) => {
  const opened = await lab('#/double-charge?seed=11&t=2s');
  await opened.slider('loss').scrollIntoViewIfNeeded();
  await page.clock.install();
  await opened.play.click();
  const box = await opened.slider('loss').boundingBox();
  if (!box) throw new Error('the slider has no box');
  await page.mouse.move(box.x + 10, box.y + box.height / 2);
  await page.mouse.down();
  for (let at = 1; at <= 8; at += 1) {
    await page.mouse.move(box.x + 10 + (at * box.width) / 12, box.y + box.height / 2);
    await opened.playOn(0.05);
  }
  await page.mouse.up();
  await opened.pause.click();
  await page.clock.runFor(1000);
  const link = await opened.settledHash();
  expect(link.match(/loss:/g)?.length).toBe(1);
  const other = await openLab(await context.newPage(), link);
  expect(await other.digest()).toBe(await opened.digest());
  await opened.button('Undo').click();
  await page.clock.runFor(1000);
  expect(opened.hash).not.toContain('loss');
});

test('a slider whose range spans decades goes by ratios', async ({ lab }) => {
  const opened = await lab('#/double-charge?seed=7');
  const slider = opened.slider('latency');
  const middle = Number(await slider.getAttribute('max')) / 2;
  await slider.fill(String(Math.round(middle)));
  const milliseconds = Number.parseFloat((await opened.value('latency').textContent()) ?? '');
  expect(milliseconds).toBeGreaterThan(20);
  expect(milliseconds).toBeLessThan(200);
});

test('without the key a payment is charged twice, and with it never', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  await expect(opened.verdict).toHaveAttribute('data-state', 'violated');
  await expect(opened.verdict).toContainText('Violated');
  await expect(page.locator('sf-verdicts .why')).toContainText('Violated.');
  await expect(page.locator('sf-verdicts [role=status]')).toContainText('violated');

  await opened.switch('Idempotency key').click();
  await expect(opened.switch('Idempotency key')).toBeChecked();
  await expect(opened.verdict).toHaveAttribute('data-state', 'holds');
  await expect.poll(() => opened.hash).toContain('on=idempotency-key');
});

test('without retries some payment is never charged', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=11&off=retry&on=idempotency-key');
  await opened.toTheEnd();
  await expect(opened.verdict).toHaveAttribute('data-state', 'violated');
  await expect(page.locator('sf-verdicts .why')).toContainText(/never/);
});

test('each switch acts on the run so far, and joins the link', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  await opened.toTheEnd();
  for (const defence of await page.getByRole('switch').all()) {
    const [digest, hash, checked] = [
      await opened.digest(),
      opened.hash,
      await defence.getAttribute('aria-checked'),
    ];
    await defence.click();
    await expect(defence).not.toHaveAttribute('aria-checked', checked ?? '');
    await expect.poll(() => opened.hash).not.toBe(hash);
    expect(await opened.digest()).not.toBe(digest);
    await defence.click();
    await expect(defence).toHaveAttribute('aria-checked', checked ?? '');
    expect(await opened.digest()).toBe(digest);
  }
});

test('the moment a check broke is a click away', async ({ lab, page }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  const button = opened.verdict.locator('.moment');
  const at = Number((await button.textContent())?.match(/([\d.]+)\ss/)?.[1]);
  expect(at).toBeGreaterThan(0);
  await button.click();
  await expect.poll(() => opened.time()).toBeCloseTo(at, 1);
  await expect(opened.verdict).toHaveAttribute('data-state', 'violated');
  await expect(page.locator('sf-time-bar path.violation')).toHaveAttribute('d', /^M\d+ /);
});

test('steps go one event forward and back', async ({ lab }) => {
  const opened = await lab('#/double-charge?seed=7');
  const [start, digest] = [await opened.time(), await opened.digest()];
  await opened.button('Step').click();
  const first = await opened.digest();
  expect(first).not.toBe(digest);
  await opened.button('Step').click();
  expect(await opened.digest()).not.toBe(first);
  await opened.button('Step back').click();
  expect(await opened.digest()).toBe(first);
  await opened.button('Restart').click();
  await expect.poll(() => opened.time()).toBe(start);
  expect(await opened.digest()).toBe(digest);
});

test('a new seed is another run of the same settings', async ({ lab }) => {
  const opened = await lab(BROKEN);
  await opened.toTheEnd();
  const [digest, hash] = [await opened.digest(), opened.hash];
  await opened.button('New seed').click();
  await expect.poll(() => opened.hash).not.toBe(hash);
  await expect(opened.switch('Idempotency key')).not.toBeChecked();
  await opened.toTheEnd();
  expect(await opened.digest()).not.toBe(digest);
});

test('speed is logarithmic and sets the pace', async ({ lab, page }) => {
  const opened = await lab();
  const speed = page.getByRole('slider', { name: 'Speed' });
  await speed.press('Home');
  await expect(speed).toHaveAttribute('aria-valuetext', /^0\.05×/);
  await speed.press('End');
  await expect(speed).toHaveAttribute('aria-valuetext', /^10×/);
  await opened.play.click();
  await expect.poll(() => opened.time()).toBeGreaterThan(3);
});

test('a copied link replays the same run in another tab', async ({ lab, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const opened = await lab(BROKEN);
  await page.clock.install();
  await opened.play.click();
  await opened.playOn(0.3);
  await opened.slider('latency').press('PageUp');
  await opened.slider('loss').press('PageUp');
  await opened.playOn(0.5);
  await opened.pause.click();
  await page.clock.runFor(1000);
  await opened.button('Copy link').click();
  await expect(page.getByText('Copied').first()).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(() => page.url()).toBe(copied);

  const other = await openLab(await context.newPage(), new URL(copied).hash);
  expect(await other.digest()).toBe(await opened.digest());
  expect(await other.time()).toBe(await opened.time());
  await opened.toTheEnd();
  await other.toTheEnd();
  expect(await other.digest()).toBe(await opened.digest());
});

test('a link put into the address bar is followed, and going back returns', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=8&on=idempotency-key');
  await expect(opened.switch('Idempotency key')).toBeChecked();
  await page.evaluate(() => {
    location.hash = '#/double-charge?seed=11';
  });
  await expect(opened.switch('Idempotency key')).not.toBeChecked();
  await expect(page.getByText('Seed 11')).toBeVisible();
  await page.goBack();
  await expect(opened.switch('Idempotency key')).toBeChecked();
  await expect(page.getByText('Seed 8')).toBeVisible();
});

test('going back leads back, even if the run moves on before the page hears of it', async ({
  lab,
  page,
}) => {
  await page.clock.install();
  const opened = await lab('#/double-charge?seed=8&on=idempotency-key');
  await page.evaluate(() => (location.hash = '#/double-charge?seed=11'));
  await expect(page.getByText('Seed 11')).toBeVisible();
  // An address is written at once if the last one was written a while ago.
  await page.clock.runFor(1000);
  await page.locator('sf-app').evaluate(({ session }: SfApp) => {
    // It comes when the address has changed, and before the event that tells the page so.
    addEventListener('popstate', () => session?.travel.seek(3000), { once: true });
    history.back();
  });
  await expect(page.getByText('Seed 8')).toBeVisible();
  await expect(opened.switch('Idempotency key')).toBeChecked();
});

/** What the page's lists say of the nodes. */
async function nodes(page: import('@playwright/test').Page): Promise<string[]> {
  return page.getByRole('list', { name: 'Nodes' }).getByRole('listitem').allTextContents();
}

test('a page that the reader has left paints no more', async ({ lab, page }) => {
  const opened = await lab();
  for (let visit = 0; visit < 2; visit += 1) {
    await page.evaluate(() => (location.hash = '#/'));
    await expect(page.locator('sf-start')).toBeVisible();
    await page.evaluate(() => (location.hash = '#/double-charge'));
    await expect.poll(() => opened.drawn()).toBeGreaterThan(0.005);
  }
  const paints = await page.locator('sf-app').evaluate(async ({ session }: SfApp) => {
    if (!session) throw new Error('no session');
    const { pictures } = session;
    const paint = pictures.paint.bind(pictures);
    let count = 0;
    pictures.paint = (...where) => {
      count += 1;
      paint(...where);
    };
    session.travel.seek(2000);
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    return count;
  });
  expect(paints).toBe(1);
});

/** The link of a document in which this client pays through a bank. */
function documentOf(client: string): string {
  const nodes = [
    { name: client, role: 'client' },
    { name: 'bank', role: 'bank' },
  ];
  const text = JSON.stringify({ protocol: 'payments', revision: 2, nodes });
  return `#1.${deflateRawSync(text).toString('base64url')}`;
}

test('a document opens after another one, whose node was selected', async ({ lab, page }) => {
  const opened = await lab(documentOf('zoe'));
  await opened.button('As a list').click();
  await page.getByRole('button', { name: /^zoe, client/ }).click();
  await expect(page.locator('sf-card')).toContainText('zoe');
  await page.evaluate((hash) => (location.hash = hash), documentOf('yan'));
  await expect(page.getByRole('combobox', { name: 'Perspective' })).toContainText('yan');
  await expect(page.locator('sf-card')).toBeHidden();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('what points at a node of the run before, as the next one opens, points at nothing', async ({
  lab,
  page,
}) => {
  await lab('#/double-charge');
  await page.evaluate(() => (location.hash = '#/raft'));
  await expect
    .poll(() => page.locator('sf-app').evaluate((app: SfApp) => app.session?.about.lab.id))
    .toBe('raft');
  const look = await page.locator('sf-app').evaluate(({ session }: SfApp) => {
    session?.pictures.light({ kind: 'node', id: 'alice' });
    session?.pictures.show({ perspective: 'alice' });
    return session?.pictures.look;
  });
  expect(look).toMatchObject({ light_node: null, perspective: null });
});

test('what is asked before the rest of the simulator is there is answered once it is', async ({ page }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/later-*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  const opened = await openLab(page, '#/double-charge?t=2s');
  await expect.poll(() => opened.drawn()).toBeGreaterThan(0.005);
  const select = ({ session }: SfApp) => session?.pictures.select({ kind: 'node', id: 'bank' });
  await page.locator('sf-app').evaluate(select);
  await expect(page.locator('sf-card')).toHaveCount(0);
  release();
  await expect(page.locator('sf-card')).toContainText('bank');
});
