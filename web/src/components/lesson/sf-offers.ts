/** What a lab offers beside its story: to be asked first, and to be challenged. Sends `guess-first`, and `to-challenges`. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

class SfOffers extends LitElement {
  static override properties = { asks: { type: Boolean }, challenges: { type: Boolean } };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        gap: var(--space-1);
      }
      button {
        min-height: 1.75rem;
        padding: 0 var(--space-2);
        color: var(--accent);
        font-size: var(--text-s);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
    `,
  ];

  /** Whether the lab has something to ask before it tells. */
  declare asks: boolean;
  /** Whether it has challenges. */
  declare challenges: boolean;

  protected override render() {
    return html`
      ${this.asks ? this.#offer('guess-first', words.story.guess, words.story.guessHint) : nothing}
      ${this.challenges ? this.#offer('to-challenges', words.story.challenge, words.challenges.hint) : nothing}
    `;
  }

  #offer(request: string, text: string, hint: string): TemplateResult {
    return html`<button title=${hint} @click=${() => emit(this, request, undefined)}>${text}</button>`;
  }
}

define('sf-offers', SfOffers);

declare global {
  interface HTMLElementTagNameMap {
    'sf-offers': SfOffers;
  }
}
