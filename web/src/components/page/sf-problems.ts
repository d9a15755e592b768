/** What could not be used of a link or a value, and what a link may not show any more, in plain sentences. */
import { LitElement, type TemplateResult, css, html, nothing } from 'lit';
import { define, emit } from '../base/define.ts';
import { unbroken } from '../../format.ts';
import * as icons from '../base/icons.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import { base, buttons, folds } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `dismiss`, and `dismiss-note`. */
class SfProblems extends LitElement {
  static override properties = {
    problems: { attribute: false },
    note: { attribute: false },
    home: { attribute: false },
  };

  static override styles = [
    base,
    buttons,
    folds,
    css`
      div {
        display: flex;
        gap: var(--space-3);
        align-items: start;
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border-inline-start: 3px solid var(--accent);
        background: var(--surface);
      }
      ul,
      details {
        flex: 1;
        font-size: var(--text-m);
      }
      ul {
        display: grid;
        gap: var(--space-1);
        padding-block: var(--space-2);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare problems: string[];
  /** Nothing is wrong, but the reader should know: a sentence, and what it is about in more. */
  declare note: string[];
  /** An address in the folder of the full page, where this is not the full page. */
  declare home: string | undefined;

  constructor() {
    super();
    new KeepsFocus(this);
  }

  protected override render() {
    const [sentence, ...more] = this.note;
    return html`
      ${this.problems.length === 0 ? nothing : this.#told('alert', html`${list(this.problems)} ${this.#allLabs()}`, 'dismiss')}
      ${sentence === undefined ? nothing : this.#told('status', withMore(sentence, more), 'dismiss-note')}
    `;
  }

  /** Beside somebody else's page, so that this one stays. */
  #allLabs(): TemplateResult {
    const { home } = this;
    if (home === undefined) return html`<a href="#/">${words.problems.allLabs}</a>`;
    return html`<a href=${new URL('./#/', home).href} target="_blank" rel="noopener">${words.problems.allLabs}</a>`;
  }

  #told(role: 'alert' | 'status', what: TemplateResult, dismissal: 'dismiss' | 'dismiss-note') {
    return html`
      <div role=${role}>
        ${what}
        <button aria-label=${words.problems.dismiss} title=${words.problems.dismiss} @click=${() => emit(this, dismissal, undefined)}>
          ${icons.close}
        </button>
      </div>
    `;
  }
}

function list(sentences: string[]): TemplateResult {
  return html`<ul>
    ${sentences.map((sentence) => html`<li>${unbroken(sentence)}</li>`)}
  </ul>`;
}

function withMore(sentence: string, more: string[]): TemplateResult {
  if (more.length === 0) return list([sentence]);
  return html`<details>
    <summary>${unbroken(sentence)}</summary>
    ${list(more)}
  </details>`;
}

define('sf-problems', SfProblems);

declare global {
  interface HTMLElementTagNameMap {
    'sf-problems': SfProblems;
  }
}
