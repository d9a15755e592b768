/** What the checks say of the run so far. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import type { CheckState } from '../../core/index.ts';
import { moment } from '../base/format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, byValue, buttons, headings } from '../base/shared.ts';

const WORDS = { holds: 'Holds', violated: 'Violated', undecided: 'Undecided' } as const;

/** More verdicts than this leave no room for the defences. */
const MANY = 3;

/** The gravest first. */
const GRAVITY: readonly CheckState['state'][] = ['violated', 'undecided', 'holds'];

/** Sends `seek` with the moment that a reader wants to see. With `compact`, icon and word alone. */
class SfVerdicts extends LitElement {
  static override properties = {
    verdicts: byValue,
    compact: { type: Boolean, reflect: true },
  };

  static override styles = [
    base,
    buttons,
    headings,
    css`
      h2 {
        display: var(--heading, block);
        margin-bottom: var(--space-2);
      }
      ul {
        display: grid;
        gap: var(--space-2);
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr auto;
        column-gap: var(--space-3);
        align-items: start;
        padding: var(--space-3);
        border-radius: 8px;
        outline: 1px solid var(--hairline);
        outline-offset: -1px;
      }
      /* Of many, those that say no ill say it in a line. */
      .many li:not(.violated) .why {
        display: none;
      }
      .many .violated {
        order: -1;
      }
      /* A phone shows the first one without scrolling. */
      @media (max-width: 59.99em) {
        .violated {
          order: -1;
        }
      }
      .violated {
        background: var(--danger-wash);
        outline: 2px solid var(--danger);
        outline-offset: -2px;
      }
      .mark {
        grid-row: span 2;
        color: var(--muted);
      }
      .mark svg {
        width: 1.75rem;
        height: 1.75rem;
      }
      .word {
        color: var(--muted);
        font-weight: 600;
        font-size: var(--text-l);
        line-height: 1.5rem;
      }
      .holds :is(.mark, .word) {
        color: var(--ok);
      }
      .violated :is(.mark, .word) {
        color: var(--danger);
      }
      .check {
        grid-column: 2 / -1;
        font-size: var(--text-s);
        line-height: 1.4;
        color: var(--muted);
      }
      .why {
        grid-column: 2 / -1;
        /* Room for two lines, so that nothing below moves when the verdict turns. */
        min-height: 2lh;
        margin-top: var(--space-1);
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.4;
        text-wrap: pretty;
      }
      li button {
        min-height: 1.5rem;
        padding: 0 var(--space-1);
        color: var(--danger);
        text-decoration: underline;
        text-decoration-color: var(--danger);
        text-underline-offset: 0.2em;
      }
      li button:hover {
        background: var(--surface);
      }
      @media (min-width: 60em) and (max-height: 56em) {
        :host(:not([compact])) li {
          grid-template-columns: auto auto 1fr auto;
          column-gap: var(--space-2);
          align-items: center;
          padding: var(--space-1) var(--space-3);
        }
        :host(:not([compact])) :is(.mark, .check) {
          grid-row: 1;
        }
        :host(:not([compact])) .mark svg {
          width: 1.25rem;
          height: 1.25rem;
        }
        :host(:not([compact])) .word {
          font-size: var(--text-m);
        }
        :host(:not([compact])) .check {
          grid-column: 3;
        }
        :host(:not([compact])) li button {
          grid-row: 1;
          grid-column: 4;
        }
        :host(:not([compact])) .why {
          min-height: 1lh;
          margin-top: 0;
          font-size: var(--text-s);
        }
      }
      /* A laptop has no room for many boxes above the defences: those that say no ill are a line and a mark. */
      @media (min-width: 60em) and (max-height: 56em) {
        :host(:not([compact])) .many {
          gap: var(--space-1);
        }
        :host(:not([compact])) .many li:not(.violated) {
          padding-block: 0;
          outline: none;
        }
        :host(:not([compact])) .many li:not(.violated) .word {
          position: absolute;
          clip-path: inset(50%);
        }
        :host(:not([compact])) .many li:not(.violated) .check {
          grid-column: 2 / -1;
        }
      }
      /* The gravest verdict in words, and the marks of the others. */
      :host([compact]) :is(h2, .check, li:not(.worst) :is(.why, button)) {
        display: none;
      }
      :host([compact]) ul {
        display: flex;
        gap: var(--space-1);
        align-items: center;
      }
      :host([compact]) li {
        grid-template-columns: auto auto 1fr auto;
        column-gap: var(--space-2);
        align-items: center;
        padding: 0 var(--space-1);
        background: none;
        outline: none;
      }
      :host([compact]) li:not(.worst) {
        display: block;
        padding: 0;
      }
      :host([compact]) .many li:not(.worst, .violated) {
        position: absolute;
        clip-path: inset(50%);
      }
      :host([compact]) .worst {
        flex: 1;
        order: -1;
      }
      :host([compact]) .mark {
        grid-row: auto;
      }
      :host([compact]) .word {
        font-size: var(--text-s);
      }
      :host([compact]) li:not(.worst) .word {
        position: absolute;
        overflow: hidden;
        clip-path: inset(50%);
      }
      /* Whoever places the verdicts decides whether there is room for the sentence. */
      :host([compact]) .worst :is(.why, button) {
        display: var(--why, none);
        grid-row: 1;
        margin: 0;
      }
      :host([compact]) .worst .why {
        grid-column: 3;
        min-height: 0;
        max-height: 2lh;
        overflow: hidden;
        font-size: var(--text-s);
        line-height: 1.3;
      }
      :host([compact]) .worst button {
        grid-column: 4;
      }
      :host([compact]) svg {
        width: 1.25rem;
        height: 1.25rem;
      }
    `,
  ];

