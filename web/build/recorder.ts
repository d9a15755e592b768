/** A canvas that writes down what is painted on it, as marks of SVG: what `crates/wasm/src/canvas.rs` calls, and no more. */
import { escaped } from '../src/files/markup.ts';

const short = (length: number) => String(Math.round(length * 10) / 10);

export class Recorder {
  readonly marks: string[] = [];
  globalAlpha = 1;
  lineWidth = 1;
  font = '';
  textAlign: 'left' | 'center' | 'right' = 'left';
  textBaseline = '';
  lineJoin = '';
  lineCap = '';
  fillStyle = '';
  strokeStyle = '';
  readonly #classOf: (colour: string) => string;
  #path = '';
  #dashes: readonly number[] = [];

  /** `classOf` names a colour: `k3`. */
  constructor(classOf: (colour: string) => string) {
    this.#classOf = classOf;
  }

  clearRect(): void {
    this.marks.length = 0;
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  /** A whole circle: there are no others. */
  arc(x: number, y: number, radius: number): void {
    const [r, d] = [short(radius), short(2 * radius)];
    this.#path += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0-${d} 0Z`;
  }

  fill(): void {
    this.#mark(`path class="${this.#class('f', this.fillStyle)}" d="${this.#path}"`);
  }

  stroke(): void {
    const dashes = this.#dashes.length > 0 ? ` stroke-dasharray="${this.#dashes.join(' ')}"` : '';
    const width = ` stroke-width="${short(this.lineWidth)}"`;
    this.#mark(`path class="${this.#class('s', this.strokeStyle)}"${width}${dashes} d="${this.#path}"`);
  }

  setLineDash(dashes: readonly number[]): void {
    this.#dashes = dashes;
  }

  strokeText(): void {
    // The margin of ground around letters is drawn with them.
  }

  fillText(words: string, x: number, y: number): void {
    const anchor = { left: '', center: ' text-anchor="middle"', right: ' text-anchor="end"' }[
      this.textAlign
    ];
    const [, bold = '', size = '12'] = /^(bold |\d{3} )?.*?([\d.]+)px/.exec(this.font) ?? [];
    const weight = bold === '' ? '' : ` font-weight="${bold.trim()}"`;
    const text = escaped(words);
    // The middle of the letters, as a canvas means it.
    const baseline = short(y + Number(size) * 0.36);
    const classes = `${this.#class('f', this.fillStyle)}${bold === '' ? ' s0' : ''}`;
    this.#mark(
      `text class="${classes}" x="${short(x)}" y="${baseline}" font-size="${short(Number(size))}"${weight}${anchor}`,
      text,
    );
  }

  #class(way: 'f' | 's', colour: string): string {
    return this.#classOf(colour).replace('k', way);
  }

  #mark(mark: string, text?: string): void {
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : '';
    const name = mark.slice(0, mark.indexOf(' '));
    this.marks.push(text === undefined ? `<${mark}${alpha}/>` : `<${mark}${alpha}>${text}</${name}>`);
  }
}
