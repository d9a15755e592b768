/** A defence: a large switch with the line that says what it protects. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { Defence, Forecast } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { unbroken } from '../../format.ts';
import { base, byValue } from '../base/shared.ts';
import { outlookStyles, says, strip } from './outlook.ts';
import { words } from '../../words.ts';

export interface DefenceSwitch {
  defence: string;
  on: boolean;
}

const twoLines = css`
  display: -webkit-box;
  height: 2.6em;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  line-clamp: 2;
  white-space: normal;
`;

/** Sends `defence-switch` with a {@link DefenceSwitch}. With `compact`, the label alone is shown. */
class SfSwitch extends LitElement {
  static override properties = {
    defence: { attribute: false },
    on: { attribute: false },
    forecast: byValue,
    now: byValue,
    seeds: { type: Number },
    end: { type: Number },
    compact: { type: Boolean, reflect: true },
    many: { type: Boolean, reflect: true },
    few: { type: Boolean, reflect: true },
  };

  static override styles = [
    base,
    outlookStyles,
    css`
      button {
        display: grid;
        position: relative;
        overflow: hidden;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        column-gap: var(--space-3);
        width: 100%;
        padding: var(--space-3);
        border: 1px solid var(--hairline);
        border-radius: 8px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        text-align: start;
        cursor: pointer;
        touch-action: manipulation;
      }
      button:hover {
        border-color: var(--accent);
      }
      .label {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 1.3;
      }
      .protects {
        grid-column: 2 / -1;
        color: var(--muted);
        font-size: var(--text-s);
        line-height: 1.4;
      }
      /* Beside the button that compares. */
      .ahead {
        grid-column: 2 / -1;
        padding-inline-end: 1rem;
      }
      /* Room for what most runs have to say there, whatever this one does. */
      :host([few]) .ahead {
        ${twoLines}
      }
      /* Along the switch's lower edge, from the run's beginning to its end. */
      .strip {
        position: absolute;
        inset: auto 0 0;
      }
      .word {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .switch {
        width: 2.5rem;
        height: 1.5rem;
        border: 2px solid var(--muted);
        border-radius: 1rem;
        padding: 2px;
      }
      .switch::before {
        display: block;
        width: calc(1.5rem - 8px);
        height: calc(1.5rem - 8px);
        border-radius: 50%;
        background: var(--muted);
        content: '';
      }
      [aria-checked='true'] .switch {
        border-color: var(--accent);
        background: var(--accent);
      }
      [aria-checked='true'] .switch::before {
        margin-inline-start: auto;
        background: var(--on-accent);
      }
      @media (forced-colors: active) {
        .switch,
        .switch::before {
          forced-color-adjust: none;
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        .switch::before {
          transition: margin 120ms ease-out;
        }
      }
      @media (min-width: 60em) and (max-height: 56em) {
        :host(:not([compact])) button {
          padding: 0.1875rem var(--space-3) 0.25rem;
        }
        :host([many]:not([compact])) button {
          padding-block: 1px 0.1875rem;
        }
        .strip {
          height: 0.25rem;
        }
        :host(:not([compact])) .label {
          font-size: var(--text-m);
        }
        .protects {
          line-height: 1.3;
        }
        /* Among many, what it protects from is left to its title and to whoever has it read out. */
        :host([many]) .protects {
          display: none;
        }
      }
      @media (max-width: 39.99em) {
        .ahead {
          grid-column: 1 / -1;
          ${twoLines}
        }
      }
      :host([compact]) button {
        column-gap: var(--space-2);
        padding: 0 var(--space-2);
        min-height: 2.25rem;
      }
      :host([compact]) .label {
        font-size: var(--text-s);
        font-weight: 500;
        line-height: 1.15;
      }
      :host([compact]) .switch {
        width: 1.75rem;
        height: 1.125rem;
        padding: 1px;
      }
      :host([compact]) .switch::before {
        width: calc(1.125rem - 6px);
        height: calc(1.125rem - 6px);
      }
      @container (height < 20em) {
        :host([compact]) button {
          min-height: 1.75rem;
        }
        :host([compact]) .label {
          font-size: 0.6875rem;
          line-height: 1.05;
        }
      }
      :host([compact][told]) button {
        padding-block: var(--space-1);
      }
      :host([compact]) .protects {
        line-height: 1.3;
      }
      :host([compact]:not([told])) .protects,
      :host([compact]) :is(.word, .ahead, .strip) {
        display: none;
      }
    `,
  ];

  declare defence: Defence;
  declare on: boolean;
  /** What the whole run brings once the switch is flipped. */
  declare forecast: Forecast | undefined;
  /** What the whole run brings as it is. */
  declare now: Forecast | null | undefined;
  /** How many seeds were counted. */
  declare seeds: number;
  /** When the run ends, in virtual milliseconds. */
  declare end: number;
  declare compact: boolean;
  /** Whether there are so many switches that a low screen has room for the shortest only. */
  declare many: boolean;
  /** Whether there are so few that there is room for all that they say. */
  declare few: boolean;

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('button')?.focus(options);
  }

  protected override render() {
    const { defence, on } = this;
    return html`
      <button
        role="switch"
        aria-checked=${on ? 'true' : 'false'}
        aria-labelledby="label"
        aria-describedby="protects ahead"
        title=${defence.protects}
        @click=${this.#flip}
      >
        <span class="switch"></span>
        <span class="label" id="label">${defence.label}</span>
        <span class="word" aria-hidden="true">${on ? words.defences.on : words.defences.off}</span>
        <span class="protects" id="protects">${unbroken(defence.protects)}</span>
        <span class="ahead" id="ahead">${this.#ahead()}</span>
        ${strip(this.forecast, this.end)}
      </button>
    `;
  }

  #ahead(): TemplateResult | typeof nothing {
    const { withIt, withoutIt } = words.defences;
    return says(this.forecast, this.seeds, this.on ? withoutIt : withIt, this.now);
  }

  #flip(): void {
    emit(this, 'defence-switch', { defence: this.defence.id, on: !this.on } satisfies DefenceSwitch);
  }
}

define('sf-switch', SfSwitch);

declare global {
  interface HTMLElementTagNameMap {
    'sf-switch': SfSwitch;
  }
}
