/** An address as a QR code. */
import { generate } from 'lean-qr';

export interface QrCode {
  /** How many modules a side has, with the quiet zone around it. */
  side: number;
  /** The dark modules, as the path of an SVG in which a module is 1 by 1. */
  path: string;
}

/** The standard asks for so many light modules on each side (ISO/IEC 18004, 9.1). */
const QUIET = 4;

/** Nothing where the text is longer than any code can hold: 2,953 bytes. */
export function qrCode(text: string): QrCode | undefined {
  try {
    const code = generate(text);
    const dark: string[] = [];
    for (let y = 0; y < code.size; y += 1) {
      for (let x = 0; x < code.size; x += 1) {
        if (code.get(x, y)) dark.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
      }
    }
    return { side: code.size + 2 * QUIET, path: dark.join('') };
  } catch {
    return undefined;
  }
}

/** The same as a file, black on white. */
export function qrFile({ side, path }: QrCode): string {
  const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side * 8}" height="${side * 8}"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image)}`;
}
