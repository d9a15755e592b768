/** The stage: a canvas that follows its box, the screen's resolution and the theme. */
import { LitElement, css, html } from 'lit';
import { readPalette } from '../palette.ts';
import { watchColours } from '../theme.ts';
import { define, emit } from './define.ts';
import { base } from './shared.ts';

/** What paints a moment onto a context whose unit is a CSS pixel. */
export type Painter = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/**
 * Sends `palette` with the colours as JSON, at first and whenever they change.
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
  readonly #box = new ResizeObserver(() => this.paint());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#box.observe(this);
    this.#unwatch = watchColours(() => this.#sendPalette());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#box.disconnect();
    this.#unwatch?.();
  }

  protected override render() {
    return html`<canvas role="img" aria-label=${this.caption}></canvas><slot></slot>`;
  }

  protected override firstUpdated(): void {
    this.#context = this.renderRoot.querySelector('canvas')?.getContext('2d') ?? null;
    this.#sendPalette();
  }

  /** Paints the moment that the painter is at. */
  paint(): void {
    const context = this.#context;
    const { clientWidth: width, clientHeight: height } = this;
    if (!context || width === 0 || height === 0) return;
    const scale = window.devicePixelRatio;
    fit(context.canvas, Math.round(width * scale), Math.round(height * scale));
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.painter(context, width, height);
  }

  #sendPalette(): void {
    emit(this, 'palette', readPalette(this));
  }
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
