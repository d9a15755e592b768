/**
 * A drawing as a PNG.
 *
 * resvg as WebAssembly, with a font of its own beside it: the same bytes on every machine, whatever is installed there, and no
 * browser in the build.
 */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const FONT = 'Source Sans 3';
const MODULES = new URL('../node_modules/', import.meta.url);
const fontFile = (weight: number) =>
  readFile(new URL(`@fontsource/source-sans-3/files/source-sans-3-latin-${weight}-normal.woff2`, MODULES));

let ready: Promise<Buffer[]> | undefined;

async function load(): Promise<Buffer[]> {
  await initWasm(await readFile(new URL('@resvg/resvg-wasm/index_bg.wasm', MODULES)));
  return Promise.all([fontFile(400), fontFile(600)]);
}

/** `width` is in pixels. */
export async function raster(svg: string, width: number): Promise<Buffer> {
  const fontBuffers = await (ready ??= load());
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { fontBuffers, defaultFontFamily: FONT, sansSerifFamily: FONT },
  });
  try {
    return Buffer.from(drawing.render().asPng());
  } finally {
    drawing.free();
  }
}
