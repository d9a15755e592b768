import { expect, test } from './lab.ts';

test.use({ reducedMotion: 'reduce' });

test('with reduced motion playing goes from event to event', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  const first = await page.locator('sf-page').evaluate(async (element) => {
    const { session } = element as import('../src/components/sf-page.ts').SfPage;
    if (!session) throw new Error('no session');
    const times = new Set<number>();
    session.addEventListener('frame', () => times.add(session.timeMs));
    session.play();
    await new Promise<void>((done) => {
      session.addEventListener('frame', () => times.size >= 3 && done());
    });
    session.pause();
    return [...times].slice(0, 3);
  });
  await opened.button('Restart').click();
  const stepped: number[] = [];
  while (stepped.length < 3) {
    await opened.button('Step').click();
    const time = await page
      .locator('sf-page')
      .evaluate((element: import('../src/components/sf-page.ts').SfPage) => element.session?.timeMs ?? -1);
    if (stepped.at(-1) !== time) stepped.push(time);
  }
  expect(first).toEqual(stepped);
});
