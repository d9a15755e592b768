/** Lifts the fog of a perspective, until it is pressed again. */
import { LitElement, css, html } from 'lit';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `toggle-fog`. */
class SfFog extends LitElement {
  static override properties = {
    lifted: { type: Boolean },
  };

  static override styles = [
    base,
    buttons,
    css`
      /* As high as what it stands beside: nothing moves where it comes. */
      button {
        min-height: 1.75rem;
        font-size: var(--text-s);
        white-space: nowrap;
      }
      /* Among sentences it looks like what leads on from them. */
      :host([inline]) button {
        padding: 0;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      button[aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  declare lifted: boolean;

  constructor() {
    super();
    this.lifted = false;
  }

  protected override render() {
    return html`<button
      aria-pressed=${this.lifted}
      title=${words.fog.liftHint}
      @click=${() => emit(this, 'toggle-fog', undefined)}
    >
      ${words.fog.lift}
    </button>`;
  }
}

define('sf-fog', SfFog);

declare global {
  interface HTMLElementTagNameMap {
    'sf-fog': SfFog;
  }
}
