// How many runs a second a hunt in the page does, with one worker and with two: node bench/hunt.mjs SEEDS
//
// Writes [with one, with two].

import { withPage } from './browser.mjs';

const seeds = Number(process.argv[2] ?? 20_000);
const LINK = '#/double-charge';
/** The first hunt compiles what the others run. */
const WARM_UP = 500;

async function rates(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    localStorage.setItem('slowfire.settings', JSON.stringify({ autoplay: false }));
  });
  await page.goto(`${address}index.html${LINK}`);
  await page.getByRole('button', { name: 'Hunt', exact: true }).click();
  const hunt = page.locator('sf-hunt');
  await hunt.waitFor();
  const rate = (workers, count) =>
    hunt.evaluate(
      async (element, given) => {
        [element.workers, element.seeds] = given;
        await element.updateComplete;
        element.renderRoot.querySelector('form').requestSubmit();
        await element.updateComplete;
        const { hunting } = element;
        while (hunting.state === 'going') await new Promise((done) => setTimeout(done, 20));
        if (hunting.state !== 'done' || hunting.isSliced) throw new Error('it did not run in workers');
        return hunting.rate;
      },
      [workers, count],
    );
  await rate(2, WARM_UP);
  return [await rate(1, seeds), await rate(2, seeds)];
}

console.log(JSON.stringify(await withPage(rates)));
