/** Links that ask for much, as a reader follows them: no task of the page is long, and each way comes to its end. */
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { heavyLinks } from '../heavy.mjs';
import { expect, openLab, test } from '../lab.ts';

/**
 * How long a task may take on a busy machine. How long calls of the simulator take in time of the processor, whatever else the
 * machine does, is held to 50 ms in `tests/node/heavy.test.mjs`; these links once took from 10 s to minutes.
 */
const LONGEST_MS = 1000;

for (const link of heavyLinks(6)) {
  test(`opens, goes to the end and flips each defence: ${link.slice(0, 80)}`, async ({ page }) => {
    test.setTimeout(240_000);
    await openLab(page, link);
    const tasks = await page.locator('sf-app').evaluate(async ({ session }: SfApp) => {
      if (!session) throw new Error('there is no run');
      const tasks: number[] = [];
      const channel = new MessageChannel();
      const frame = () =>
        new Promise<void>((done) => {
          requestAnimationFrame(() => {
            const begun = performance.now();
            // Comes after the frame's other scripts, its layout and its painting.
            channel.port1.onmessage = () => {
              tasks.push(performance.now() - begun);
              done();
            };
            channel.port2.postMessage(undefined);
          });
        });
      const arrive = async () => {
        for (let frames = 0; frames < 3;) {
          await frame();
          const isThere = session.timeMs >= Math.min(session.aimMs, session.state.end_ms);
          frames = isThere ? frames + 1 : 0;
        }
      };
      const act = async (work: () => void) => {
        const begun = performance.now();
        work();
        tasks.push(performance.now() - begun);
        await arrive();
      };
      session.choose({ view: 'both' });
      await act(() => session.travel.seek(session.state.end_ms));
      for (const [id, on] of Object.entries(session.state.defences))
        await act(() => session.edits.defend(id, !on));
      session.choose({ view: 'history' });
      await act(() => session.travel.seek(session.state.end_ms / 2));
      return tasks;
    });
    expect(tasks.length).toBeGreaterThan(10);
    expect(Math.max(...tasks)).toBeLessThan(LONGEST_MS);
  });
}
