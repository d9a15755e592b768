/**
 * The defences: what a reader flips to see a check turn. Sends `seek` with the moment at which the run breaks, and `compare` with a
 * defence with and without which the run is to be shown.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { Defence, Forecast, Outlook } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, byValue, headings } from '../base/shared.ts';
import { inline } from '../lesson/markdown.ts';
import { outlookStyles, saysBriefly, strip } from './outlook.ts';
import './sf-switch.ts';
import { words } from '../../words.ts';

class SfDefences extends LitElement {
  static override properties = {
    defences: { attribute: false },
    on: byValue,
    next: { type: String },
    room: byValue,
    outlook: byValue,
    end: { type: Number },
    compact: { type: Boolean, reflect: true },
    watched: { type: Boolean },
    twin: { type: String },
    told: { state: true },
  };

  static override styles = [
    base,
    buttons,
    headings,
    outlookStyles,
    css`
      .head {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        height: 1.25rem;
      }
      .head .ahead {
        flex: 1;
        text-align: end;
      }
      @media (max-width: 59.99em) {
        .head {
          display: block;
          height: auto;
        }
        .head .ahead {
          margin-bottom: 0.125rem;
          text-align: start;
        }
      }
      .ahead button {
        min-height: 0;
        padding: 0;
        color: var(--danger);
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .what {
        display: none;
        min-height: 0;
        padding: 0;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      /* All that may be said lies in one place, which is as high as the longest. */
      .next {
        display: grid;
        margin-block: 0.25rem;
        color: var(--accent);
        font-size: var(--text-s);
        font-weight: 600;
        line-height: 1.3;
      }
      .next .usual {
        color: var(--muted);
        font-weight: 400;
      }
      .next > * {
        grid-area: 1 / 1;
      }
      .next > [hidden] {
        display: block;
        visibility: hidden;
      }
      ul {
        display: grid;
        gap: var(--space-2);
      }
      li {
        position: relative;
      }
      .compare {
        position: absolute;
        inset: auto 0.25rem 0.3125rem auto;
        min-width: 1.5rem;
        min-height: 1.5rem;
        padding: 0;
        color: var(--muted);
      }
      .compare:is(:hover, [aria-pressed='true']) {
        color: var(--accent);
      }
      @media (min-width: 60em) and (max-height: 56em) {
        :host(:not([compact])) ul {
          gap: 0.1875rem;
        }
        .next {
          margin-block: 0.1875rem 0.125rem;
        }
        .what {
          display: inline-flex;
        }
        /* Beside it there is room for what counts. */
        .what + .ahead .now {
          display: none;
        }
      }
      :host([compact]) ul {
        grid-template-columns: repeat(auto-fit, minmax(min(8.5rem, 100%), 1fr));
      }
      @container (height < 20em) {
        :host([compact]) ul {
          gap: var(--space-1);
        }
      }
    `,
  ];

  declare defences: Defence[];
  declare on: Record<string, boolean>;
  /** What the reader may do next, if that is plain. */
  declare next: string | undefined;
  /** All that may be said there. */
  declare room: string[] | undefined;
  /** What is known of the whole run. */
  declare outlook: Outlook | undefined;
  /** When the run ends, in virtual milliseconds. */
  declare end: number | undefined;
  declare compact: boolean;
  /** The defence with and without which the run is shown, if it is. */
  declare twin: string | undefined;
  /** Whether a switch plays the run again from the start: it plays, or rests by itself. */
  declare watched: boolean;
  /** Whether what each defence does is told where there is hardly room for it. */
  declare told: boolean;

  constructor() {
    super();
    new KeepsFocus(this);
    this.told = false;
  }

  /** Gives the focus to what compares a defence. Answers whether there is such a defence. */
  focusOn(flipped: string): boolean {
    const place = this.defences.findIndex(({ id }) => id === flipped);
    const button = this.renderRoot.querySelectorAll<HTMLElement>('.compare')[place];
    button?.focus();
    return button !== undefined;
  }

  /** The first switch gets it. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('sf-switch')?.focus(options);
  }

  protected override render() {
    return html`
      <div role="group" aria-label=${words.defences.label}>
        ${this.compact ? nothing : this.#ahead()}
        <ul>
          ${this.defences.map(
            (defence) => html`
              <li>
                <sf-switch
                  data-defence=${defence.id}
                  ?compact=${this.compact}
                  ?many=${this.#isMany && !this.told}
                  ?few=${this.defences.length < 3}
                  .defence=${defence}
                  .on=${this.on[defence.id] ?? false}
                  .forecast=${this.#flipped(defence.id)}
                  .now=${this.outlook?.as_is}
                  .seeds=${this.outlook?.seeds ?? 0}
                  .end=${this.end ?? 0}
                ></sf-switch>
                ${this.compact ? nothing : this.#compare(defence)}
              </li>
            `,
          )}
        </ul>
      </div>
    `;
  }

  #compare({ id, label }: Defence): TemplateResult {
    return html`<button
      class="compare"
      aria-label=${words.defences.compare(label)}
      title=${words.defences.compareHint}
      aria-pressed=${id === this.twin}
      @click=${() => emit(this, 'compare', id)}
    >
      ${icons.twin}
    </button>`;
  }

  #ahead(): TemplateResult {
    return html`
      <div class="head">
        <h2>${words.defences.label}</h2>
        ${this.#isMany ? this.#what() : nothing}
        <p class="ahead">${this.#asItIs()}</p>
      </div>
      ${strip(this.outlook?.as_is ?? undefined, this.end ?? 0)}
      <div class="next">
        ${[...(this.room ?? []), words.defences.none, ...words.defences.usual].map((text) => html`<p hidden>${inline(text)}</p>`)}
        <p role="status">${inline(this.next ?? '')}</p>
        <p class="usual" ?hidden=${Boolean(this.next)}>${words.defences.usual[this.watched ? 0 : 1]}</p>
      </div>
    `;
  }

  /** Whether there are so many switches that a low screen has room for their names alone. */
  get #isMany(): boolean {
    return this.defences.length > 3;
  }

  #what(): TemplateResult {
    return html`<button class="what" aria-expanded=${this.told} @click=${() => (this.told = !this.told)}>
      ${words.defences.what}
    </button>`;
  }

  #asItIs(): TemplateResult | typeof nothing {
    const { outlook } = this;
    if (!outlook?.as_is?.checks) return nothing;
    return html`<span class="now">${words.defences.now}</span> ${saysBriefly(outlook.as_is, outlook.seeds, (ms) => emit(this, 'seek', ms))}`;
  }

  #flipped(id: string): Forecast | undefined {
    return this.outlook?.flipped.find(({ defence }) => defence === id)?.forecast;
  }
}

define('sf-defences', SfDefences);

declare global {
  interface HTMLElementTagNameMap {
    'sf-defences': SfDefences;
  }
}
