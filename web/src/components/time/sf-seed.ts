/** Which of the many runs this is, another one, and all of them. */
import { LitElement, css, html } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, unseen } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `new-seed` and `hunt`. */
class SfSeed extends LitElement {
  static override properties = {
    seed: { type: Number },
    hunts: { type: Boolean },
    going: { type: Boolean },
  };

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
      .going {
        color: var(--accent);
      }
      @media (max-width: 39.99em) {
        output,
        span {
          ${unseen}
        }
      }
      @media (max-width: 23.99em) {
        :host {
          gap: 0;
        }
      }
    `,
  ];

  declare seed: number;
  /** Whether a hunt is on the page. */
  declare hunts: boolean;
  /** Whether a hunt goes on, seen or not. */
  declare going: boolean;

  constructor() {
    super();
    this.hunts = false;
    this.going = false;
  }

  /** The button that begins a hunt takes the focus back. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.hunt')?.focus();
  }

  protected override render() {
    return html`
      <output>${words.header.seed(this.seed)}</output>
      <button
        title=${words.header.newSeedHint}
        @click=${() => emit(this, 'new-seed', undefined)}
      >
        ${icons.shuffle}<span>${words.header.newSeed}</span>
      </button>
      <button
        class="hunt ${this.going ? 'going' : ''}"
        aria-expanded=${this.hunts}
        title=${this.going ? words.header.huntGoesOn : words.header.huntHint}
        @click=${() => emit(this, 'hunt', undefined)}
      >
        ${icons.hunt}<span>${words.header.hunt}</span>
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
