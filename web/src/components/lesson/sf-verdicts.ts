/** What the checks say of the run so far: a line each, and one of them in words. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ShownVerdict } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import '../base/sf-excerpt.ts';
import { base, byValue, buttons, headings } from '../base/shared.ts';
import { GRAVITY, byInterest, turned } from './verdict.ts';
import { words } from '../../words.ts';

/** So many lines are always there; of more checks those that matter most, and a line that counts the others. */
const LINES = 4;

/** Sends `seek` with the moment that a reader wants to see, `explain` with the check to be explained, and `shrink` with the one whose failure is to be made smaller. However the verdicts turn, it keeps its height. */
class SfVerdicts extends LitElement {
  static override properties = {
    verdicts: byValue,
    perspective: { type: String },
    opened: { state: true },
    all: { state: true },
  };

  static override styles = [
    base,
    buttons,
    headings,
    css`
      :host {
        position: relative;
      }
      .unknown {
        position: absolute;
        inset: 0;
        padding: var(--space-3);
        border: 1px dashed var(--line);
        border-radius: 8px;
        color: var(--muted);
        font-family: var(--serif);
        font-size: var(--text-m);
      }
      section {
        padding-block: 3px 2px;
        border-radius: 8px;
        outline: 1px solid var(--hairline);
        outline-offset: -1px;
      }
      section.violated {
        outline: 2px solid var(--danger);
        outline-offset: -2px;
      }
      .veiled {
        visibility: hidden;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        padding-inline: var(--space-3);
      }
      /* The room of the moment is there before the check breaks, so that no label wraps anew. */
      .whole li {
        grid-template-columns: minmax(0, 1fr) minmax(4.75rem, auto);
      }
      .moment {
        justify-content: end;
      }
      /* Beside the outline, which they would cover. */
      ul {
        margin-inline: 2px;
      }
      li:first-child {
        border-radius: 6px 6px 0 0;
      }
      li.opened {
        background: var(--surface);
      }
      li.opened.violated {
        background: var(--danger-wash);
      }
      button {
        min-height: 1.5rem;
      }
      .line {
        justify-content: start;
        overflow: hidden;
        padding: 0;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .line:hover {
        background: none;
        color: var(--ink);
      }
      .line:focus-visible,
      .more:focus-visible {
        outline-offset: -2px;
      }
      .label {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .whole .label {
        padding-block: 0.125rem;
        line-height: 1.25;
        text-align: start;
        text-wrap: pretty;
        white-space: normal;
      }
      .opened .label,
      li.violated .label {
        color: var(--ink);
      }
      .mark {
        color: var(--muted);
      }
      .holds .mark,
      .holds .word {
        color: var(--ok);
      }
      li.violated .mark,
      sf-excerpt.violated .word,
      .moment {
        color: var(--danger);
      }
      .moment {
        padding: 0 0 0 var(--space-2);
        text-decoration: underline;
        text-decoration-color: var(--danger);
        text-underline-offset: 0.2em;
      }
      .show {
        min-height: 0;
        padding: 0 var(--space-1);
        color: var(--accent);
        font-family: var(--font);
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .more {
        width: 100%;
        padding-inline: var(--space-3);
        justify-content: start;
        color: var(--muted);
      }
      /* Room for the longest sentence that most runs have. */
      sf-excerpt {
        --lines: 3;
        --pad: 0.4375rem;
        /* Beside the outline, which it would cover. */
        margin-inline: 2px;
        border-top: 1px solid var(--hairline);
        border-radius: 0 0 8px 8px;
        background: var(--surface);
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.35;
        text-wrap: pretty;
      }
      sf-excerpt.violated {
        background: var(--danger-wash);
      }
      .word {
        color: var(--muted);
        font-family: var(--font);
        font-size: var(--text-s);
        font-weight: 600;
      }
      @media (min-width: 60em) and (max-height: 56em) {
        sf-excerpt {
          font-size: var(--text-s);
        }
      }
    `,
  ];

  declare verdicts: ShownVerdict[];
  /** The node in whose perspective the run is seen: no node can know what the checks say. */
  declare perspective: string | undefined;
  /** The check that the reader opened; without one, what is violated is, or the lab's first. */
  declare opened: string | undefined;
  declare all: boolean;

  /** What a screen reader is told; it changes only when a verdict does. */
  #spoken = '';

  constructor() {
    super();
    this.all = false;
  }

  /** Which button has the focus: of which check, and which of the two. */
  #focused: { check: string | undefined; button: string } | undefined;

