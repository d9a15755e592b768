/** The legend: what the marks on stage mean. One press opens it; it lists what is on stage at the moment, and nothing else. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LegendEntry, State, View } from '../../core/index.ts';
import type { Pictures } from '../../session/pictures/pictures.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** A list that changes ten times a second cannot be read. */
const CALM_MS = 1000;

class SfLegend extends LitElement {
  static override properties = {
    views: { attribute: false },
    pictures: { attribute: false },
    state: { attribute: false },
    playing: { type: Boolean },
    open: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: relative;
      }
      button {
        min-height: 1.75rem;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .panel {
        position: absolute;
        z-index: 4;
        right: 0;
        bottom: 100%;
        width: min(22rem, calc(100vw - 2rem));
        max-height: min(60svh, 28rem);
        overflow: auto;
        padding: var(--space-3);
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--ground);
        font-size: var(--text-s);
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
      p {
        color: var(--muted);
      }
    `,
  ];

  /** The views on stage. */
  declare views: readonly View[];
  declare pictures: Pictures;
  declare state: State;
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
        ${icons.legend}${words.legend.label}
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
    if (this.#entries.length === 0) return html`<div class="panel"><p>${words.legend.empty}</p></div>`;
    return html`
      <ul class="panel" aria-label=${words.legend.label}>
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
