/** The legend: what the marks on stage mean. One press opens it; it lists what is on stage at the moment, and nothing else. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Foretold, LegendEntry, Mark, State, View } from '../../core/index.ts';
import type { Pictures } from '../../session/pictures/pictures.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, floating, unseen } from '../base/shared.ts';
import { strip, outlookStyles } from '../controls/outlook.ts';
import { MARKS, markMeaning, markSample, markStyles } from '../time/marks.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

/** What strips of whole runs show, by samples. */
const STRIPS: readonly [checks: readonly Foretold[], meaning: string][] = [
  [[{ label: '', state: 'holds', violated_ms: null, broken_seeds: null }], words.legend.holds],
  [[{ label: '', state: 'violated', violated_ms: 0.5, broken_seeds: null }], words.legend.breaks],
];

/** Samples under a heading, each with what it means. */
function group(title: string, rows: readonly [sample: TemplateResult, meaning: string][]): TemplateResult {
  return html`
    <h3>${title}</h3>
    <ul aria-label=${title}>
      ${rows.map(([sample, meaning]) => html`<li>${sample}<span>${meaning}</span></li>`)}
    </ul>
  `;
}

class SfLegend extends LitElement {
  static override properties = {
    views: { attribute: false },
    pictures: { attribute: false },
    state: { attribute: false },
    marks: { attribute: false },
    strips: { type: Boolean },
    playing: { type: Boolean },
    open: { state: true },
  };

  static override styles = [
    base,
    buttons,
    markStyles,
    outlookStyles,
    css`
      :host {
        position: relative;
      }
      button {
        min-height: 1.75rem;
        color: var(--muted);
        font-size: var(--text-s);
      }
      @media (max-width: 39.99em) {
        .name {
          ${unseen}
        }
      }
      .panel {
        position: absolute;
        z-index: 4;
        right: 0;
        bottom: 100%;
        width: min(22rem, calc(100vw - 2rem));
        max-height: min(60svh, 28rem);
        overflow: auto;
        ${floating}
        padding: var(--space-3);
        border-radius: 8px;
        scrollbar-width: thin;
      }
      li {
        display: grid;
        grid-template-columns: 44px minmax(0, 1fr);
        align-items: center;
        gap: var(--space-3);
        min-height: 28px;
        line-height: 1.3;
      }
      img {
        display: block;
      }
      .mark {
        justify-self: center;
      }
      h3 {
        margin-block: var(--space-2) 0;
        color: var(--muted);
        font-size: inherit;
        font-weight: 600;
      }
      p {
        color: var(--muted);
      }
    `,
  ];

  /** The views on stage. */
  declare views: readonly View[];
  declare pictures: Pictures;
  declare state: State;
  /** The marks on the time bar. */
  declare marks: readonly Mark[];
  /** Whether there are strips of whole runs beside the picture. */
  declare strips: boolean;
  declare playing: boolean;
  declare open: boolean;

  #entries: LegendEntry[] = [];
  #readAt = -Infinity;

  constructor() {
    super();
    this.open = false;
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.open) return;
      event.stopPropagation();
      this.#toggle();
      this.renderRoot.querySelector('button')?.focus();
    });
  }

  protected override render(): TemplateResult {
    if (this.open) this.#read();
    return html`
      <button aria-expanded=${this.open} title=${words.legend.hint} @click=${this.#toggle}>
        ${icons.legend}<span class="name">${words.legend.label}</span>
      </button>
      ${this.open ? this.#panel() : nothing}
    `;
  }

  /** A view that has just been chosen has marks only once it is painted. */
  protected override updated(changed: PropertyValues): void {
    if (!this.open || !changed.has('views')) return;
    this.#readAt = -Infinity;
    requestAnimationFrame(() => requestAnimationFrame(() => this.requestUpdate()));
  }

  #panel(): TemplateResult {
    const kinds = MARKS.filter((kind) => this.marks.some((mark) => mark.kind === kind));
    return html`
      <div class="panel">
        ${this.#entries.length === 0 ? html`<p>${words.legend.empty}</p>` : this.#onStage()}
        ${
          kinds.length === 0
            ? nothing
            : group(
                words.help.timeBar,
                kinds.map((kind) => [markSample(kind), markMeaning(kind)]),
              )
        }
        ${
          this.strips
            ? group(
                words.legend.strips,
                STRIPS.map(([checks, meaning]) => [
                  strip({ checks: [...checks], broken_seeds: null }, 1),
                  meaning,
                ]),
              )
            : nothing
        }
      </div>
    `;
  }

  #onStage(): TemplateResult {
    return html`
      <ul aria-label=${words.legend.label}>
        ${this.#entries.map(
          ({ svg, words }) =>
            html`<li><img src="data:image/svg+xml,${encodeURIComponent(svg)}" alt="" /><span>${words}</span></li>`,
        )}
      </ul>
    `;
  }

  #toggle(): void {
    this.open = !this.open;
    this.#readAt = -Infinity;
  }

  #read(): void {
    const now = performance.now();
    if (this.playing && now - this.#readAt < CALM_MS) return;
    this.#readAt = now;
    this.#entries = this.views.flatMap((view) => this.pictures.legend(view));
  }
}

define('sf-legend', SfLegend);

declare global {
  interface HTMLElementTagNameMap {
    'sf-legend': SfLegend;
  }
}