  /** On what explains the check that is opened, or on its line. */
  override focus(): void {
    const { renderRoot } = this;
    (
      renderRoot.querySelector<HTMLElement>('.show') ??
      renderRoot.querySelector<HTMLElement>('.opened .line')
    )?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const focused = this.shadowRoot?.activeElement;
    const line = focused?.closest('li');
    this.#focused = focused && line ? { check: line.dataset.check, button: focused.className } : undefined;
    const before = changed.get('verdicts');
    const said = before && turned(before, this.verdicts);
    if (!said) return;
    this.#spoken = said;
    // What turned is more than what was read before it did.
    this.opened = undefined;
  }

  /** The lines change places as checks turn, and a moment may go: the focus stays with its check. */
  protected override updated(): void {
    if (!this.#focused) return;
    const { check, button } = this.#focused;
    const lines = [...this.renderRoot.querySelectorAll('li')];
    const line = lines.find(({ dataset }) => dataset.check === check) ?? lines[0];
    const next =
      line?.querySelector<HTMLElement>(`.${button}`) ?? line?.querySelector<HTMLElement>('.line');
    if (next && next !== this.shadowRoot?.activeElement) next.focus({ preventScroll: true });
  }

  protected override render() {
    const first = byInterest(this.verdicts)[0];
    const opened = this.verdicts.find(({ check }) => check === this.opened) ?? first;
    if (!opened) return nothing;
    return html`
      ${
        this.perspective === undefined
          ? nothing
          : html`<p class="unknown">${words.verdicts.unknown(this.perspective)}</p>`
      }
      <section
        class="${opened.state} ${this.perspective === undefined ? '' : 'veiled'}"
        aria-label=${words.verdicts.label}
      >
        <ul class=${this.#isCut ? '' : 'whole'}>
          ${this.#lines().map((verdict) => this.#line(verdict, verdict.check === opened.check))}
        </ul>
        ${this.verdicts.length > LINES ? this.#more() : nothing}
        <sf-excerpt class="why ${opened.state}" id="why" .about=${`${opened.check} ${opened.state}`}>
          <span class="word">${words.verdicts.told(opened.state)}</span>
          ${opened.state === 'violated' ? this.#showMe(opened) : nothing}
          <span>${unbroken(opened.sentence)}</span>
        </sf-excerpt>
        <p class="unseen" role="status">${this.#spoken}</p>
      </section>
    `;
  }

  /** Which lines are there depends on what turned: they have one height, and end where their room does. */
  get #isCut(): boolean {
    return this.verdicts.length > LINES && !this.all;
  }

  #lines(): ShownVerdict[] {
    if (this.verdicts.length <= LINES) return this.verdicts;
    return this.all ? this.verdicts : byInterest(this.verdicts).slice(0, LINES - 1);
  }

  #line({ check, label, state, at_ms }: ShownVerdict, isOpened: boolean): TemplateResult {
    return html`
      <li class="${state} ${isOpened ? 'opened' : ''}" data-check=${check} data-state=${state}>
        <button
          class="line"
          title=${label}
          aria-controls="why"
          aria-expanded=${isOpened}
          @click=${() => (this.opened = check)}
        >
          <span class="mark">${icons[state]}</span>
          <span class="unseen">${words.verdicts.named(state)}</span>
          <span class="label">${unbroken(label)}</span>
        </button>
        ${
          state === 'violated' && at_ms !== null
            ? html`<button class="moment" aria-label=${words.verdicts.showMoment(moment(at_ms))} @click=${() => emit(this, 'seek', at_ms)}>
                ${words.time.at(moment(at_ms))}
              </button>`
            : nothing
        }
      </li>
    `;
  }

  #showMe({ check, label }: ShownVerdict): TemplateResult {
    return html`<button class="show" aria-label=${words.verdicts.showMeWhy(label)} @click=${() => emit(this, 'explain', check)}>
      ${words.verdicts.showMe}</button
      ><button class="show" aria-label=${words.verdicts.shrinkThis(label)} @click=${() => emit(this, 'shrink', check)}>
      ${words.verdicts.shrink}
    </button>`;
  }

  #more(): TemplateResult {
    const others = byInterest(this.verdicts).slice(LINES - 1);
    return html`
      <button class="more" aria-expanded=${this.all} @click=${() => (this.all = !this.all)}>
        ${this.all ? words.verdicts.fewer : words.verdicts.more(others.length, counted(others))}
      </button>
    `;
  }
}

/** "2 violated", "4 hold" */
function counted(verdicts: ShownVerdict[]): string[] {
  return GRAVITY.flatMap((state) => {
    const count = verdicts.filter((verdict) => verdict.state === state).length;
    return count === 0 ? [] : words.verdicts.counts[state](count);
  });
}

define('sf-verdicts', SfVerdicts);

declare global {
  interface HTMLElementTagNameMap {
    'sf-verdicts': SfVerdicts;
  }
}
