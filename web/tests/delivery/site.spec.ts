/** What tells others of the labs: their pages, their cards, and what search engines and oEmbed read. */
import { existsSync, readFileSync } from 'node:fs';
import { shortened, siteFiles } from '../../build/site.ts';
import { plain } from '../../build/template.ts';
import { wrapped } from '../../build/card.ts';
import { LABS, BROKEN, expect, test } from '../lab.ts';
import { DIST, StaticHost } from './static-host.ts';

const HOME = 'https://example.org/slowfire/';
const LAB = {
  id: 'a-lab',
  title: 'A "lab" & more',
  question: 'Is 1 < 2?',
  modified: [] as string[],
  summary: 'One **sentence**. Another one.',
  poster: '<svg/>',
  card: Buffer.from(''),
};

function built(home: string, lab = LAB) {
  const template = (name: string) => readFileSync(new URL(`../../${name}.html`, import.meta.url), 'utf8');
  const templates = {
    lab: template('lab'),
    embed: template('embed'),
    docs: template('docs'),
    notFound: template('404'),
  };
  const files = siteFiles([lab], templates, home);
  return new Map(files.map(({ fileName, source }) => [fileName, String(source)]));
}

test('a build that knows its address names it whatever reads the site', () => {
  const files = built(HOME);
  const page = files.get('lab/a-lab/index.html') ?? '';
  expect(page).toContain(`<link rel="canonical" href="${HOME}lab/a-lab/" />`);
  expect(page).toContain(`<meta property="og:image" content="${HOME}posters/a-lab.png" />`);
  expect(page).toContain('<title>Is 1 &lt; 2? · Slowfire</title>');
  expect(page).toContain(`type="application/json+oembed" href="${HOME}oembed/a-lab.json"`);
  expect(files.get('404.html')).toContain(`href="${HOME}#find"`);
  expect(files.get('sitemap.xml')).toContain(`<loc>${HOME}lab/a-lab/</loc>`);
  expect(files.get('sitemap.xml')).toContain(`<loc>${HOME}docs/embed/</loc>`);
  const oembed = JSON.parse(files.get('oembed/a-lab.json') ?? '') as Record<string, unknown>;
  expect(oembed).toMatchObject({
    version: '1.0',
    type: 'rich',
    width: 640,
    height: 420,
    title: LAB.question,
  });
  expect(oembed.html).toContain(
    `<iframe src="${HOME}embed/a-lab.html" title="A &quot;lab&quot; &amp; more"`,
  );
});

test('a build that does not is for any folder', () => {
  const files = built('');
  expect(files.get('lab/a-lab/index.html')).toContain('<link rel="canonical" href="../../lab/a-lab/" />');
  expect([...files.keys()].filter((name) => /sitemap|oembed/.test(name))).toEqual([]);
});

test('a lab that opens with a modified algorithm says so wherever it is told of', () => {
  const files = built(HOME, { ...LAB, modified: ['modified Raft: without “Pre-vote”'] });
  const page = files.get('lab/a-lab/index.html') ?? '';
  const said = 'modified Raft: without “Pre-vote”';
  expect(page).toContain(`<title>Is 1 &lt; 2? · ${said} · Slowfire</title>`);
  expect(page).toContain(`<meta property="og:title" content="Is 1 &lt; 2? · ${said}" />`);
  const about = 'Modified Raft: without “Pre-vote”. One sentence. Another one.';
  for (const name of ['og:description', 'description'])
    expect(page).toContain(`="${name}" content="${about}"`);
  expect(page).toContain(`<p>${about}</p>`);
  expect(files.get('embed/a-lab.html')).toContain(`<title>Is 1 &lt; 2? · ${said}</title>`);
  expect(files.get('oembed/a-lab.json')).toContain('modified Raft');
});

test('descriptions are whole sentences, and headlines have lines of like length', () => {
  expect(plain('One **bold**\nword, `code`')).toBe('One bold word, code');
  expect(shortened('It is so. It is not. It may be.', 21)).toBe('It is so. It is not.');
  expect(shortened('A sentence that is too long.', 5)).toBe('A sentence that is too long.');
  expect(wrapped('Five servers keep one log. Who repairs the copy?', 30)).toEqual([
    'Five servers keep one log. Who',
    'repairs the copy?',
  ]);
});

test('each lab has a page, a frame, a poster and a card', () => {
  for (const lab of LABS) {
    for (const file of [`lab/${lab}/index.html`, `embed/${lab}.html`, `posters/${lab}.svg`]) {
      expect(existsSync(DIST + file), file).toBe(true);
    }
    const card = readFileSync(`${DIST}posters/${lab}.png`);
    expect([card.readUInt32BE(16), card.readUInt32BE(20)], lab).toEqual([1200, 630]);
  }
});

test.describe('where there is nothing', () => {
  test.use({ provoked: /status of 404/ });

  test('the page for a missing one looks like the others, at any depth, and leads to the labs and to the search', async ({
    page,
  }) => {
    const host = new StaticHost(DIST);
    const home = await host.start();
    try {
      const response = await page.goto(`${home}a/b/nothing.html`);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole('heading')).toHaveText('There is no such page');
      await expect(page.getByRole('heading')).toHaveCSS('font-weight', '400');
      await expect(page.getByRole('link', { name: 'All labs' })).toHaveAttribute('href', '/');
      await page.getByRole('link', { name: 'Find a lab' }).click();
      await expect(page.getByRole('searchbox')).toBeFocused();
    } finally {
      await host.stop();
    }
  });
});

test('the page of a lab hands a link to a run on', async ({ page }) => {
  await page.goto(`lab/double-charge/${BROKEN}`);
  await expect(page).toHaveURL(/(?<!double-charge)\/#\/double-charge\?rev=2&seed=11/);
  await expect(page.locator('sf-world canvas')).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page of a lab says what it is about, shows it, and links', async ({ page }) => {
    await page.goto('lab/double-charge/index.html');
    await expect(page.getByRole('heading')).toHaveText('The receipt never came. Do I pay again?');
    const picture = page.getByRole('img');
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Open the lab' }).click();
    await expect(page).toHaveURL(/\/#\/double-charge$/);
  });
});
