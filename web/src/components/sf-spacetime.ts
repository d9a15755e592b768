/** The space-time diagram: drag to pan, wheel or buttons to zoom, an event for its card. */
import { LitElement, css, html } from 'lit';
import type { Figure } from '../figure.ts';
import { define, emit } from './define.ts';
import * as icons from './icons.ts';
import { base, buttons } from './shared.ts';
import type { Painter, SfStage } from './sf-stage.ts';
import './sf-stage.ts';

const TAP_PX = 6;
const ZOOM = 1.5;

/** Sends `select`, `select-at`, and `choose` for the way time is drawn. */
export class SfSpacetime extends LitElement {
  static override properties = {
    figure: { attribute: false },
    painter: { attribute: false },
    caption: { type: String },
    end: { type: Number },
    bent: { type: Boolean },
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
  declare bent: boolean;

  #last: { x: number; moved: number } | undefined;

  constructor() {
    super();
    this.addEventListener('wheel', this.#wheel, { passive: false });
  }

  paint(): void {
    this.#stage?.paint();
  }

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
        <label title="Each node’s line by what its own clock says">
          <input
            type="checkbox"
            .checked=${this.bent}
            @change=${(event: Event & { target: HTMLInputElement }) =>
              emit(this, 'choose', { bent: event.target.checked })}
          />
          Own clocks
        </label>
        <button aria-label="Show less time" title="Show less time" @click=${() => this.#zoom(1 / ZOOM)}>
          ${icons.zoomIn}
        </button>
        <button aria-label="Show more time" title="Show more time" @click=${() => this.#zoom(ZOOM)}>
          ${icons.zoomOut}
        </button>
      </div>
    `;
  }

  get #stage(): SfStage | null {
    return this.renderRoot.querySelector('sf-stage');
  }

  #down(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    this.#last = { x: event.clientX, moved: 0 };
    this.#stage?.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const last = this.#last;
    if (!last) return;
    const dx = event.clientX - last.x;
    this.#last = { x: event.clientX, moved: last.moved + Math.abs(dx) };
    if (this.#last.moved <= TAP_PX) return;
    const { window } = this.figure;
    window.pan((-dx / this.clientWidth) * window.span, this.end);
    this.paint();
  }

  #up(event: PointerEvent): void {
    const last = this.#last;
    this.#cancel();
    if (!last || last.moved > TAP_PX) return;
    const { left, top, width, height } = this.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    emit(this, 'select-at', x / width);
    emit(this, 'select', this.figure.pickEvent(x, y, width, height));
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
    this.paint();
  }

  #zoom(factor: number): void {
    this.figure.window.zoom(factor, 0.5, this.end);
    this.paint();
  }
}

define('sf-spacetime', SfSpacetime);

declare global {
  interface HTMLElementTagNameMap {
    'sf-spacetime': SfSpacetime;
  }
}
