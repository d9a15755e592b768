/** What the checks say where there is little room: the gravest verdict in words, and a mark for each of the others. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import type { ShownVerdict } from '../../core/index.ts';
import { moment } from '../base/format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, byValue, buttons } from '../base/shared.ts';
import { WORDS, byGravity, turned } from './verdict.ts';

/** More marks than this say less than their violated ones alone. */
const MARKS = 3;

/** Sends `seek` with the moment that a reader wants to see. Where `--why` is `none`, the sentence is left out. */
class SfWorst extends LitElement {
  static override properties = { verdicts: byValue };

  static override styles = [
    base,
    buttons,
    css`
      ul {
        display: flex;
        gap: var(--space-1);
        align-items: center;
      }
      li {
        color: var(--muted);
      }
      .worst {
        display: grid;
        grid-template-columns: auto auto 1fr auto;
        flex: 1;
        column-gap: var(--space-2);
        align-items: center;
        padding: 0 var(--space-1);
      }
      .holds {
        color: var(--ok);
      }
      .violated {
        color: var(--danger);
      }
      .word {
        font-size: var(--text-s);
        font-weight: 600;
        line-height: 1.5rem;
      }
      /* Whoever places it decides whether there is room for the sentence. */
      .why,
      button {
        display: var(--why, none);
      }
      .why {
        max-height: 2lh;
        overflow: hidden;
        color: var(--ink);
        font-family: var(--serif);
        font-size: var(--text-s);
        line-height: 1.3;
      }
      button {
        min-height: 1.5rem;
        padding: 0 var(--space-1);
        color: var(--danger);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
    `,
  ];

  declare verdicts: ShownVerdict[];

  /** What a screen reader is told; it changes only when a verdict does. */
  #spoken = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('verdicts');
    if (before) this.#spoken = turned(before, this.verdicts) || this.#spoken;
  }

  protected override render() {
    const [worst, ...others] = byGravity(this.verdicts);
    if (!worst) return nothing;
    const marked = others.length < MARKS ? others : others.filter(({ state }) => state === 'violated');
    return html`
      <section aria-label="Verdict">
        <ul>
          <li
            class="worst ${worst.state}"
            data-check=${worst.check}
            data-state=${worst.state}
            title=${`${worst.label}. ${worst.sentence}`}
          >
            <span class="mark">${icons[worst.state]}</span>
            <span class="word">${WORDS[worst.state]}</span>
            <p class="why">${worst.sentence}</p>
            ${
              worst.state === 'violated' && worst.at_ms !== null
                ? html`<button @click=${() => emit(this, 'seek', worst.at_ms)}>
                    <span class="unseen">Show the moment it broke,</span>at ${moment(worst.at_ms)}
                  </button>`
                : nothing
            }
          </li>
          ${marked.map(
            ({ check, label, state, sentence }) => html`
              <li class=${state} data-check=${check} data-state=${state} title=${`${label}. ${sentence}`}>
                ${icons[state]}<span class="unseen">${label}: ${WORDS[state]}</span>
              </li>
            `,
          )}
        </ul>
        <p class="unseen" role="status">${this.#spoken}</p>
      </section>
    `;
  }
}

define('sf-worst', SfWorst);

declare global {
  interface HTMLElementTagNameMap {
    'sf-worst': SfWorst;
  }
}
