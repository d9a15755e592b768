/** What the checks say where there is little room: the gravest verdict in words, and a mark for each of the others. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import type { ShownVerdict } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import '../base/sf-excerpt.ts';
import { base, byValue, buttons } from '../base/shared.ts';
import { byGravity, turned } from './verdict.ts';
import { words } from '../../words.ts';

/** More marks than this say less than their violated ones alone. */
const MARKS = 3;

/**
 * Sends `seek` with the moment that a reader wants to see, and `explain` with a check that is violated, where there is room for what
 * explains it. Where `--why` is `none`, the sentence is left out, and there is no such room.
 */
class SfWorst extends LitElement {
  static override properties = {
    verdicts: byValue,
    perspective: { type: String },
    explains: { type: Boolean },
  };

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
        grid-template-columns: auto auto 1fr auto auto;
        flex: 1;
        column-gap: var(--space-2);
        align-items: center;
        padding: 0 var(--space-1);
      }
      .unknown {
        overflow: hidden;
        max-width: 14rem;
        color: var(--muted);
        font-size: var(--text-s);
        line-height: 1.5rem;
        text-overflow: ellipsis;
        white-space: nowrap;
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
      /* Whole, it grows upwards: below it the frame ends. */
      .why {
        --lines: 2;
        --pad: 0px;
        --top: auto;
        --bottom: 0;
        background: var(--ground);
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
  /** The node in whose perspective the run is seen: no node can know what the checks say. */
  declare perspective: string | undefined;

  /** Whether it offers to explain a violation. */
  declare explains: boolean;

  /** What a screen reader is told; it changes only when a verdict does. */
  #spoken = '';

  constructor() {
    super();
    this.explains = false;
  }

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('verdicts');
    if (before && this.perspective === undefined)
      this.#spoken = turned(before, this.verdicts) || this.#spoken;
  }

  protected override render() {
    const [worst, ...others] = byGravity(this.verdicts);
    if (!worst) return nothing;
    if (this.perspective !== undefined) return unknown(words.verdicts.unknown(this.perspective));
    const marked = others.length < MARKS ? others : others.filter(({ state }) => state === 'violated');
    return html`
      <div role="group" aria-label=${words.verdicts.label}>
        <ul>
          <li
            class="worst ${worst.state}"
            data-check=${worst.check}
            data-state=${worst.state}
            title=${words.verdicts.titled(worst.label, worst.sentence)}
          >
            <span class="mark">${icons[worst.state]}</span>
            <span class="word">${words.verdicts.states[worst.state]}</span>
            <sf-excerpt class="why" .about=${`${worst.check} ${worst.state}`}>${unbroken(worst.sentence)}</sf-excerpt>
            ${
              worst.state === 'violated' && worst.at_ms !== null
                ? html`<button aria-label=${words.verdicts.showMoment(moment(worst.at_ms))} @click=${() => emit(this, 'seek', worst.at_ms)}>
                    ${words.time.at(moment(worst.at_ms))}
                  </button>`
                : nothing
            }
            ${worst.state === 'violated' && this.explains ? this.#showMe(worst) : nothing}
          </li>
          ${marked.map(
            ({ check, label, state, sentence }) => html`
              <li class=${state} data-check=${check} data-state=${state} title=${words.verdicts.titled(label, sentence)}>
                ${icons[state]}<span class="unseen">${words.verdicts.of(label, state)}</span>
              </li>
            `,
          )}
        </ul>
        <p class="unseen" role="status">${this.#spoken}</p>
      </div>
    `;
  }

  #showMe({ check, label }: ShownVerdict) {
    return html`<button class="show" aria-label=${words.verdicts.showMeWhy(label)} @click=${() => emit(this, 'explain', check)}>
      ${words.verdicts.showMe}
    </button>`;
  }
}

function unknown(sentence: string) {
  return html`<p class="unknown" title=${sentence}>${sentence}</p>`;
}

define('sf-worst', SfWorst);

declare global {
  interface HTMLElementTagNameMap {
    'sf-worst': SfWorst;
  }
}
