/** A fault of Slowfire itself: a sentence, what to do, and the run's link to send. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import type { Failure } from '../../session/run/failure.ts';
import { ifDefined } from 'lit/directives/if-defined.js';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `dismiss`; or `open-anyway`, where the run was not opened unasked, or could not be loaded. */
class SfFailure extends LitElement {
  static override properties = { failure: { attribute: false }, home: { attribute: false } };

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
  /** An address in the folder of the full page, where the page around is somebody else's. */
  declare home: string | undefined;

  protected override render() {
    return html`<div role="alert">${this.#sentences()}</div>`;
  }

  #sentences(): TemplateResult {
    const { outcome } = this.failure;
    if (outcome === 'held') return this.#held();
    if (outcome === 'replaced') return this.#replaced();
    return outcome === 'unloaded' ? this.#unloaded() : this.#told();
  }

  #told(): TemplateResult {
    const { link, detail, outcome } = this.failure;
    return html`
      <p>${words.failure.broke} ${words.failure.outcome[outcome]}</p>
      <p>${words.failure.link} ${this.#link(link, this.#full(link))}</p>
      <p class="detail">${detail}</p>
      ${
        outcome === 'none'
          ? this.#allLabs()
          : html`<button @click=${() => emit(this, 'dismiss', undefined)}>${words.failure.goOn}</button>`
      }
    `;
  }

  #unloaded(): TemplateResult {
    return html`
      <p>${this.failure.detail}</p>
      <button @click=${() => emit(this, 'open-anyway', undefined)}>${words.failure.again}</button>
      ${this.#allLabs()}
    `;
  }

  #allLabs(): TemplateResult {
    return this.#link('#/', words.failure.allLabs);
  }

  /** Beside somebody else's page, so that this one stays. */
  #link(link: string, text: string): TemplateResult {
    const target = this.home === undefined ? undefined : '_blank';
    return html`<a href=${this.#full(link)} target=${ifDefined(target)} rel="noopener">${text}</a>`;
  }

  #full(link: string): string {
    return this.home === undefined ? link : new URL(`./${link.slice(link.indexOf('#'))}`, this.home).href;
  }

  /** The address holds the link already; but somebody else's page is not loaded again for that. */
  #replaced(): TemplateResult {
    return html`
      <p>${this.failure.detail}</p>
      ${
        this.home === undefined
          ? html`<button @click=${() => window.location.reload()}>${words.failure.newer}</button>`
          : this.#link(this.failure.link, words.embed.open)
      }
    `;
  }

  #held(): TemplateResult {
    const { link } = this.failure;
    return html`
      <p>${words.failure.held}</p>
      <p class="detail">${link}</p>
      <button @click=${() => emit(this, 'open-anyway', undefined)}>${words.failure.open}</button>
      ${this.#allLabs()}
    `;
  }
}

define('sf-failure', SfFailure);

declare global {
  interface HTMLElementTagNameMap {
    'sf-failure': SfFailure;
  }
}
