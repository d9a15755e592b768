/**
 * Two runs of the same seed and weather beside each other, with one thing flipped: side by side, on a phone one above the other.
 * Messages that are the same in both are calm, those that differ stand out.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { ShownVerdict, TwinFigures, View } from '../../core/index.ts';
import type { Session } from '../../session/session.ts';
import { Twin, lowered } from '../../session/twin/twin.ts';
import { words } from '../../session/twin/words.ts';
import { VIEWS, viewsOf } from '../../session/pictures/views.ts';
import { moment, unbroken } from '../../format.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { byGravity } from '../lesson/verdict.ts';
import type { Painter, SfStage } from '../picture/sf-stage.ts';
import '../picture/sf-stage.ts';

export class SfTwin extends LitElement {
  static override properties = {
    session: { attribute: false },
    twin: { attribute: false },
    state: { attribute: false },
    figures: { attribute: false },
    isOnWay: { type: Boolean },
    guest: { type: Boolean, reflect: true },
    parting: { attribute: false },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        position: relative;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
        min-height: 0;
      }
      .halves {
        display: grid;
        grid-template: auto minmax(0, 1fr) / repeat(2, minmax(0, 1fr));
        min-height: 0;
        outline: none;
      }
      /* Both pictures are as large, however much is said above them. */
      figure {
        display: grid;
        grid-row: span 2;
        grid-template: subgrid / minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
      figure + figure {
        border-left: 1px solid var(--line);
      }
      figcaption {
        padding: 0 2.25rem 0 var(--space-3);
        font-size: var(--text-s);
        line-height: 1.35;
      }
      figcaption > * {
        display: block;
      }
      .pictures {
        display: grid;
        grid-auto-rows: minmax(0, 1fr);
        grid-template-columns: minmax(0, 1fr);
        gap: 1px;
        min-height: 0;
      }
      .violated {
        color: var(--danger);
      }
      .holds {
        color: var(--muted);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-3);
        border-top: 1px solid var(--hairline);
        font-size: var(--text-s);
      }
      table {
        flex: 1 1 20rem;
        border-collapse: collapse;
        text-align: end;
      }
      th {
        color: var(--muted);
        font-weight: 400;
        text-align: end;
      }
      th[scope='row'] {
        text-align: start;
      }
      th,
      td {
        padding: 0 var(--space-2) 0 0;
        line-height: 1.4;
        white-space: nowrap;
      }
      .differs {
        font-weight: 600;
      }
      .parting {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-2);
        min-width: 14rem;
        min-height: 2.25rem;
      }
      .jump {
        border: 1px solid var(--line);
      }
      .close {
        position: absolute;
        inset: 0 0 auto auto;
      }
      @media (max-width: 39.99em) {
        .halves {
          grid-template: repeat(2, auto minmax(0, 1fr)) / minmax(0, 1fr);
        }
        figure + figure {
          border-left: 0;
          border-top: 1px solid var(--line);
        }
        figcaption {
          display: flex;
          flex-wrap: wrap;
          gap: 0 var(--space-2);
          line-height: 1.25;
        }
        /* Two pictures of a run, where four stand one above the other already. */
        .pictures {
          grid-auto-flow: column;
          grid-auto-columns: minmax(0, 1fr);
          grid-template: minmax(0, 1fr) / none;
        }
        :host(:not([guest])) .foot {
          position: fixed;
          inset: auto 0 0;
          z-index: 4;
          padding: var(--space-2) var(--space-3) max(var(--space-2), env(safe-area-inset-bottom));
          border: 1px solid var(--line);
          border-radius: 12px 12px 0 0;
          background: var(--surface);
          box-shadow: 0 -4px 20px rgb(0 0 0 / 14%);
        }
        table {
          flex-basis: 100%;
        }
      }
      /* Above it is the way to the full page. */
      :host([guest]) .close {
        top: 2rem;
      }
      @container (width < 40em) or (height < 30em) {
        :host([guest]) table {
          display: none;
        }
        :host([guest]) .foot {
          border-top: 0;
        }
        :host([guest]) .parting {
          min-height: 0;
        }
      }
    `,
  ];

  declare session: Session;
  declare twin: Twin;
  /** What changes as the runs go on, or come to where they are bound for. */
  declare state: unknown;
  declare figures: unknown;
  declare isOnWay: boolean;
  declare parting: number | null | undefined;
  /** Whether it is in a figure in somebody else's page, which has its player below. */
  declare guest: boolean;

  #watching: AbortController | undefined;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => this.#onKey(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watching = new AbortController();
    narrow.addEventListener('change', () => this.requestUpdate(), { signal: this.#watching.signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watching?.abort();
  }

  /** Paints all pictures of the moment. */
  paint(): void {
    this.twin.follow();
    for (const stage of this.renderRoot.querySelectorAll<SfStage>('sf-stage')) stage.paint();
  }

  protected override willUpdate(): void {
    this.twin.read();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.halves')?.focus({ preventScroll: true });
  }

  protected override render() {
    const { session, twin } = this;
    const { states } = twin;
    const [own, other] = twin.halves.map(unbroken);
    return html`
      <div class="halves" role="group" tabindex="-1" aria-label=${words.label(twin.says, ...lowered(states))}>
        ${this.#half(own ?? '', this.#verdict(session.state.verdicts), this.#own)}
        ${this.#half(other ?? '', twin.isOnWay ? html`<span class="holds">${words.onWay}</span>` : this.#verdict(twin.state?.verdicts ?? []), this.#other)}
      </div>
      <div class="foot">
        ${this.#figures(states)} ${this.#parting()}
      </div>
      <button class="close" aria-label=${words.close} title=${words.closeHint} @click=${() => this.session.comparing.end()}>
        ${icons.close}
      </button>
    `;
  }

  /** A painter for each view: a stage paints anew when it has another one. */
  readonly #own = paintersOf(
    (view) => (context, width, height) => this.session.pictures.paint(view, context, width, height),
  );

  readonly #other = paintersOf(
    (view) => (context, width, height) => this.twin.paint(view, context, width, height),
  );

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    this.session.comparing.end();
    event.preventDefault();
    event.stopPropagation();
  }

  /** No node can know of a violation. */
  get #isAllKnown(): boolean {
    return this.session.perspectiveName === undefined;
  }

  #verdict(verdicts: ShownVerdict[]): TemplateResult | typeof nothing {
    if (!this.#isAllKnown) return nothing;
    const worst = byGravity(verdicts).find(({ state }) => state === 'violated');
    if (!worst) return html`<span class="holds">${words.holds}</span>`;
    const said = words.violated(worst.label, moment(worst.at_ms ?? 0));
    return html`<span class="violated" title=${worst.sentence}>${said}</span>`;
  }

  #half(name: string, said: TemplateResult | typeof nothing, painters: Painters): TemplateResult {
    const views = viewsOf(this.session.view);
    return html`
      <figure>
        <figcaption><b>${name}</b>${said}</figcaption>
        <div class="pictures">
          ${views.map(
            (view) => html`<sf-stage
              class=${view}
              .painter=${painters[view]}
              caption=${words.pictureOf(VIEWS[view].name, name)}
            ></sf-stage>`,
          )}
        </div>
      </figure>
    `;
  }

  #figures(states: readonly string[]): TemplateResult {
    const { twin } = this;
    const figures = (twin.isOnWay ? null : twin.figures) ?? [];
    const known = this.#isAllKnown ? COLUMNS : COLUMNS.filter((column) => column !== VIOLATIONS);
    const columns = known.map(({ name, hint, show }) => ({ name, hint, shown: figures.map(show) }));
    return html`
      <table aria-label=${words.figures}>
        ${narrow.matches ? upright(columns, states) : lying(columns, states)}
      </table>
    `;
  }

  #parting(): TemplateResult {
    const { partingMs } = this.twin;
    if (partingMs === null) return html`<p class="parting" role="status">${words.seeking}</p>`;
    if (partingMs === undefined) return html`<p class="parting" role="status">${words.never}</p>`;
    return html`
      <div class="parting">
        <span role="status">${words.parting(moment(partingMs))}</span>
        <button class="jump" @click=${() => emit(this, 'seek', partingMs)}>${words.jump}</button>
      </div>
    `;
  }
}

/** Who paints each view of a run. */
type Painters = Record<View, Painter>;

function paintersOf(painterOf: (view: View) => Painter): Painters {
  const views = Object.keys(VIEWS) as View[];
  return Object.fromEntries(views.map((view) => [view, painterOf(view)])) as Painters;
}

/** Where there is no room for a line of figures: they stand one below the other. */
const narrow = window.matchMedia('(max-width: 39.99em)');

/** A figure of both runs. */
interface Shown {
  name: string;
  hint: string | undefined;
  shown: readonly string[];
}

const heading = ({ name, hint }: Shown, scope: 'row' | 'col'): TemplateResult =>
  html`<th scope=${scope} title=${hint ?? nothing}>${name}</th>`;

const cell = ({ shown }: Shown, place: number): TemplateResult =>
  html`<td class=${shown[0] === shown[1] ? '' : 'differs'}>${shown[place] ?? words.unknown}</td>`;

/** A run in each row. */
function lying(figures: readonly Shown[], states: readonly string[]): TemplateResult {
  return html`
    <thead>
      <tr>
        <td></td>
        ${figures.map((figure) => heading(figure, 'col'))}
      </tr>
    </thead>
    <tbody>
      ${states.map(
        (state, place) => html`
          <tr>
            <th scope="row">${state}</th>
            ${figures.map((figure) => cell(figure, place))}
          </tr>
        `,
      )}
    </tbody>
  `;
}

/** A figure in each row. */
function upright(figures: readonly Shown[], states: readonly string[]): TemplateResult {
  return html`
    <thead>
      <tr>
        <td></td>
        ${states.map((state) => html`<th scope="col">${state}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${figures.map((figure) => html`<tr>${heading(figure, 'row')} ${states.map((_, place) => cell(figure, place))}</tr>`)}
    </tbody>
  `;
}

interface Column {
  name: string;
  hint?: string;
  show: (figures: TwinFigures) => string;
}

const VIOLATIONS: Column = {
  name: words.violations,
  show: ({ violations }) => String(violations),
};

const COLUMNS: readonly Column[] = [
  { name: words.sent, show: ({ sent }) => String(sent) },
  { name: words.retries, show: ({ retries }) => String(retries) },
  {
    name: words.latency,
    hint: words.latencyHint,
    show: ({ latency_ms: ms }) => (ms === null ? words.unknown : words.milliseconds(ms)),
  },
  { name: words.served, show: ({ served }) => (served === null ? words.unknown : words.percent(served)) },
  VIOLATIONS,
];

define('sf-twin', SfTwin);

declare global {
  interface HTMLElementTagNameMap {
    'sf-twin': SfTwin;
  }
}

/** Sets the session's run beside the same run with a defence, a setting or a deed flipped, if that is still wanted once it is loaded. */
export async function compare(session: Session, flipped: string, isWanted: () => boolean): Promise<void> {
  // What differs is lit as what is told.
  await Promise.all([session.load('why'), session.load('twin')]);
  if (!isWanted()) return;
  session.comparing.begin((parts) => Twin.of(flipped, parts));
}
