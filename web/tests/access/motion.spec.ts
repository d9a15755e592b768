import type { SfPage } from '../../src/components/page/sf-page.ts';
import { expect, test } from '../lab.ts';

test.use({ reducedMotion: 'reduce' });

test('with reduced motion playing goes from event to event', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  const element = page.locator('sf-page');
  const played = await element.evaluate(async ({ session }: SfPage) => {
    if (!session) throw new Error('no session');
    const digests = [session.digest()];
    await new Promise<void>((done) => {
      session.addEventListener('frame', () => {
        const digest = session.digest();
        if (digests.at(-1) !== digest) digests.push(digest);
        if (digests.length === 4) done();
      });
      session.player.play();
    });
    session.player.pause();
    return digests;
  });
  await opened.button('Restart').click();
  const stepped = [await opened.digest()];
  while (stepped.length < 4) {
    await opened.button('Step').click();
    stepped.push(await opened.digest());
  }
  expect(played).toEqual(stepped);
});

test('with reduced motion a step of the story is there at once, and the run rests there for no other reason', async ({
  lab,
  page,
}) => {
  const opened = await lab('#/timeout-tuning?t=3.7s');
  await opened.play.click();
  const rests = () =>
    page.locator('sf-page').evaluate(({ session }: SfPage) => session?.player.rests ?? 'no');
  await expect.poll(rests).toBe('violation');
  await page.locator('sf-story').getByRole('button', { name: 'Next step' }).click();
  expect(await rests()).toBe('goal');
});
