/** The stage: a canvas that follows its box, the screen's resolution and the theme. */
import { LitElement, css, html } from 'lit';
import { readPalette } from '../../style/palette.ts';
import { watchColours } from '../../style/theme.ts';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';

/** What paints a moment onto a context whose unit is a CSS pixel. */
export type Painter = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/**
 * Sends `palette` with the colours as JSON, before it paints first and whenever they change.
 * What it shows is in the DOM too: an `sf-mirror` belongs into its slot.
 */
export class SfStage extends LitElement {
  static override properties = {
    painter: { attribute: false },
    caption: { type: String },
  };

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        min-width: 0;
        min-height: 0;
        overflow: hidden;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  declare painter: Painter;
  /** What the picture is of. */
  declare caption: string;

  #context: CanvasRenderingContext2D | null = null;
  #unwatch: (() => void) | undefined;
  #size: Size = { width: 0, height: 0, pixelWidth: 0, pixelHeight: 0 };
  readonly #resizes = new ResizeObserver(([entry]) => {
    if (!entry) return;
    // Colours are read where styles are known, else the browser would have to work them out for that alone.
    if (this.#size.pixelWidth === 0) this.#sendPalette();
    this.#size = sizeOf(entry);
    // The frame in which a page is laid out has enough to do. Until the next one the browser stretches the picture.
    requestAnimationFrame(() => this.paint());
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchColours(this, () => this.#sendPalette());
    this.#watchSize();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#unwatch?.();
  }

  protected override render() {
    return html`<canvas role="img" aria-label=${this.caption}></canvas><slot></slot>`;
  }

  protected override firstUpdated(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    this.#context = canvas.getContext('2d');
    this.#watchSize();
  }

  /** Paints the moment that the painter is at. */
  paint(): void {
    const context = this.#context;
    const { width, height, pixelWidth, pixelHeight } = this.#size;
    if (!context || pixelWidth === 0 || pixelHeight === 0) return;
    fit(context.canvas, pixelWidth, pixelHeight);
    context.setTransform(pixelWidth / width, 0, 0, pixelHeight / height, 0, 0);
    this.painter(context, width, height);
  }

  /** Once there is a canvas; again when the stage is put somewhere else. */
  #watchSize(): void {
    if (this.#context) observePixels(this.#resizes, this.#context.canvas);
  }

  #sendPalette(): void {
    emit(this, 'palette', readPalette(this.renderRoot));
  }
}

/** A box in CSS pixels, and in the pixels of the screen that it covers. */
interface Size {
  width: number;
  height: number;
  pixelWidth: number;
  pixelHeight: number;
}

/** Boxes have fractional sizes; only the browser knows which pixels it gives them. */
function observePixels(observer: ResizeObserver, canvas: HTMLCanvasElement): void {
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(canvas);
  }
}

/** Not every browser tells how many of the screen's pixels a box covers. */
type Entry = Pick<ResizeObserverEntry, 'contentRect'> & Partial<ResizeObserverEntry>;

function sizeOf({ contentRect, devicePixelContentBoxSize }: Entry): Size {
  const { width, height } = contentRect;
  const pixels = devicePixelContentBoxSize?.[0];
  return {
    width,
    height,
    pixelWidth: snapped(width, pixels?.inlineSize),
    pixelHeight: snapped(height, pixels?.blockSize),
  };
}

/** The browser's count of pixels, where it has one and that one is of this screen's resolution. */
function snapped(length: number, pixels: number | undefined): number {
  const exact = length * window.devicePixelRatio;
  return pixels !== undefined && Math.abs(pixels - exact) <= 1 ? pixels : Math.round(exact);
}

/** Setting a canvas's size clears it, so it is set only when it changes. */
function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

define('sf-stage', SfStage);

declare global {
  interface HTMLElementTagNameMap {
    'sf-stage': SfStage;
  }
}