  declare verdicts: CheckState[];
  declare compact: boolean;

  /** What a screen reader is told; it changes only when a verdict does. */
  #spoken = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('verdicts');
    if (!before) return;
    const turned = this.verdicts.filter((now) => stateOf(before, now.check) !== now.state);
    if (turned.length > 0) this.#spoken = turned.map(spoken).join(' ');
  }

  protected override render() {
    const worst = this.verdicts.toSorted((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state))[0];
    return html`
      <section aria-labelledby="name">
        <h2 id="name">Verdict</h2>
        <ul class=${this.verdicts.length > MANY ? 'many' : ''}>
          ${this.verdicts.map((verdict) => this.#verdict(verdict, worst))}
        </ul>
        <p class="unseen" role="status">${this.#spoken}</p>
      </section>
    `;
  }

  #verdict({ check, label, state, at_ms, sentence }: CheckState, worst: CheckState | undefined) {
    return html`
      <li class="${state} ${check === worst?.check ? 'worst' : ''}" data-check=${check} data-state=${state} title=${this.compact ? sentence : nothing}>
        <span class="mark">${icons[state]}</span>
        <span class="word">${WORDS[state]}</span>
        ${
          state === 'violated' && at_ms !== null
            ? html`<button @click=${() => emit(this, 'seek', at_ms)}>
                <span class="unseen">Show the moment it broke,</span> at ${moment(at_ms)}
              </button>`
            : nothing
        }
        <span class="check">${label}</span>
        <p class="why">${sentence}</p>
      </li>
    `;
  }
}

function stateOf(verdicts: CheckState[], check: string): CheckState['state'] | undefined {
  return verdicts.find((verdict) => verdict.check === check)?.state;
}

function spoken({ label, state, at_ms, sentence }: CheckState): string {
  const when = at_ms === null ? '' : ` at ${moment(at_ms)}`;
  return `${label}: ${WORDS[state].toLowerCase()}${when}. ${sentence}`;
}

define('sf-verdicts', SfVerdicts);

declare global {
  interface HTMLElementTagNameMap {
    'sf-verdicts': SfVerdicts;
  }
}
