/** What the tests have in common: a lab opened in a page that may not log an error. */
import { readdirSync } from 'node:fs';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { SfEmbed } from '../src/components/page/sf-embed.ts';
import type { SfPage } from '../src/components/page/sf-page.ts';

export { expect };

const DEFAULT = '#/double-charge';

/** All labs that there are. */
export const LABS = readdirSync(new URL('../../crates/scenario/labs/', import.meta.url))
  .filter((name) => name.endsWith('.toml'))
  .map((name) => name.replace('.toml', ''));

/** A run in which the missing key shows. */
export const BROKEN = '#/double-charge?seed=11';

interface Fixtures {
  /** Opens `index.html` with this hash and waits until the run is there. */
  lab: (hash?: string) => Promise<Lab>;
  /** Errors that the test provokes. */
  provoked: RegExp;
  /** Sees every page of the test; none may log another error. */
  quiet: undefined;
}

export const test = base.extend<Fixtures>({
  provoked: [/^(?!)/, { option: true }],
  quiet: [
    async ({ context, provoked }, use) => {
      const errors: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      context.on('weberror', (error) => errors.push(String(error.error())));
      await use(undefined);
      // What is still asked for as a test ends belongs to no test.
      for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
      expect(errors.filter((error) => !provoked.test(error))).toEqual([]);
    },
    { auto: true },
  ],
  lab: async ({ page }, use) => {
    await use((hash = DEFAULT) => openLab(page, hash));
  },
});

/** Opens a lab that rests: the reader of a test presses play. */
export async function openLab(page: Page, hash = DEFAULT): Promise<Lab> {
  await page.addInitScript(() => {
    // A blank page has no storage.
    if (location.protocol === 'about:' || localStorage.getItem('slowfire.settings') !== null) return;
    localStorage.setItem('slowfire.settings', JSON.stringify({ autoplay: false }));
  });
  // A page that is there already would only hear that its hash changed.
  await page.goto('about:blank');
  await page.goto(`index.html${hash}`);
  const lab = new Lab(page);
  await expect(lab.play).toBeVisible();
  return lab;
}

/** Opens the start page, and waits for all posters in sight: each is painted in a task of its own. */
export async function openStart(page: Page): Promise<void> {
  await page.goto('index.html#/');
  const posters = page.locator('sf-poster');
  await posters.first().waitFor();
  const unpainted = () =>
    posters.evaluateAll((all) => {
      const isSeen = (poster: Element) => poster.getBoundingClientRect().top < window.innerHeight;
      const isPainted = (poster: Element) => poster.shadowRoot?.querySelector('canvas[data-painted]');
      return all.filter((poster) => isSeen(poster) && !isPainted(poster)).length;
    });
  await expect.poll(unpainted).toBe(0);
}

/** So long is a frame of `watch`: the longest that the page takes for one. */
const FRAME_MS = 100;

/** Lets time go by in long frames, of which a busy machine draws few: `page.clock.install()` first. */
export async function watch(page: Page, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= FRAME_MS) await page.clock.fastForward(Math.min(left, FRAME_MS));
}

/** A lab as a reader sees it. */
export class Lab {
  readonly page: Page;
  readonly play: Locator;
  readonly pause: Locator;
  readonly stage: Locator;
  readonly verdict: Locator;
  readonly timeBar: Locator;
  readonly clock: Locator;

  constructor(page: Page) {
    this.page = page;
    this.play = page.getByRole('button', { name: 'Play', exact: true });
    this.pause = page.locator('sf-transport').getByRole('button', { name: 'Pause', exact: true });
    this.stage = page.locator('sf-world canvas');
    this.verdict = page.locator('sf-verdicts li').first();
    this.timeBar = page.getByRole('slider', { name: 'Time', exact: true });
    this.clock = page.locator('.time b');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  switch(name: string): Locator {
    return this.page.getByRole('switch', { name });
  }

  slider(key: string): Locator {
    return this.page.locator(`sf-control[data-control="${key}"] input`);
  }

  /** The value with its unit that stands beside a slider. */
  value(key: string): Locator {
    return this.page.locator(`sf-control[data-control="${key}"] output`);
  }

  /** Runs to the end by the time bar. */
  async toTheEnd(): Promise<void> {
    await this.timeBar.press('End');
    await expect(this.timeBar).toHaveValue((await this.timeBar.getAttribute('max')) ?? '');
  }

  /** Runs to where the first check breaks: its telling moment. */
  async toTheFailure(): Promise<void> {
    await this.toTheEnd();
    const moment = await this.page.locator('sf-page').evaluate(({ session }: SfPage) => {
      if (!session) throw new Error('no session');
      const broken = session.state.verdicts.flatMap(({ at_ms, state }) =>
        state === 'violated' && at_ms !== null ? [at_ms] : [],
      );
      const first = Math.min(...broken);
      session.travel.seek(first);
      return first / 1000;
    });
    await expect.poll(() => this.time()).toBeCloseTo(moment, 1);
  }

  /** Plays for so long by a clock of the test's own: `page.clock.install()` first. */
  async playOn(seconds: number): Promise<void> {
    const until = (await this.time()) + seconds;
    while ((await this.time()) < until) await this.page.clock.runFor(50);
  }

  /** Virtual seconds, as shown. */
  async time(): Promise<number> {
    return Number(await this.clock.textContent());
  }

  get hash(): string {
    return new URL(this.page.url()).hash;
  }

  /** The link of this moment, once the address bar shows it. */
  async settledHash(): Promise<string> {
    const link = await this.page
      .locator('sf-page')
      .evaluate((element: SfPage) => element.session?.link ?? '');
    await expect.poll(() => this.hash).toBe(link);
    return link;
  }

  digest(): Promise<string> {
    return this.page.locator('sf-page').evaluate((element: SfPage) => element.session?.digest() ?? '');
  }

  /** The keys of the sliders that this lab has. */
  controls(): Promise<string[]> {
    return this.page
      .locator('sf-page')
      .evaluate((element: SfPage) => element.session?.about.controls.map(({ key }) => key) ?? []);
  }

  /** The share of the picture that is not its ground, whichever view the lab begins with. */
  drawn(): Promise<number> {
    return inkShare(this.page.locator('canvas[role=img]').first());
  }
}

export function inkShare(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('not a canvas');
    const { width, height } = element;
    const pixels = element.getContext('2d')?.getImageData(0, 0, width, height).data;
    if (!pixels) throw new Error('no context');
    const words = new Uint32Array(pixels.buffer);
    return words.reduce((count, word) => count + Number(word !== words[0]), 0) / words.length;
  });
}

export function embedDigest(embed: Locator): Promise<string> {
  return embed.evaluate((element: SfEmbed) => element.session?.digest() ?? '');
}
