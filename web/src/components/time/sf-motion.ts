/** Whether messages glide or go from event to event: as the system says, or as the reader does. */
import { LitElement, css, html } from 'lit';
import type { Motion } from '../../session/choices.ts';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';
import { words } from '../../words.ts';

const MOTIONS: readonly Motion[] = ['system', 'full', 'reduced'];

/** Sends `choose`. */
class SfMotion extends LitElement {
  static override properties = { motion: { type: String } };

  static override styles = [
    base,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--text-m);
      }
      select {
        min-height: 2rem;
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
      }
    `,
  ];

  declare motion: Motion;

  protected override render() {
    return html`
      <label>
        ${words.motion.label}
        <select
          @change=${(event: Event & { target: HTMLSelectElement }) =>
            emit(this, 'choose', { motion: event.target.value as Motion })}
        >
          ${MOTIONS.map(
            (motion) =>
              html`<option value=${motion} ?selected=${motion === this.motion}>${words.motion[motion]}</option>`,
          )}
        </select>
      </label>
    `;
  }
}

define('sf-motion', SfMotion);

declare global {
  interface HTMLElementTagNameMap {
    'sf-motion': SfMotion;
  }
}
