/** A picture whose time runs to the right: drag to pan, wheel or buttons to zoom. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { buttons } from '../base/shared.ts';
import { SfPicture, type Place } from './sf-picture.ts';
import { words } from '../../words.ts';

const ZOOM = 1.5;

/** Sends `look` too, when the reader shows another stretch of time. */
export class SfTimePicture extends SfPicture {
  static override styles = [
    ...SfPicture.styles,
    buttons,
    css`
      sf-stage {
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

  constructor() {
    super();
    this.addEventListener('wheel', this.#wheel, { passive: false });
  }

  /** What can be chosen beside how much time is shown. */
  protected choices(): TemplateResult | typeof nothing {
    return nothing;
  }

  protected override render(): TemplateResult {
    return html`
      ${super.render()}
      <div class="tools">
        ${this.choices()}
        <button
          aria-label=${words.spacetime.less}
          title=${words.spacetime.less}
          @click=${() => this.#zoom(1 / ZOOM)}
        >
          ${icons.zoomIn}
        </button>
        <button
          aria-label=${words.spacetime.more}
          title=${words.spacetime.more}
          @click=${() => this.#zoom(ZOOM)}
        >
          ${icons.zoomOut}
        </button>
      </div>
    `;
  }

  protected override dragged(_start: Place, last: Place, at: Place): void {
    this.#pan(last.x - at.x);
  }

  /** A plain wheel scrolls the page; sideways it pans, and with control held it zooms. */
  #wheel(event: WheelEvent): void {
    if (event.ctrlKey) {
      const { left, width } = this.getBoundingClientRect();
      this.#zoom(ZOOM ** (event.deltaY / 100), (event.clientX - left) / width);
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#pan(event.deltaX);
    else return;
    event.preventDefault();
  }

  #pan(pixels: number): void {
    const { window } = this.pictures;
    window.pan((pixels / this.clientWidth) * window.span, this.state.end_ms);
    this.#looked();
  }

  #zoom(factor: number, around = 0.5): void {
    this.pictures.window.zoom(factor, around, this.state.end_ms);
    this.#looked();
  }

  #looked(): void {
    this.paint();
    emit(this, 'look', undefined);
  }
}

define('sf-time-picture', SfTimePicture);

declare global {
  interface HTMLElementTagNameMap {
    'sf-time-picture': SfTimePicture;
  }
}
