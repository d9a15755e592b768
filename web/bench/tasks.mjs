/**
 * Which tasks hold up the page, while somebody opens heavy links and does with them what a reader may do.
 *
 *     node bench/tasks.mjs                        # two links that once did harm and 20 that nobody chose
 *     SLOWFIRE_SLOWER=4 node bench/tasks.mjs      # on a processor that is four times slower
 *     SLOWFIRE_HEAVY='#/stale-read?latency=0s' node bench/tasks.mjs
 *
 * Time of the processor counts (`tests/tasks.mjs`). Measuring decides nothing.
 */
import { heavyLinks } from '../tests/heavy.mjs';
import { ACTS, act, arrive, tasksDuring } from '../tests/tasks.mjs';
import { withPage } from './browser.mjs';

const SLOWER = Number(process.env.SLOWFIRE_SLOWER ?? 1);
const LONG_MS = SLOWER > 1 ? 100 : 50;

await withPage(async (browser, address) => {
  for (const link of heavyLinks('drawn:20')) {
    const { tasks, errors } = await read(browser, address, link);
    console.log(link.slice(0, 160));
    for (const error of errors) console.log(`  ERROR ${error}`);
    for (const { act, ms, wallMs, parts } of tasks.filter(({ ms }) => ms > LONG_MS)) {
      console.log(`  ${ms.toFixed(0)} ms (${wallMs.toFixed(0)} by the clock) in ${act}: ${parts}`);
    }
  }
});

/** Opens a link and does what a reader may do. */
async function read(browser, address, link) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('crash', () => errors.push('the page crashed'));
  const work = async () => {
    try {
      await page.goto(`${address}index.html${link}`);
      await page.waitForFunction(() => document.querySelector('sf-app')?.session !== undefined);
      await arrive(page);
      for (const name of Object.keys(ACTS)) await act(page, name);
    } catch (error) {
      errors.push(String(error).slice(0, 300));
    }
  };
  const tasks = await tasksDuring(browser, page, work, SLOWER);
  await page.context().close();
  return { tasks, errors };
}
