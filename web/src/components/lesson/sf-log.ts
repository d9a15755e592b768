/** A plain sentence an event, the latest first; each leads to its moment. */
import { LitElement, css, html } from 'lit';
import type { LogEntry } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import { keyed } from '../base/keyed.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import { base, byValue, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** While the run plays, no more often than lines can be read. */
const CALM_MS = 500;

/** Sends `seek` with the moment of the chosen event, and `light` or `select` with the event. */
class SfLog extends LitElement {
  static override properties = {
    entries: byValue,
    run: { type: String },
    playing: { type: Boolean },
    explains: { type: Boolean },
  };

  static override styles = [
    base,
    headings,
    css`
      h2 {
        margin-bottom: var(--space-2);
      }
      ol {
        overflow: auto;
        max-height: 18rem;
        scrollbar-width: thin;
      }
      button {
        display: grid;
        grid-template-columns: 3.75rem 1fr;
        gap: var(--space-3);
        width: 100%;
        padding: var(--space-1) 0;
        border: 0;
        background: none;
        color: var(--ink);
        font: inherit;
        font-size: var(--text-m);
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        color: var(--accent);
      }
      .when {
        color: var(--muted);
        text-align: end;
        white-space: nowrap;
      }
      p {
        color: var(--muted);
        font-size: var(--text-m);
      }
    `,
  ];

  declare entries: LogEntry[];
  /** What the run is called beside another one. */
  declare run: string | undefined;
  declare playing: boolean;
  /** Whether an event's card is opened too, for where events can be seen. */
  declare explains: boolean;

  #updatedAt = -Infinity;

  constructor() {
    super();
    new KeepsFocus(this);
  }

  protected override shouldUpdate(): boolean {
    return !this.playing || performance.now() - this.#updatedAt >= CALM_MS;
  }

  protected override render() {
    this.#updatedAt = performance.now();
    return html`
      <section aria-labelledby="name">
        <h2 id="name">${this.run === undefined ? words.log.label : unbroken(words.log.in(this.run))}</h2>
        ${
          this.entries.length === 0
            ? html`<p>${words.log.none}</p>`
            : html`<ol
                reversed
                ${keyed(
                  this.entries.toReversed(),
                  ({ id }) => id,
                  (entry) => this.#entry(entry),
                )}
              ></ol>`
        }
      </section>
    `;
  }

  #entry({ id, time_ms, sentence }: LogEntry) {
    return html`<button @click=${() => this.#go(id, time_ms)}>
      <span class="when">${moment(time_ms)}</span><span>${unbroken(sentence)}</span>
    </button>`;
  }

  #go(id: number, time: number): void {
    emit(this, 'seek', time);
    emit(this, this.explains ? 'select' : 'light', { kind: 'event', id });
  }
}

define('sf-log', SfLog);

declare global {
  interface HTMLElementTagNameMap {
    'sf-log': SfLog;
  }
}
