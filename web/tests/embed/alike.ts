/** Compares pictures of a page as eyes do. */
import type { Page } from '@playwright/test';

/** By so much of 255 a browser's own pictures of one and the same page differ: along round corners, as it painted them in one go or not. */
const NEAR = 2;

/** Whether two pictures look the same. */
export async function alike(page: Page, one: Buffer, other: Buffer): Promise<boolean> {
  return one.equals(other) || (await difference(page, one, other)) <= NEAR;
}

/** The most by which a colour of a pixel differs. Pages have policies of their own: an empty one unpacks the pictures. */
async function difference(page: Page, ...pictures: Buffer[]): Promise<number> {
  const empty = await page.context().newPage();
  const found = await empty.evaluate(
    async (sources) => {
      const unpacked = async (source: string) => {
        const bytes = Uint8Array.from(atob(source), (char) => char.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context?.drawImage(bitmap, 0, 0);
        return [...(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])];
      };
      const [one = [], other = []] = await Promise.all(sources.map(unpacked));
      if (one.length !== other.length) return Infinity;
      return one.reduce((most, value, place) => Math.max(most, Math.abs(value - (other[place] ?? 0))), 0);
    },
    pictures.map((picture) => picture.toString('base64')),
  );
  await empty.close();
  return found;
}
