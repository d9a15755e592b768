/** Files that are opened, and what the page says of them. */
import type { Page } from '@playwright/test';

/** A history in which a read returns what was overwritten before. */
export const STALE = `{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
`;

export async function choose(page: Page, text: string, name = 'history.edn') {
  await page.goto('index.html#history');
  await pick(page, text, name);
}

/** Chooses a file beside what is shown. */
export async function pick(page: Page, text: string, name: string) {
  await page.locator('sf-opened input[type=file]').setInputFiles({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  });
}

export const heading = (page: Page) => page.locator('sf-opened h1');
export const status = (page: Page) => page.locator('sf-opened p[role=status]');

export async function drop(page: Page, text: string, name: string) {
  const transfer = await page.evaluateHandle(
    ([content = '', called = '']) => {
      const data = new DataTransfer();
      data.items.add(new File([content], called));
      return data;
    },
    [text, name],
  );
  await page.dispatchEvent('sf-app', 'drop', { dataTransfer: transfer });
}
