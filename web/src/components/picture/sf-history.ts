/** The history: what the clients asked for and were told, as bars, and as a list for who does not see them. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, Operations } from '../../core/index.ts';
import { moment } from '../../format.ts';
import { define } from '../base/define.ts';
import { SfTimePicture } from './sf-time-picture.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

class SfHistory extends SfTimePicture {
  static override properties = {
    ...SfTimePicture.properties,
    operations: { state: true },
  };

  declare operations: Operations;

  #readAt = -Infinity;

  constructor() {
    super();
    this.operations = { latest: [], more: 0 };
    this.addEventListener('look', () => this.requestUpdate());
  }

  protected override willUpdate(): void {
    const now = performance.now();
    if (this.playing && now - this.#readAt < CALM_MS) return;
    this.#readAt = now;
    this.operations = this.pictures.operations();
  }

  protected override render(): TemplateResult {
    return html`${super.render()}${this.#list()}`;
  }

  #list(): TemplateResult {
    const { latest, more } = this.operations;
    return html`
      <div class="unseen">
        <h2 id="operations">${words.operations.label}</h2>
        <ul aria-labelledby="operations">
          ${
            latest.length === 0
              ? html`<li>${words.operations.none}</li>`
              : latest.map((operation) => html`<li>${sentence(operation)}</li>`)
          }
        </ul>
        ${more > 0 ? html`<p>${words.lists.moreBefore(more)}</p>` : nothing}
      </div>
    `;
  }
}

function sentence({ client, says, state, is_accused, begun_ms, ended_ms }: Operation): string {
  const { operations } = words;
  const became = operations.outcome[state];
  const outcome = ended_ms === null ? became : operations.outcomeAt(became, moment(ended_ms));
  const told = operations.says(client, says, moment(begun_ms), outcome);
  return is_accused ? operations.accused(told) : told;
}

define('sf-history', SfHistory);

declare global {
  interface HTMLElementTagNameMap {
    'sf-history': SfHistory;
  }
}
