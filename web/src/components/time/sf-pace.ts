/** How a playing run treats what is dull and what is dense. */
import { LitElement, css, html } from 'lit';
import type { Choices } from '../../session/choices.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, unseen } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `choose`. */
class SfPace extends LitElement {
  static override properties = { choices: { attribute: false } };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        gap: var(--space-1);
      }
      button {
        border: 1px solid transparent;
      }
      [aria-pressed='true'] {
        border-color: var(--accent);
        color: var(--accent);
      }
      /* Forced colours draw what is transparent. */
      @media (forced-colors: active) {
        [aria-pressed='false'] {
          border-color: Canvas;
        }
      }
      @media (max-width: 75em) {
        span {
          ${unseen}
        }
      }
    `,
  ];

  declare choices: Choices;

  protected override render() {
    const { follow, skipQuiet } = this.choices;
    return html`
      <button
        aria-pressed=${follow}
        title=${words.pace.slowDownHint}
        @click=${() => emit(this, 'choose', { follow: !follow })}
      >
        ${icons.follow}<span>${words.pace.slowDown}</span>
      </button>
      <button
        aria-pressed=${skipQuiet}
        title=${words.pace.skipHint}
        @click=${() => emit(this, 'choose', { skipQuiet: !skipQuiet })}
      >
        ${icons.skip}<span>${words.pace.skip}</span>
      </button>
    `;
  }
}

define('sf-pace', SfPace);

declare global {
  interface HTMLElementTagNameMap {
    'sf-pace': SfPace;
  }
}
