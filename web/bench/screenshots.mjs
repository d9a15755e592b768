// Pictures of the built page, to be looked at after a change to its look: node bench/screenshots.mjs FOLDER [WORD...]
//
// Every lab just after its first violation and one step of its story earlier, on every screen, light and dark; the
// start page; the embed. A word that is given keeps the pictures whose names have it: `phone`, `dark`, `two-clocks`.
// FOLDER gets a page that shows them all.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withPage } from './browser.mjs';

const THEMES = ['light', 'dark'];
const PAGES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  'small-phone': {
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  },
  wall: { viewport: { width: 2560, height: 1440 } },
};
const EMBEDS = {
  'embed-small': { viewport: { width: 320, height: 240 }, deviceScaleFactor: 2 },
  embed: { viewport: { width: 640, height: 420 } },
};
/** How far a lab is run in search of a violation. */
const SEARCH_MS = 20_000;
/** What a violation shows is still there so long afterwards, as a share of what a reader watches in a second. */
const AFTER = 0.15;

const [folder = 'target/screenshots', ...words] = process.argv.slice(2);
const isWanted = (name) => words.every((word) => name.includes(word));

/** Takes a picture of what a page shows, if it is wanted. */
async function take(page, name, options = {}) {
  const path = join(folder, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, ...options });
  return `${name}.png`;
}

/** The labs with their telling moments, in virtual milliseconds. */
async function tellingMoments(browser, address) {
  const page = await browser.newPage();
  await page.goto(`${address}index.html`);
  await page.waitForSelector('sf-poster');
  const ids = await page.locator('sf-poster').evaluateAll((posters) => posters.map(({ lab }) => lab.id));
  const labs = [];
  for (const id of ids) {
    await open(page, `${address}index.html#/${id}`);
    labs.push({ id, ...(await page.evaluate(tellingMoment, [SEARCH_MS, AFTER])) });
  }
  await page.close();
  return labs;
}

/** Runs in the page: when the first check breaks, and the number of the story's last step before that. */
async function tellingMoment([search, after]) {
  const { session } = document.querySelector('sf-app');
  const goal = Math.min(search, session.state.end_ms);
  session.travel.seek(goal);
  // A long way takes several tasks.
  while (session.state.time_ms < goal) await new Promise((frame) => requestAnimationFrame(frame));
  const steps = session.telling.story;
  const broken = session.state.verdicts.flatMap(({ state, at_ms }) =>
    state === 'violated' ? [at_ms ?? 0] : [],
  );
  const moment =
    broken.length > 0 ? Math.min(...broken) : (steps.findLast(({ at_ms }) => at_ms !== null)?.at_ms ?? 0);
  const step = steps.findLastIndex(({ at_ms }) => at_ms !== null && at_ms < moment) + 1;
  return { moment: moment + after * 1000 * session.about.default_speed, step: Math.max(step, 1) };
}

async function open(page, url) {
  await page.goto('about:blank');
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('slowfire:first-frame').length > 0);
}

async function settle(page) {
  await page.mouse.move(0, 0);
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

async function* picturesOfPage(page, address, screen, labs) {
  const start = `${screen}/start`;
  if (isWanted(start)) {
    await page.goto(`${address}index.html`);
    await page.waitForSelector('sf-poster');
    yield await take(page, start);
    yield await takeAllPosters(page, `${start}-all`);
  }
  for (const { id, moment, step } of labs) {
    const [after, before] = [`${screen}/${id}-violated`, `${screen}/${id}-before`];
    if (![after, before].some(isWanted)) continue;
    await open(page, `${address}index.html#/${id}?t=${moment.toFixed(3)}ms`);
    await settle(page);
    if (isWanted(after)) yield await take(page, after);
    if (!isWanted(before)) continue;
    for (let turned = 0; turned < step; turned += 1)
      await page.getByRole('button', { name: 'Next step' }).click();
    await page.evaluate(() => scrollTo(0, 0));
    await settle(page);
    yield await take(page, before);
  }
}

/** Posters are painted when they come into sight. */
async function takeAllPosters(page, name) {
  for (const poster of await page.locator('sf-poster').all()) {
    await poster.scrollIntoViewIfNeeded();
    await poster.locator('canvas[data-painted]').waitFor();
  }
  await page.evaluate(() => scrollTo(0, 0));
  return take(page, name, { fullPage: true });
}

async function* picturesOfEmbed(page, address, screen, labs) {
  for (const { id, moment } of labs) {
    const name = `${screen}/${id}-violated`;
    if (!isWanted(name)) continue;
    await open(page, `${address}embed.html#/${id}?t=${moment.toFixed(3)}ms`);
    await settle(page);
    yield await take(page, name);
  }
}

async function* allPictures(browser, address) {
  const labs = await tellingMoments(browser, address);
  const kinds = [
    [PAGES, picturesOfPage],
    [EMBEDS, picturesOfEmbed],
  ];
  for (const [screens, pictures] of kinds) {
    for (const [screen, settings] of Object.entries(screens)) {
      for (const theme of THEMES) {
        const context = await browser.newContext({
          ...settings,
          colorScheme: theme,
          reducedMotion: 'reduce',
        });
        yield* pictures(await context.newPage(), address, `${screen}-${theme}`, labs);
        await context.close();
      }
    }
  }
}

/** A page with all pictures, each under its name. */
function catalogue(names) {
  const figure = (name) =>
    `<figure><a href="${name}"><img src="${name}" loading="lazy" alt=""></a><figcaption>${name}</figcaption></figure>`;
  return `<!doctype html>
<meta charset="utf-8"><title>Screenshots</title>
<style>
  body { display: grid; grid-template-columns: repeat(auto-fill, minmax(30rem, 1fr)); gap: 1rem; font: 1rem system-ui }
  figure { margin: 0 }
  img { max-width: 100%; max-height: 40rem; border: 1px solid #ccc }
</style>
${names.map(figure).join('\n')}
`;
}

await withPage(async (browser, address) => {
  const names = [];
  for await (const name of allPictures(browser, address)) names.push(name);
  if (names.length === 0) throw new Error(`No picture's name has ${words.join(' and ')}.`);
  await writeFile(join(folder, 'index.html'), catalogue(names));
  console.log(`${names.length} pictures: ${join(folder, 'index.html')}`);
});
