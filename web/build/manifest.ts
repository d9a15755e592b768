/** What a device needs to know to install the page as an app. */
import { readFile } from 'node:fs/promises';
import { raster } from './raster.ts';
import type { SiteFile } from './template.ts';

const SIDES = [192, 512];

export async function manifestFiles(): Promise<SiteFile[]> {
  const icon = await readFile(new URL('../src/style/icon.svg', import.meta.url), 'utf8');
  // It may be cut to a circle, and stands on no ground of its own.
  const framed = icon
    .replace('viewBox="0 0 32 32"', 'viewBox="-8 -8 48 48"')
    .replace('<path', '<rect x="-8" y="-8" width="48" height="48" fill="#fbfaf7"/><path')
    .replace(/@media[^<]*(?=<)/, '');
  const icons = await Promise.all(
    SIDES.map(async (side) => ({ fileName: `icon-${side}.png`, source: await raster(framed, side) })),
  );
  const manifest = {
    name: 'Slowfire',
    description: 'Watch a distributed system fail: slowly, on purpose, and the same way every time.',
    lang: 'en',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#fbfaf7',
    icons: SIDES.map((side) => ({
      src: `icon-${side}.png`,
      sizes: `${side}x${side}`,
      type: 'image/png',
      purpose: 'any maskable',
    })),
  };
  return [
    ...icons,
    { fileName: 'manifest.webmanifest', source: `${JSON.stringify(manifest, undefined, 2)}\n` },
  ];
}
