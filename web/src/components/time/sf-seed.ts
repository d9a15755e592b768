/** Which of the many runs this is, and another one. */
import { LitElement, css, html } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, unseen } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `new-seed`. */
class SfSeed extends LitElement {
  static override properties = { seed: { type: Number } };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        font-size: var(--text-s);
        white-space: nowrap;
      }
      output {
        color: var(--muted);
      }
      @media (max-width: 39.99em) {
        output,
        span {
          ${unseen}
        }
      }
    `,
  ];

  declare seed: number;

  protected override render() {
    return html`
      <output>${words.header.seed(this.seed)}</output>
      <button
        title=${words.header.newSeedHint}
        @click=${() => emit(this, 'new-seed', undefined)}
      >
        ${icons.shuffle}<span>${words.header.newSeed}</span>
      </button>
    `;
  }
}

define('sf-seed', SfSeed);

declare global {
  interface HTMLElementTagNameMap {
    'sf-seed': SfSeed;
  }
}
