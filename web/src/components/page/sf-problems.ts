/** What could not be used of a link or a value, and what a link may not show any more, in plain sentences. */
import { LitElement, css, html, nothing } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';

/** Sends `dismiss`. */
class SfProblems extends LitElement {
  static override properties = { problems: { attribute: false }, note: { attribute: false } };

  static override styles = [
    base,
    buttons,
    css`
      div {
        display: flex;
        gap: var(--space-3);
        align-items: start;
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border-inline-start: 3px solid var(--accent);
        background: var(--surface);
      }
      ul {
        flex: 1;
        display: grid;
        gap: var(--space-1);
        padding-block: var(--space-2);
        font-size: var(--text-m);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare problems: string[];
  /** Nothing is wrong, but the reader should know. */
  declare note: string | undefined;

  protected override render() {
    const notes = this.note === undefined ? [] : [this.note];
    return html`${this.#told('alert', this.problems)}${this.#told('status', notes)}`;
  }

  #told(role: 'alert' | 'status', sentences: string[]) {
    if (sentences.length === 0) return nothing;
    return html`
      <div role=${role}>
        <ul>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>
        <button aria-label="Dismiss" title="Dismiss" @click=${() => emit(this, 'dismiss', undefined)}>
          ${icons.close}
        </button>
      </div>
    `;
  }
}

define('sf-problems', SfProblems);

declare global {
  interface HTMLElementTagNameMap {
    'sf-problems': SfProblems;
  }
}
