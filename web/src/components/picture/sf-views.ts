/** What the figure shows: which view, and all of it or what one node knows. */
import { LitElement, css, html, nothing } from 'lit';
import type { Offered, ShownViews } from '../../session/pictures/views.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import { base, buttons, unseen } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `choose` with a view, `perspective` with a node or null, and `list`. */
class SfViews extends LitElement {
  static override properties = {
    view: { type: String },
    offered: { attribute: false },
    nodes: { attribute: false },
    perspective: { attribute: false },
    listed: { type: Boolean },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        font-size: var(--text-s);
      }
      fieldset {
        display: flex;
        margin: 0;
        padding: 0;
        border: 0;
      }
      .view {
        position: relative;
        display: grid;
        place-items: center;
        min-height: 1.875rem;
        padding-inline: var(--space-3);
        border-bottom: 2px solid transparent;
        color: var(--muted);
        cursor: pointer;
      }
      .view:first-of-type {
        padding-inline-start: 0;
      }
      .view:hover {
        color: var(--ink);
      }
      .view:has(:checked) {
        color: var(--ink);
        font-weight: 600;
      }
      /* As wide as when it is chosen: the others keep their places. */
      .view > span::after {
        content: attr(data-name);
        display: block;
        height: 0;
        overflow: hidden;
        font-weight: 600;
        visibility: hidden;
      }
      .view:has(:checked) > span {
        box-shadow: 0 2px 0 var(--accent);
      }
      /* Forced colours draw what is transparent. */
      @media (forced-colors: active) {
        .view {
          border-bottom-color: Canvas;
        }
        .view:has(:checked) {
          border-bottom-color: Highlight;
        }
      }
      .view:has(:focus-visible) {
        outline: 2px solid var(--accent);
        border-radius: 4px;
      }
      .view input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: inherit;
      }
      .seen {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--muted);
        white-space: nowrap;
      }
      select {
        max-width: 11rem;
        min-height: 1.75rem;
        padding: 0 var(--space-1);
        border: 1px solid var(--hairline);
        border-radius: 4px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
      }
      button {
        min-height: 1.875rem;
        color: var(--muted);
      }
      .list {
        margin-inline-start: auto;
      }
      /* Close to its box: the list keeps its place. */
      .all {
        min-width: 1.75rem;
        margin-inline-start: calc(var(--space-1) - var(--space-4));
        padding: 0;
      }
      /* The figure shows less than there is: the box says so. */
      .seen.by-one select {
        border-color: var(--accent);
        font-weight: 600;
      }
      /* One line, whoever is looked at: below it is the picture, which keeps its place. */
      @media (min-width: 75em) {
        :host {
          flex-wrap: nowrap;
        }
        fieldset,
        button {
          flex: none;
        }
        .seen,
        select {
          min-width: 0;
        }
      }
      @media (max-width: 39.99em) {
        :host {
          gap: var(--space-1);
          flex-wrap: nowrap;
          justify-content: space-between;
        }
        .view {
          padding-inline: 0.375rem;
          white-space: nowrap;
        }
        .all {
          margin-inline-start: 0;
        }
        .list span,
        .seen span {
          ${unseen}
        }
        select {
          max-width: 6.5rem;
        }
      }
      @media (max-width: 27em) {
        /* Of two pictures the first stands in the list, too. */
        .first {
          ${unseen}
        }
        .view {
          padding-inline: 0.25rem;
        }
        /* There is no room to keep. */
        .view > span::after {
          content: none;
        }
        /* What the names of views leave is the perspective's, or a line below them: nothing sticks out sideways, or is cut. */
        :host {
          flex-wrap: wrap;
        }
        .seen {
          flex: 1 1 5.25rem;
          max-width: 6.5rem;
          min-width: 5.25rem;
          margin-inline-start: auto;
        }
        select {
          width: 100%;
          min-width: 0;
        }
        .list {
          margin-inline-start: 0;
        }
        /* Its box alone leads back: a line more would move the picture. */
        .all {
          display: none;
        }
        button {
          min-width: 1.75rem;
          padding: 0;
        }
      }
      @media (max-width: 24em) {
        :host {
          font-size: 0.75rem;
        }
        .view {
          padding-inline: 0.125rem;
        }
      }
    `,
  ];

  declare view: ShownViews;
  declare offered: Offered;
  declare nodes: { id: string; name: string }[];
  declare perspective: string | null;
  declare listed: boolean;

  constructor() {
    super();
    new KeepsFocus(this);
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.list')?.focus();
  }

  protected override render() {
    return html`
      <fieldset>
        <legend class="unseen">${words.views.label}</legend>
        ${this.offered.map(
          ({ shown, name }) => html`
            <label class="view">
              <input
                type="radio"
                name="view"
                .checked=${this.view === shown}
                @change=${() => emit(this, 'choose', { view: shown })}
              />
              <span data-name=${name}>${named(name)}</span>
            </label>
          `,
        )}
      </fieldset>
      <label class="seen ${this.perspective === null ? '' : 'by-one'}" title=${words.views.perspectiveHint}>
        <span>${words.views.perspective}</span>
        <select
          .value=${this.perspective ?? ''}
          @change=${(event: Event & { target: HTMLSelectElement }) =>
            emit(this, 'perspective', event.target.value || null)}
        >
          <option value="" ?selected=${this.perspective === null}>${words.views.everybody}</option>
          ${this.nodes.map(
            ({ id, name }) =>
              html`<option value=${id} ?selected=${this.perspective === id}>
                ${words.views.only(name)}
              </option>`,
          )}
        </select>
      </label>
      ${this.perspective === null ? nothing : this.#backToAll()}
      <button
        class="list"
        aria-expanded=${this.listed}
        title=${words.views.listHint}
        @click=${() => emit(this, 'list', undefined)}
      >
        ${icons.list}<span>${words.views.list}</span>
      </button>
    `;
  }

  #backToAll() {
    return html`<button
      class="all"
      aria-label=${words.views.backToAll}
      title=${words.views.backToAll}
      @click=${() => emit(this, 'perspective', null)}
    >
      ${icons.close}
    </button>`;
  }
}

/** Where there is little room, `World + logs` is `+ logs` for those who see it. */
function named(name: string) {
  const [first, second] = name.split(' + ');
  return second === undefined ? name : html`<span class="first">${first}</span> + ${second}`;
}

define('sf-views', SfViews);

declare global {
  interface HTMLElementTagNameMap {
    'sf-views': SfViews;
  }
}
