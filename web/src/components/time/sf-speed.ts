/** How fast virtual time runs: a logarithmic slider. */
import { LitElement, css, html } from 'lit';
import { FASTEST, SLOWEST } from '../../session/playing/speed.ts';
import { cssValues } from '../base/css-values.ts';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';
import { track } from '../base/track.ts';
import { words } from '../../words.ts';

const STOPS = 46;

/** Sends `speed` with virtual seconds per real second. */
class SfSpeed extends LitElement {
  static override properties = { speed: { type: Number } };

  static override styles = [
    base,
    track,
    css`
      label {
        display: grid;
        position: relative;
        grid-template-columns: minmax(3.5rem, var(--length, 7rem)) 2.5rem;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--text-s);
      }
      @media (max-width: 39.99em) {
        label {
          --length: 1fr;
        }
      }
    `,
  ];

  declare speed: number;

  protected override render() {
    const share = Math.log(this.speed / SLOWEST) / Math.log(FASTEST / SLOWEST);
    const shown = Number(this.speed.toPrecision(2));
    return html`
      <label title=${words.speed.hint}>
        <span class="unseen">${words.speed.label}</span>
        <input
          type="range"
          aria-label=${words.speed.label}
          min="0"
          max=${STOPS}
          .value=${String(Math.round(share * STOPS))}
          aria-valuetext=${words.speed.ofRealTime(shown)}
          ${cssValues({ '--from': 0, '--to': share })}
          @input=${this.#move}
        />
        <output>${words.speed.times(shown)}</output>
      </label>
    `;
  }

  #move(event: Event & { target: HTMLInputElement }): void {
    const speed = SLOWEST * (FASTEST / SLOWEST) ** (event.target.valueAsNumber / STOPS);
    emit(this, 'speed', Number(speed.toPrecision(2)));
  }
}

define('sf-speed', SfSpeed);

declare global {
  interface HTMLElementTagNameMap {
    'sf-speed': SfSpeed;
  }
}
