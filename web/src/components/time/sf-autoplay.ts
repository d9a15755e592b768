/** Whether a lab plays as soon as it opens. */
import { LitElement, css, html } from 'lit';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `choose`. */
class SfAutoplay extends LitElement {
  static override properties = { on: { type: Boolean } };

  static override styles = [
    base,
    css`
      label {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-height: 2rem;
        font-size: var(--text-m);
      }
    `,
  ];

  declare on: boolean;

  protected override render() {
    return html`
      <label>
        <input
          type="checkbox"
          .checked=${this.on}
          @change=${(event: Event & { target: HTMLInputElement }) =>
            emit(this, 'choose', { autoplay: event.target.checked })}
        />
        ${words.autoplay}
      </label>
    `;
  }
}

define('sf-autoplay', SfAutoplay);

declare global {
  interface HTMLElementTagNameMap {
    'sf-autoplay': SfAutoplay;
  }
}
