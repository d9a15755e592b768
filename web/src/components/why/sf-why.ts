/**
 * Why a check is violated: the chain of events, one at a time, in the world, the space-time diagram and the history at once,
 * with its sentence below them; and what the run would be without a fault.
 */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { View, WhyTrial } from '../../core/index.ts';
import type { Session } from '../../session/session.ts';
import { Walk } from '../../session/why/walk.ts';
import { WALKED } from '../../session/pictures/views.ts';
import { words } from '../../session/why/words.ts';
import { moment, unbroken } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import '../base/sf-excerpt.ts';
import { base, buttons, floating } from '../base/shared.ts';
import type { Painter, SfStage } from '../picture/sf-stage.ts';
import '../picture/sf-stage.ts';

export class SfWhy extends LitElement {
  static override properties = {
    session: { attribute: false },
    walk: { attribute: false },
    place: { type: Number },
    trials: { attribute: false },
    readonly: { type: Boolean },
    asked: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
        min-height: 0;
      }
      .pictures {
        display: grid;
        grid-template: repeat(2, minmax(0, 1fr)) / minmax(0, 1fr) minmax(0, 1.25fr);
        gap: 1px;
        min-height: 0;
      }
      .world {
        grid-row: 1 / -1;
      }
      .history {
        border-top: 1px solid var(--hairline);
      }
      .spacetime,
      .history {
        border-left: 1px solid var(--hairline);
      }
      section {
        display: grid;
        /* A long title is cut off, and pushes nothing out. */
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-1);
        padding: var(--space-1) var(--space-3) var(--space-2);
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        font-size: var(--text-s);
        outline: none;
      }
      .head,
      .if {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2.25rem;
      }
      .title {
        flex: 1;
        overflow: hidden;
        color: var(--muted);
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .place {
        min-width: 4.5em;
        text-align: center;
        white-space: nowrap;
      }
      sf-excerpt {
        --lines: 2;
        --pad: 0px;
        --top: auto;
        --bottom: 0;
        background: var(--surface);
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      .when {
        color: var(--muted);
      }
      .loss b,
      .fault b {
        color: var(--accent);
      }
      .violated {
        color: var(--danger);
      }
      .if p {
        flex: 1;
        line-height: 1.3;
      }
      .if button {
        border: 1px solid var(--line);
        white-space: normal;
        text-align: start;
      }
      /* The list opens over the pictures: nothing below the pointer moves. */
      .if {
        position: relative;
      }
      summary {
        padding: var(--space-1) var(--space-2);
        color: var(--muted);
        cursor: pointer;
      }
      ol {
        position: absolute;
        z-index: 4;
        inset: auto 0 100% auto;
        width: min(28rem, 100%);
        box-sizing: border-box;
        max-height: min(50svh, 20rem);
        padding: var(--space-3) var(--space-3) var(--space-3) 2.25rem;
        overflow: auto;
        ${floating}
        border-radius: 8px;
        list-style: decimal;
      }
      :host([compact]) details {
        display: none;
      }
      ol button {
        min-height: 0;
        padding: 0 var(--space-1);
      }
      button:disabled {
        color: var(--muted);
        cursor: default;
      }
      @media (max-width: 59.99em) {
        .pictures {
          grid-template: minmax(0, 1.4fr) repeat(2, minmax(0, 1fr)) / minmax(0, 1fr);
        }
        .world {
          grid-row: auto;
        }
        .spacetime,
        .history {
          border-left: 0;
          border-top: 1px solid var(--hairline);
        }
        section {
          position: fixed;
          inset: auto 0 0;
          z-index: 4;
          border-radius: 12px 12px 0 0;
          box-shadow: 0 -4px 20px rgb(0 0 0 / 14%);
          padding-bottom: max(var(--space-3), env(safe-area-inset-bottom));
        }
        sf-excerpt {
          --lines: 4;
        }
        .if {
          min-height: 6.75rem;
          align-content: center;
          flex-wrap: wrap;
        }
        .if p {
          flex: 1 0 100%;
        }
        .title {
          flex: 0 0 100%;
          order: -1;
        }
        .head {
          flex-wrap: wrap;
        }
        .head .close {
          margin-inline-start: auto;
        }
      }
      /* In a figure of somebody else's page: as much as the figure has room for, and nothing outside of it. */
      :host([compact]) .pictures {
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      }
      :host([compact]) :is(.spacetime, .history) {
        display: none;
      }
      :host([compact]) section {
        position: static;
        padding: 0 var(--space-2) var(--space-1);
        border-width: 1px 0 0;
        border-radius: 0;
        box-shadow: none;
      }
      :host([compact]) sf-excerpt {
        --lines: 2;
        font-size: var(--text-s);
      }
      :host([compact]) .head {
        flex-wrap: nowrap;
      }
      :host([compact]) .title {
        flex: 1;
        order: 0;
      }
      :host([compact]) .if {
        min-height: 2.25rem;
        flex-wrap: nowrap;
      }
      :host([compact]) .if p {
        flex: 1;
      }
      @container (width >= 44em) and (height >= 24em) {
        :host([compact]) .pictures {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1.25fr);
        }
        :host([compact]) .spacetime {
          display: block;
          border-top: 0;
          border-left: 1px solid var(--hairline);
        }
      }
    `,
  ];

  declare session: Session;
  declare walk: Walk;
  /** What changes as the walk goes on: the link that is told, and what is known of what would be. */
  declare place: number;
  declare trials: readonly WhyTrial[];
  /** Whether the reader may play the run without a fault, and compare both: that changes it. */
  declare readonly: boolean;
  /** The trials of which the reader has asked what would be without their fault. */
  declare asked: ReadonlySet<number>;

  readonly #painters = WALKED.map((view): [View, Painter] => [
    view,
    (context, width, height) => this.session.pictures.paint(view, context, width, height),
  ]);

  constructor() {
    super();
    this.asked = new Set();
    this.readonly = false;
    this.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Paints all pictures of the moment. */
  paint(): void {
    for (const stage of this.renderRoot.querySelectorAll<SfStage>('sf-stage')) stage.paint();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('walk')) this.asked = new Set();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('walk')) this.#takeFocus();
  }

  #takeFocus(): void {
    this.renderRoot.querySelector<HTMLElement>('section')?.focus({ preventScroll: true });
  }

  protected override render() {
    const { chain } = this.walk;
    return html`
      <div class="pictures">
        ${this.#painters.map(
          ([view, painter]) =>
            html`<sf-stage class=${view} .painter=${painter} caption=${words.pictures[view]}></sf-stage>`,
        )}
      </div>
      <section tabindex="-1" aria-label=${words.label(chain.label)}>
        ${this.#head()} ${this.#told()}
        <div class="if">${this.#whatIf()}</div>
      </section>
    `;
  }

  #head(): TemplateResult {
    const { walk } = this;
    const { label, links } = walk.chain;
    return html`
      <div class="head">
        <button class="previous" title=${words.previousHint} ?disabled=${walk.place === 0} @click=${() => this.#step(-1)}>
          ${icons.before}${words.previous}
        </button>
        <span class="place">${words.place(walk.place + 1, links.length)}</span>
        <button class="next" title=${words.nextHint} ?disabled=${walk.isAtEnd} @click=${() => this.#step(1)}>
          ${words.next}${icons.after}
        </button>
        <span class="title" title=${label}>${words.label(label)}</span>
        <button class="close" aria-label=${words.close} title=${words.closeHint} @click=${() => this.session.walking.close()}>
          ${icons.close}
        </button>
      </div>
    `;
  }

  #told(): TemplateResult {
    const { walk } = this;
    const { link, chain, isAtEnd } = walk;
    if (!link) return html``;
    const place = words.place(walk.place + 1, chain.links.length);
    const spoken = [words.told(place, moment(link.time_ms), link.sentence)];
    if (isAtEnd) spoken.push(words.ends(chain.sentence));
    const isFirst = walk.place === 0 && chain.left_out > 0;
    return html`
      <sf-excerpt class=${link.kind} .about=${`${walk.place}`}>
        <span class="when">${moment(link.time_ms)}</span>
        <span>${unbroken(link.sentence)}</span>
        ${isFirst ? html`<span class="when">${words.cut(chain.left_out)}</span>` : nothing}
        ${isAtEnd ? html`<span class="violated">${unbroken(words.ends(chain.sentence))}</span>` : nothing}
      </sf-excerpt>
      <p class="unseen" role="status">${spoken.join(' ')}</p>
    `;
  }

  /** At a fault, what would be without it; at the end, which rule is missing, beside the events; elsewhere, the smallest change that saves the run. */
  #whatIf(): TemplateResult {
    const { walk } = this;
    const { link } = walk;
    const trial = link && walk.trialOf(link.id);
    if (trial) return this.#ofFault(trial);
    const rules = walk.isAtEnd ? walk.missing : [];
    if (rules.length > 0)
      return html`<p class="rule" role="status">${words.withRules(rules)}</p>${this.#ranked()}`;
    if (!walk.areKnown) return html`<p role="status">${words.seeking}</p>`;
    const { best } = walk;
    const said = [this.#ofFaults(best), best ? this.#saidOfBest(best) : this.#triedAll()];
    const sentence = said.filter((part) => part !== '').join(' ');
    // A chain without a fault proves nothing about the rest of the run: nothing is said of it.
    if (sentence === '') return html``;
    return html`
      <p role="status">${unbroken(sentence)}</p>
      ${best ? this.#offer(best) : nothing} ${this.#ranked()}
    `;
  }

  /** What single faults come to, where none of them saves the run. */
  #ofFaults(best: WhyTrial | undefined): string {
    const { walk } = this;
    if (walk.isNoFaultAlone) return words.none;
    const canBeTaken = walk.trials.some(({ change }) => change === 'fault');
    return walk.hasFault && !canBeTaken && best?.change !== 'fault' ? words.notAlone : '';
  }

  #saidOfBest(best: WhyTrial): string {
    const { walk } = this;
    const change = walk.changeOf(best);
    const saves = words.saves[walk.endingOf(best) === 'saved' ? 'saved' : 'averted'];
    const [one = '', other] = walk.saidOf(best);
    return words.best[change === 'both' ? 'fault' : change](saves, one, other);
  }

  #triedAll(): string {
    const { settings, pairs } = this.walk.hasTried;
    const tried = [...(settings ? [words.tried.settings] : []), ...(pairs ? [words.tried.pairs] : [])];
    return tried.length > 0 ? words.triedAll(tried) : '';
  }

  /** A fault is shown where it is in the chain; anything else is nowhere in it. */
  #offer(trial: WhyTrial): TemplateResult | typeof nothing {
    const { id } = trial;
    const place = this.walk.chain.links.findIndex((link) => link.id === id);
    if (id !== null && place >= 0)
      return html`<button class="best" @click=${() => this.#show(place, trial.place)}>${words.show}</button>`;
    return this.readonly ? nothing : html`${this.#take(trial)} ${this.#compare(trial)}`;
  }

  #take(trial: WhyTrial): TemplateResult {
    const isOfFaults = this.walk.changeOf(trial) === 'fault';
    return html`<button class="take" @click=${() => this.session.walking.takeAway(trial.place)}>
      ${isOfFaults ? words.take : words.takeSetting}
    </button>`;
  }

  #compare({ twin }: WhyTrial): TemplateResult | typeof nothing {
    if (twin === null) return nothing;
    return html`<button class="compare" @click=${() => emit(this, 'compare', twin)}>${words.compare}</button>`;
  }

  /** All that was tried, the best first. */
  #ranked(): TemplateResult | typeof nothing {
    const { ranked } = this.walk;
    if (ranked.length < 2) return nothing;
    return html`<details>
      <summary>${words.ranked(ranked.length)}</summary>
      <ol aria-label=${words.rankedLabel}>
        ${ranked.map((trial) => html`<li>${this.#saidOf(trial)} <b>${this.#outcomeOf(trial)}</b> ${this.#offer(trial)}</li>`)}
      </ol>
    </details>`;
  }

  #saidOf(trial: WhyTrial): string {
    const isOfDefences = this.walk.changeOf(trial) === 'switch';
    const said = this.walk
      .saidOf(trial)
      .map((text) => unbroken(isOfDefences ? words.switchedOn(text) : text));
    const [one = '', other] = said;
    return other === undefined ? one : words.bothOf(one, other);
  }

  #outcomeOf(trial: WhyTrial): string {
    const outcome = words.outcome[this.walk.endingOf(trial)];
    return trial.breaks === null ? outcome : `${outcome}, ${words.breaksOther}`;
  }

  #ofFault(trial: WhyTrial): TemplateResult {
    if (!this.asked.has(trial.place))
      return html`<button class="ask" @click=${() => this.#ask(trial.place)}>${words.whatIf}</button>`;
    const ending = this.walk.endingOf(trial);
    const time = moment(trial.violated_ms ?? 0);
    const said = words.ending[ending === 'saved' && trial.is_moot ? 'moot' : ending];
    const sentence = typeof said === 'string' ? said : said(time);
    return html`
      <p role="status">${trial.breaks === null ? sentence : words.breaks(sentence, trial.breaks)}</p>
      ${
        ending === 'unknown' || this.readonly
          ? nothing
          : html`
              ${this.#take(trial)} ${this.#compare(trial)}
            `
      }
    `;
  }

  /** Goes to a link of the chain, and tells what comes without its fault: `trial` is that one's place. */
  #show(place: number, trial: number): void {
    this.#ask(trial);
    this.walk.tell(place);
  }

  #ask(trial: number): void {
    this.asked = new Set([...this.asked, trial]);
    // The button that was pressed gives way to the answer: the focus stays here.
    this.#takeFocus();
  }

  /** A button that leads no further loses the focus. */
  #step(by: number): void {
    const { walk } = this;
    walk.tell(walk.place + by);
    if (walk.place === 0 || walk.isAtEnd) this.#takeFocus();
  }

  /** Left and right walk along the chain, and take the run's own keys; with another key they are the browser's. */
  #onKey(event: KeyboardEvent): void {
    const { walk } = this;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape' && !event.defaultPrevented) this.session.walking.close();
    else if (step === undefined || event.shiftKey) return;
    else walk.tell(walk.place + step);
    event.preventDefault();
    event.stopPropagation();
  }
}

define('sf-why', SfWhy);

declare global {
  interface HTMLElementTagNameMap {
    'sf-why': SfWhy;
  }
}

/** Walks along what explains a check's violation, if that is still wanted once it is loaded. */
export async function explain(session: Session, check: string, isWanted: () => boolean): Promise<void> {
  await session.load('why');
  if (!isWanted()) return;
  session.walking.begin((run, player, owner) => Walk.along(check, run, player, owner));
}
