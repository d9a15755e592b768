/** What could not be used of a link or a value, in plain sentences. */
import { LitElement, css, html, nothing } from 'lit';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';

/** Sends `dismiss`. */
class SfProblems extends LitElement {
  static override properties = { problems: { attribute: false } };

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

  protected override render() {
    if (this.problems.length === 0) return nothing;
    return html`
      <div role="alert">
        <ul>
          ${this.problems.map((problem) => html`<li>${problem}</li>`)}
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
