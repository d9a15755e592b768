/** The futures that were tried: each a branch of the run, kept when the past was changed. */
import { LitElement, css, html, nothing } from 'lit';
import type { Future } from '../../core/index.ts';
import { moment } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import { base, byValue, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `future` with the place of the one that was chosen. */
class SfFutures extends LitElement {
  static override properties = { futures: byValue };

  static override styles = [
    base,
    headings,
    css`
      h2 {
        margin-bottom: var(--space-1);
      }
      button {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: var(--space-3);
        align-items: center;
        width: 100%;
        min-height: 2rem;
        padding: var(--space-1) 0;
        border: 0;
        background: none;
        color: var(--ink);
        font: inherit;
        font-size: var(--text-m);
        text-align: start;
        cursor: pointer;
      }
      button::before {
        width: 0.625rem;
        height: 0.625rem;
        border: 2px solid var(--muted);
        border-radius: 50%;
        content: '';
      }
      [aria-current]::before {
        border-color: var(--accent);
        background: var(--accent);
      }
      [aria-current] {
        font-weight: 600;
      }
      button:hover {
        color: var(--accent);
      }
      .when {
        color: var(--muted);
        font-size: var(--text-s);
        font-weight: 400;
      }
    `,
  ];

  declare futures: Future[];

  protected override willUpdate(): void {
    this.hidden = this.futures.length < 2;
  }

  protected override render() {
    if (this.hidden) return nothing;
    return html`
      <section aria-labelledby="name">
        <h2 id="name">${words.futures.label}</h2>
        <ul>
          ${this.futures.map(
            ({ name, forked_at_ms, is_current }, place) => html`<li>
              <button
                aria-current=${is_current ? 'true' : nothing}
                @click=${() => emit(this, 'future', place)}
              >
                <span>${name}</span>
                <span class="when">
                  ${place === 0 ? words.futures.fromTheStart : words.futures.from(moment(forked_at_ms))}
                </span>
              </button>
            </li>`,
          )}
        </ul>
      </section>
    `;
  }
}

define('sf-futures', SfFutures);

declare global {
  interface HTMLElementTagNameMap {
    'sf-futures': SfFutures;
  }
}
