/** Where the run is between its beginning and its end; drag to go elsewhere. */
import { LitElement, css, html } from 'lit';
import { moment } from '../format.ts';
import { define, emit } from './define.ts';
import { base } from './shared.ts';
import { track } from './track.ts';

/** A press of an arrow key moves by this much; a drag is rounded to it. */
const GRAIN_MS = 10;

/** Sends `seek` with a moment in virtual milliseconds; `hold` and `release` around a drag. */
export class SfTimeBar extends LitElement {
  static override properties = {
    time: { type: Number },
    end: { type: Number },
    marks: { attribute: false },
  };

  static override styles = [
    base,
    track,
    css`
      :host {
        position: relative;
      }
      .mark {
        position: absolute;
        top: 0;
        width: 2px;
        height: 0.375rem;
        margin-inline-start: -1px;
        background: var(--danger);
        pointer-events: none;
      }
    `,
  ];

  declare time: number;
  declare end: number;
  /** Moments at which a check was violated. */
  declare marks: number[];

  protected override render() {
    const share = this.end > 0 ? this.time / this.end : 0;
    return html`
      <input
        type="range"
        aria-label="Time"
        min="0"
        max=${Math.round(this.end / GRAIN_MS)}
        .value=${String(Math.round(this.time / GRAIN_MS))}
        aria-valuetext="${moment(this.time)} of ${moment(this.end)}"
        style="--from: 0; --to: ${share}"
        @input=${(event: Event & { target: HTMLInputElement }) =>
          emit(this, 'seek', event.target.valueAsNumber * GRAIN_MS)}
        @pointerdown=${this.#hold}
      />
      ${this.marks.map(
        (mark) => html`<span
          class="mark"
          style="left: calc(0.5rem + (100% - 1rem) * ${mark / this.end})"
        ></span>`,
      )}
    `;
  }

  /** The pointer may be let go anywhere. */
  #hold(): void {
    emit(this, 'hold', undefined);
    const held = new AbortController();
    const release = () => {
      held.abort();
      emit(this, 'release', undefined);
    };
    for (const end of ['pointerup', 'pointercancel']) {
      window.addEventListener(end, release, { signal: held.signal });
    }
  }
}

define('sf-time-bar', SfTimeBar);

declare global {
  interface HTMLElementTagNameMap {
    'sf-time-bar': SfTimeBar;
  }
}
