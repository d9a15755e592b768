/**
 * Two hundred random acts in each lab: nothing breaks, nothing moves, there is always a way back, and the address replays.
 *
 * `SLOWFIRE_ACTS=7` draws other acts than continuous integration does; `SLOWFIRE_ACTS=7:12,40,41` does only those three of
 * them, each as it was drawn, which is how a failure is made small.
 */
import type { Browser, Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { Reader, type Gesture } from '../acts/reader.ts';
import { Watcher } from '../acts/watcher.ts';
import { LABS, expect, test } from '../lab.ts';

const ACTS = 200;
/** After so many acts the address is opened elsewhere. */
const REPLAYED = 50;
/** How many of the acts before a failure are told. */
const TOLD = 12;

const [SEED = '1', only] = (process.env.SLOWFIRE_ACTS ?? '1').split(':');
const CHOSEN = only?.split(',').map(Number) ?? Array.from({ length: ACTS }, (_, act) => act + 1);

declare global {
  interface Window {
    reader: Reader;
  }
}

for (const [place, lab] of LABS.entries()) {
  // A third of them on a phone.
  const viewport = place % 3 === 2 ? { width: 390, height: 844 } : { width: 1280, height: 800 };
  test(`random acts break nothing: ${lab}`, async ({ page, browser, baseURL }) => {
    test.setTimeout(180_000);
    await page.setViewportSize(viewport);
    const errors = heardFrom(page);
    const fresh = await elsewhere(browser, baseURL ?? '');
    await open(page, lab);
    const done: string[] = [];
    try {
      for (const act of CHOSEN) {
        done.push(`${act}: ${await doAct(page, act)}`);
        expect([...errors, ...(await page.evaluate(() => window.reader.troubles()))]).toEqual([]);
        if (act % REPLAYED === 0) await replays(page, fresh);
      }
      await replays(page, fresh);
      await leadsBack(page);
    } catch (failure) {
      const told = done.slice(-TOLD).join('\n  ');
      throw new Error(`SLOWFIRE_ACTS=${SEED}, ${lab}, after act\n  ${told}\n${String(failure)}`, {
        cause: failure,
      });
    }
  });
}

function heardFrom(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return errors;
}

/** Opens a lab in whose page time goes only as it is told to. */
async function open(page: Page, lab: string): Promise<void> {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.addInitScript(
    `${Watcher.toString()}; ${Reader.toString()}; window.reader = new Reader('${lab} ${SEED}')`,
  );
  await page.goto(`index.html#/${lab}`);
  await expect(page.locator('sf-page')).toHaveCount(1);
  await page.mouse.move(1, 1);
  await page.clock.runFor(50);
}

/** Answers what was done, in words. */
async function doAct(page: Page, number: number): Promise<string> {
  const { did, watchedMs, gesture } = await page.evaluate((number) => window.reader.act(number), number);
  if (gesture) await make(page, gesture);
  await page.clock.runFor(watchedMs);
  return did;
}

async function make(page: Page, gesture: Gesture): Promise<void> {
  if ('key' in gesture) return page.keyboard.press(gesture.key);
  const [from, ...further] = gesture.path;
  if (!from) return;
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (const { x, y } of further) await page.mouse.move(x, y, { steps: 2 });
  await page.mouse.up();
}

/** All of a run that its link is to bring back. */
function momentOf(page: Page) {
  return page.locator('sf-app').evaluate((app: SfApp) => {
    const { session } = app;
    if (!session) throw new Error('no session');
    session.player.pause();
    // Steps go from one event to the next of the same moment; a link has all of its moment.
    session.travel.seek(session.timeMs);
    const { state, changes, timeMs, link } = session;
    return {
      link,
      // A link names a whole millisecond if nothing happens before that.
      timeMs: Math.ceil(timeMs),
      digest: session.digest(),
      on: state.defences,
      controls: state.controls,
      changes,
    };
  });
}

async function isOpen(page: Page): Promise<void> {
  const isIt = ({ session }: SfApp) => session?.isLoading === false;
  await expect.poll(() => page.locator('sf-app').evaluate(isIt)).toBe(true);
}

function isThere({ session }: SfApp): boolean {
  return session !== undefined && session.timeMs === session.aimMs;
}

/** A page of somebody else, who has chosen nothing yet and wants nothing to move. */
async function elsewhere(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL });
  return context.newPage();
}

/** Opens the link of the moment in a fresh page, which shows the same run at the same moment. */
async function replays(page: Page, fresh: Page): Promise<void> {
  await page.evaluate(() => window.reader.return());
  await page.clock.runFor(50);
  // The last act may have followed a link to another lab, whose parts are still to be loaded.
  await isOpen(page);
  await page.clock.runFor(50);
  const moment = await momentOf(page);
  await page.clock.runFor(1000);
  await fresh.goto('about:blank');
  await fresh.goto(`index.html${new URL(page.url()).hash}`);
  await expect(fresh.locator('sf-page')).toHaveCount(1);
  await isOpen(fresh);
  await expect.poll(() => fresh.locator('sf-app').evaluate(isThere)).toBe(true);
  expect(await momentOf(fresh)).toEqual(moment);
  await plays(page);
}

/** At the slowest speed of all, and slowed down besides, a millisecond of the run takes a fifth of this. */
const GOES_ON_MS = 1000;

/** Play can be pressed, and goes on: from the beginning where the run is at its end. Who is being asked has nothing to press. */
async function plays(page: Page): Promise<void> {
  if (await page.locator('sf-app').evaluate(({ session }: SfApp) => session?.asking.isSecret)) return;
  const before = await momentOf(page);
  await page.locator('sf-app').evaluate((app: SfApp) => app.session?.player.play());
  await page.clock.runFor(GOES_ON_MS);
  expect((await momentOf(page)).link).not.toBe(before.link);
}

/** All that was done can be taken back, at once or step by step, and done again. */
async function leadsBack(page: Page): Promise<void> {
  const before = await momentOf(page);
  const ways = await page.locator('sf-app').evaluate((app: SfApp) => {
    const { session } = app;
    if (!session) throw new Error('no session');
    const { timeMs } = session;
    const moment = () => {
      session.travel.seek(timeMs);
      return session.digest();
    };
    const changes = () => session.changes.filter(({ kind }) => kind !== 'planned').length;
    const isChanged = changes() > 0;
    if (isChanged) session.edits.takeAllBack();
    const left = changes();
    if (isChanged) session.edits.undo();
    const undone = moment();
    let steps = 0;
    for (; session.steps.undo > 0 && steps < 1000; steps += 1) session.edits.undo();
    const dead = session.steps.undo;
    for (; steps > 0; steps -= 1) session.edits.redo();
    return { left, undone, dead, redone: moment() };
  });
  expect(ways).toEqual({ left: 0, undone: before.digest, dead: 0, redone: before.digest });
}
