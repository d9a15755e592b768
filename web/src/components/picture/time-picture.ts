/** What pictures have in common whose time runs to the right: drag to pan, wheel or buttons to zoom. */
import { LitElement, css, html, type TemplateResult, type nothing } from 'lit';
import type { Figure } from '../../session/figure.ts';
import { emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import type { Painter, SfStage } from './sf-stage.ts';
import './sf-stage.ts';

const TAP_PX = 6;
const ZOOM = 1.5;

/** Sends `look` when the reader shows another stretch of time. */
export abstract class TimePicture extends LitElement {
  static override properties = {
    figure: { attribute: false },
    painter: { attribute: false },
    caption: { type: String },
    end: { type: Number },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: relative;
        min-width: 0;
        min-height: 0;
        touch-action: pan-y;
        user-select: none;
        -webkit-user-select: none;
      }
      sf-stage {
        position: absolute;
        inset: 0;
        cursor: grab;
      }
      .tools {
        position: absolute;
        inset: auto 0 0 auto;
        display: flex;
        align-items: center;
        background: color-mix(in srgb, var(--ground) 85%, transparent);
        font-size: var(--text-s);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        min-height: 1.75rem;
        padding-inline: var(--space-2);
        cursor: pointer;
      }
      input {
        width: 1rem;
        height: 1rem;
        margin: 0;
        accent-color: var(--accent);
      }
      button {
        min-width: 1.75rem;
        min-height: 1.75rem;
        padding: 0 var(--space-1);
      }
    `,
  ];

  declare figure: Figure;
  declare painter: Painter;
  declare caption: string;
  declare end: number;

  #last: { x: number; moved: number } | undefined;

  constructor() {
    super();
    this.addEventListener('wheel', this.#wheel, { passive: false });
  }

  paint(): void {
    this.renderRoot.querySelector<SfStage>('sf-stage')?.paint();
  }

  /** What can be chosen beside how much time is shown. */
  protected abstract choices(): TemplateResult | typeof nothing;

  /** A place of the picture was tapped. */
  protected abstract tap(x: number, y: number, width: number, height: number): void;

  protected override render() {
    return html`
      <sf-stage
        .painter=${this.painter}
        caption=${this.caption}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#cancel}
      ></sf-stage>
      <div class="tools">
        ${this.choices()}
        <button aria-label="Show less time" title="Show less time" @click=${() => this.#zoom(1 / ZOOM)}>
          ${icons.zoomIn}
        </button>
        <button aria-label="Show more time" title="Show more time" @click=${() => this.#zoom(ZOOM)}>
          ${icons.zoomOut}
        </button>
      </div>
    `;
  }

  #down(event: PointerEvent & { currentTarget: Element }): void {
    if (!event.isPrimary || event.button !== 0) return;
    this.#last = { x: event.clientX, moved: 0 };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const last = this.#last;
    if (!last) return;
    const dx = event.clientX - last.x;
    this.#last = { x: event.clientX, moved: last.moved + Math.abs(dx) };
    if (this.#last.moved <= TAP_PX) return;
    const { window } = this.figure;
    window.pan((-dx / this.clientWidth) * window.span, this.end);
    this.#looked();
  }

  #up(event: PointerEvent): void {
    const last = this.#last;
    this.#cancel();
    if (!last || last.moved > TAP_PX) return;
    const { left, top, width, height } = this.getBoundingClientRect();
    this.tap(event.clientX - left, event.clientY - top, width, height);
  }

  #cancel(): void {
    this.#last = undefined;
  }

  /** A plain wheel scrolls the page; sideways it pans, and with control held it zooms. */
  #wheel(event: WheelEvent): void {
    const { window } = this.figure;
    if (event.ctrlKey) {
      const { left, width } = this.getBoundingClientRect();
      window.zoom(ZOOM ** (event.deltaY / 100), (event.clientX - left) / width, this.end);
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      window.pan((event.deltaX / this.clientWidth) * window.span, this.end);
    } else return;
    event.preventDefault();
    this.#looked();
  }

  #zoom(factor: number): void {
    this.figure.window.zoom(factor, 0.5, this.end);
    this.#looked();
  }

  #looked(): void {
    this.paint();
    emit(this, 'look', undefined);
  }
}
