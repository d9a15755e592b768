/** The run's measurements as plots. The library that draws them is fetched when the first is looked at. */
import { LitElement, css, html, nothing, unsafeCSS } from 'lit';
import uplotStyle from 'uplot/dist/uPlot.min.css?inline';
import type { Series } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { fold } from '../base/fold.ts';
import { base, folds, headings } from '../base/shared.ts';
import type { Plot } from './plot.ts';
import { words } from '../../words.ts';

/** Plots that change many times a second cannot be read, and cost. */
const REDRAW_MS = 500;

/** Sends `choose` when it is folded or unfolded by hand. */
class SfPlots extends LitElement {
  static override properties = {
    read: { attribute: false },
    time: { type: Number },
    playing: { type: Boolean },
    open: { type: Boolean },
    only: { type: String },
    empty: { state: true },
  };

  static override styles = [
    unsafeCSS(uplotStyle),
    base,
    headings,
    folds,
    css`
      .plots {
        display: grid;
        gap: var(--space-4);
        padding-top: var(--space-2);
      }
      figcaption {
        font-size: var(--text-s);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        color: var(--muted);
        font-size: var(--text-s);
      }
      .legend svg {
        width: 1.75rem;
        height: 0.25rem;
        margin-inline-end: var(--space-1);
        stroke: var(--colour);
        vertical-align: middle;
      }
      p {
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** Asked for the measurements when they are to be drawn. */
  declare read: () => Series[];
  declare time: number;
  declare playing: boolean;
  declare open: boolean;
  /** The one group of curves that is shown, without a fold around it. */
  declare only: string | undefined;
  declare empty: boolean;

  #drawnAt = -Infinity;
  #plots: Plot[] = [];
  #groups: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.empty = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget();
  }

  protected override render() {
    if (this.only !== undefined) return this.#body();
    return fold({
      summary: html`<h2>${words.plots.label}</h2>`,
      body: this.#body(),
      isOpen: this.open,
      choose: (plots) => emit(this, 'choose', { plots }),
    });
  }

  #body() {
    return html`
      <div class="plots"></div>
      ${this.empty ? html`<p>${words.plots.none}</p>` : nothing}
    `;
  }

  #series(): Series[] {
    const { only } = this;
    return this.read().filter(({ group }) => only === undefined || group === only);
  }

  protected override updated(): void {
    if (!this.open || this.#timer !== undefined) return;
    const wait = this.playing ? this.#drawnAt + REDRAW_MS - performance.now() : 0;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#draw();
      },
      Math.max(0, wait),
    );
  }

  async #draw(): Promise<void> {
    this.#drawnAt = performance.now();
    const { Plot, grouped } = await import('./plot.ts');
    if (!this.isConnected || !this.open) return;
    const groups = grouped(this.#series());
    this.empty = groups.length === 0;
    const names = groups.map(({ name, series }) => [name, ...series.map(({ label }) => label)].join());
    const place = this.renderRoot.querySelector('.plots');
    if (!place) return;
    if (names.join() !== this.#groups.join()) {
      this.#forget();
      this.#groups = names;
      this.#plots = groups.map((group) => new Plot(place, group));
    }
    groups.forEach((group, at) => this.#plots[at]?.show(group, this.time / 1000));
  }

  #forget(): void {
    for (const plot of this.#plots) plot.remove();
    this.#plots = [];
    this.#groups = [];
  }
}

define('sf-plots', SfPlots);

declare global {
  interface HTMLElementTagNameMap {
    'sf-plots': SfPlots;
  }
}
