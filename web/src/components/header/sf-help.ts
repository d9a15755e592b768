/** The help sheet: what the keys do. */
import { LitElement, css, html } from 'lit';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, sheets } from '../base/shared.ts';
import { Sheet } from '../base/sheet.ts';
import { MARKS, markMeaning, markSample, markStyles } from '../time/marks.ts';
import { words } from '../../words.ts';

export class SfHelp extends LitElement {
  static override styles = [
    base,
    buttons,
    sheets,
    markStyles,
    css`
      dialog {
        width: min(27rem, calc(100vw - 2rem));
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-5);
        align-items: baseline;
        font-size: var(--text-m);
      }
      kbd {
        display: inline-block;
        min-width: 1.75rem;
        padding: 0 var(--space-2);
        border: 1px solid var(--line);
        border-radius: 4px;
        font: inherit;
        font-size: var(--text-s);
        text-align: center;
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        font-size: var(--text-m);
      }
      p {
        margin-top: var(--space-4);
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  readonly #sheet = new Sheet(this);

  get open(): boolean {
    return this.#sheet.isOpen;
  }

  toggle(): void {
    if (this.open) this.#sheet.close();
    else this.#sheet.open();
  }

  protected override render() {
    return html`
      <dialog aria-labelledby="title" @close=${() => this.#sheet.closed()}>
        <div class="title">
          <h2 id="title">${words.help.title}</h2>
          <button aria-label=${words.help.close} title=${words.help.close} @click=${() => this.toggle()}>${icons.close}</button>
        </div>
        <dl>
          ${words.help.keys.map(
            ([keys, meaning]) => html`
              <dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${meaning}</dd>
            `,
          )}
        </dl>
        <p>${words.help.pointer}</p>
        <h3>${words.help.timeBar}</h3>
        <ul>
          ${MARKS.map((kind) => html`<li>${markSample(kind)}${markMeaning(kind)}</li>`)}
        </ul>
        <h3>${words.help.settings}</h3>
        <slot></slot>
        <p>${words.help.link}</p>
        <p><a href="docs/">${words.help.documentation}</a></p>
      </dialog>
    `;
  }
}

define('sf-help', SfHelp);

declare global {
  interface HTMLElementTagNameMap {
    'sf-help': SfHelp;
  }
}
