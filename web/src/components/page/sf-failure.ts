/** A fault of Slowfire itself: a sentence, what to do, and the run's link to send. */
import { LitElement, css, html } from 'lit';
import type { Failure } from '../../session/run/guarded-run.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `dismiss`. */
class SfFailure extends LitElement {
  static override properties = { failure: { attribute: false } };

  static override styles = [
    base,
    buttons,
    css`
      div {
        display: grid;
        gap: var(--space-2);
        justify-items: start;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--ink);
        border-radius: 8px;
        background: var(--surface);
        font-size: var(--text-m);
        overflow-wrap: anywhere;
      }
      .detail {
        color: var(--muted);
        font-size: var(--text-s);
      }
      button {
        border: 1px solid var(--line);
      }
    `,
  ];

  declare failure: Failure;

  protected override render() {
    const { link, detail, rebuilt } = this.failure;
    return html`
      <div role="alert">
        <p>
          ${words.failure.broke} ${rebuilt ? words.failure.rebuilt : words.failure.lost}
        </p>
        <p>${words.failure.link} <a href=${link}>${link}</a></p>
        <p class="detail">${detail}</p>
        ${rebuilt ? html`<button @click=${() => emit(this, 'dismiss', undefined)}>${words.failure.goOn}</button>` : ''}
      </div>
    `;
  }
}

define('sf-failure', SfFailure);

declare global {
  interface HTMLElementTagNameMap {
    'sf-failure': SfFailure;
  }
}
