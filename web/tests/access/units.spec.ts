/** No line ends between a number and its unit, in any lab, however narrow the page. */
import { LABS, expect, openLab, test } from '../lab.ts';

for (const width of [320, 390]) {
  test(`a number keeps its unit on a page ${width} pixels wide`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height: 844 });
    const torn: string[] = [];
    for (const lab of LABS) {
      const opened = await openLab(page, `#/${lab}`);
      await opened.toTheFailure();
      const found = await page.evaluate(() => {
        const NUMBER = /\d\s(?:ms|µs|s|min|h|ppm|[KM]B|%)(?![\p{L}\p{N}])/gu;
        const torn: string[] = [];
        let kept = 0;
        const walk = (root: Node): void => {
          for (const node of root.childNodes) {
            if (node instanceof Element && node.shadowRoot) walk(node.shadowRoot);
            if (!(node instanceof Text)) walk(node);
            else if (!node.parentElement?.closest('style, .unseen')) {
              for (const { 0: text, index } of node.data.matchAll(NUMBER)) {
                const range = document.createRange();
                range.setStart(node, index);
                range.setEnd(node, index + text.length);
                const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)));
                if (lines.size > 1 || text.includes(' ')) torn.push(node.data.trim());
                else kept += 1;
              }
            }
          }
        };
        walk(document.body);
        return { torn: [...new Set(torn)], kept };
      });
      torn.push(...found.torn.map((text) => `${lab}: ${text}`));
      expect(found.kept, `${lab} says something with a unit`).toBeGreaterThan(3);
    }
    expect(torn).toEqual([]);
  });
}
