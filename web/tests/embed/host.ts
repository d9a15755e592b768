/** Pages of other people, with figures in them. */
import type { Locator, Page } from '@playwright/test';
import { expect, inkShare } from '../lab.ts';

/** A run that rests where the missing key shows. */
export const SHOWN = '#/double-charge?rev=2&seed=11&t=6s';

/** What somebody's page is made of. */
interface Post {
  body: string;
  head?: string;
  /** What stands before the element's own script. */
  before?: string;
  /** Attributes of the page's root. */
  root?: string;
  /** Where the page is, beside the script or in a folder below. */
  path?: string;
}

/** Opens a page that loads the element's script beside what it has itself. */
export async function openPost(
  page: Page,
  { body, head = '', before = '', root = '', path = 'post.html' }: Post,
): Promise<void> {
  const up = '../'.repeat(path.split('/').length - 1);
  const text = `<!doctype html><html ${root}><head><title>A post</title>
    <link rel="icon" href="data:," />${before}<script type="module" src="./${up}slow-fire.js"></script>${head}</head>
    <body>${body}</body></html>`;
  await page.route(`**/${path}`, (route) => route.fulfill({ contentType: 'text/html', body: text }));
  await page.goto(path);
}

/** Waits until a figure shows its run. */
export async function isShown(figure: Locator): Promise<void> {
  await expect.poll(() => inkShare(figure.locator('sf-stage canvas').first())).toBeGreaterThan(0.003);
  await expect.poll(() => isWhole(figure)).toBe(true);
}

/** Whether all parts of a figure have shown themselves. Two frames later they are painted, too. */
function isWhole(figure: Locator): Promise<boolean> {
  return figure.evaluate(async (element) => {
    const parts = (root: ParentNode): Element[] =>
      [...root.querySelectorAll('*')].flatMap((each) => [
        each,
        ...(each.shadowRoot ? parts(each.shadowRoot) : []),
      ]);
    const all = element.shadowRoot ? parts(element.shadowRoot) : [];
    const isThere = all.every((each) => !('hasUpdated' in each) || each.hasUpdated === true);
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return isThere;
  });
}

/** The boxes of all that is inside a figure, from its own corner, to a tenth of a pixel. */
export function boxesIn(figure: Locator): Promise<string[]> {
  return figure.evaluate((element) => {
    const origin = element.getBoundingClientRect();
    const boxes: string[] = [];
    const visit = (root: ParentNode): void => {
      for (const each of root.querySelectorAll('*')) {
        const { left, top, width, height } = each.getBoundingClientRect();
        const box = [left - origin.left, top - origin.top, width, height];
        boxes.push(`${each.localName} ${box.map((length) => length.toFixed(1)).join(' ')}`);
        if (each.shadowRoot) visit(each.shadowRoot);
      }
    };
    if (element.shadowRoot) visit(element.shadowRoot);
    return boxes;
  });
}
