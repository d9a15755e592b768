/**
 * What was done to the run, by the reader or by its link: each can be taken back, or moved in time. And what the lab does by itself:
 * each can be taken out, and brought back.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Change } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { moment, seconds, unbroken } from '../../format.ts';
import * as icons from '../base/icons.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import { MOST_LISTED } from '../../session/run/readings.ts';
import { base, buttons, byValue, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `take-back`, `move-to`, `take-all-back`, and `compare` with a change with and without which the run is to be shown. */
class SfChanges extends LitElement {
  static override properties = { changes: byValue, halves: byValue, twin: { type: String } };

  static override styles = [
    base,
    buttons,
    headings,
    css`
      .head,
      li {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }
      .head {
        justify-content: space-between;
      }
      .head button,
      .start {
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .says {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        font-size: var(--text-s);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      p,
      label,
      .always {
        color: var(--muted);
        font-size: var(--text-s);
        white-space: nowrap;
      }
      .differ {
        white-space: normal;
      }
      .compare {
        color: var(--muted);
      }
      .compare:is(:hover, [aria-pressed='true']) {
        color: var(--accent);
      }
      li button:has(svg) {
        flex: none;
        min-width: 1.75rem;
        padding: 0;
      }
      input {
        width: 5.5em;
        min-height: 1.75rem;
        border: 1px solid var(--hairline);
        border-radius: 4px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        text-align: end;
      }
    `,
  ];

  /** What this run and the one beside it are called, if there is one. */
  declare halves: readonly [string, string] | undefined;
  declare changes: Change[];
  /** The change with and without which the run is shown, if it is. */
  declare twin: string | undefined;

  constructor() {
    super();
    new KeepsFocus(this);
  }

  /** Gives the focus to what compares a change. Answers whether there is such a change. */
  focusOn(flipped: string): boolean {
    const buttons = this.renderRoot.querySelectorAll<HTMLElement>('.compare');
    const button = [...buttons].find(({ dataset }) => dataset.flips === flipped);
    button?.focus();
    return button !== undefined;
  }

  protected override render() {
    const { halves } = this;
    if (this.changes.length === 0 && !halves) return nothing;
    const more = this.changes.length - MOST_LISTED;
    return html`
      <section aria-labelledby="name">
        <div class="head">
          <h2 id="name">${halves ? words.changes.toBoth : words.changes.label}</h2>
          ${
            this.changes.every(({ kind }) => kind === 'planned')
              ? nothing
              : html`<button @click=${() => emit(this, 'take-all-back', undefined)}>${words.changes.takeAllBack}</button>`
          }
        </div>
        ${halves ? html`<p class="differ">${unbroken(words.changes.differ(...halves))}</p>` : nothing}
        <ul>
          ${this.changes.slice(0, MOST_LISTED).map((change, place) => this.#change(change, place))}
        </ul>
        ${more > 0 ? html`<p>${words.lists.more(more)}</p>` : nothing}
      </section>
    `;
  }

  #change(change: Change, place: number): TemplateResult {
    const { says, at_ms, can_hold_from_the_start, kind } = change;
    if (kind !== 'own') return this.#ofTheLab(change, place);
    return html`
      <li>
        <span class="says" title=${says}>${unbroken(says)}</span>
        ${at_ms === null ? html`<span class="always">${words.changes.fromTheStart}</span>` : this.#moment(says, at_ms, place)}
        ${
          can_hold_from_the_start
            ? html`<button class="start" @click=${() => this.#move(place, 0)}>${words.changes.fromTheStart}</button>`
            : nothing
        }
        ${this.#compare(change)}
        <button
          class="take-back"
          aria-label=${words.changes.takeBackThis(says)}
          title=${words.changes.takeBack}
          @click=${() => emit(this, 'take-back', place)}
        >
          ${icons.close}
        </button>
      </li>
    `;
  }

  /** What the lab does by itself: it is taken out, or brought back. */
  #ofTheLab(change: Change, place: number): TemplateResult {
    const { says, at_ms, kind } = change;
    const isDone = kind === 'planned';
    const { takeOut, takeThisOut, bringBack, bringThisBack } = words.changes;
    return html`
      <li class=${isDone ? 'planned' : 'left-out'}>
        <span class="says" title=${says}>
          ${isDone ? unbroken(says) : html`<s>${unbroken(says)}</s>`}
          <span class="always">${isDone ? words.changes.ofTheLab : words.changes.leftOut}</span>
        </span>
        <span class="always">${words.changes.at} ${moment(at_ms ?? 0)}</span>
        ${this.#compare(change)}
        <button
          class="take-back"
          aria-label=${isDone ? takeThisOut(says) : bringThisBack(says)}
          title=${isDone ? takeOut : bringBack}
          @click=${() => emit(this, 'take-back', place)}
        >
          ${isDone ? icons.close : icons.undo}
        </button>
      </li>
    `;
  }

  #compare({ says, twin }: Change): TemplateResult {
    return html`<button
      class="compare"
      data-flips=${twin}
      aria-label=${words.defences.compare(says)}
      title=${words.defences.compareHint}
      aria-pressed=${twin === this.twin}
      @click=${() => emit(this, 'compare', twin)}
    >
      ${icons.twin}
    </button>`;
  }

  #moment(says: string, ms: number, place: number): TemplateResult {
    return html`<label>
      ${words.changes.at}
      <input
        aria-label=${words.changes.moment(says)}
        type="number"
        min="0"
        step="0.1"
        .value=${live(seconds(ms, 3).replace(/\.?0+$/, ''))}
        @change=${(event: Event & { target: HTMLInputElement }) => this.#moveTo(place, event.target.value)}
      />
      ${words.changes.second}
    </label>`;
  }

  #moveTo(place: number, text: string): void {
    const ms = Math.round(Number.parseFloat(text) * 1000);
    if (Number.isFinite(ms) && ms >= 0) this.#move(place, ms);
    // What was typed may not have become the moment.
    this.requestUpdate();
  }

  #move(place: number, ms: number): void {
    emit(this, 'move-to', { place, ms });
  }
}

define('sf-changes', SfChanges);

declare global {
  interface HTMLElementTagNameMap {
    'sf-changes': SfChanges;
  }
}
