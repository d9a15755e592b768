/** A lab on the start page: its question, and its picture at a telling moment. */
import { LitElement, css, html } from 'lit';
import type { Core, LabEntry } from '../../core/index.ts';
import { paintPoster } from './poster.ts';
import { readPalette } from '../../style/palette.ts';
import { watchColours } from '../../style/theme.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';

class SfPoster extends LitElement {
  static override properties = {
    core: { attribute: false },
    lab: { attribute: false },
  };

  static override styles = [
    base,
    css`
      :host {
        height: 100%;
      }
      a {
        display: grid;
        grid-template-rows: auto 1fr;
        height: 100%;
        border: 1px solid var(--hairline);
        border-radius: 8px;
        background: var(--surface);
        text-decoration: none;
        overflow: hidden;
      }
      a:hover {
        border-color: var(--accent);
      }
      canvas {
        width: 100%;
        aspect-ratio: 16 / 9;
        border-bottom: 1px solid var(--hairline);
        background: var(--ground);
      }
      div {
        padding: var(--space-3) var(--space-4) var(--space-4);
      }
      p {
        font-family: var(--serif);
        font-size: 1.1875rem;
        line-height: 1.3;
        text-wrap: balance;
      }
      span {
        display: block;
        margin-bottom: var(--space-1);
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  declare core: Core;
  declare lab: LabEntry;

  #unwatch: (() => void) | undefined;
  #isSeen = false;
  readonly #sight = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting || this.#isSeen) return;
      this.#isSeen = true;
      this.#paint();
    },
    { rootMargin: '200px' },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe(this);
    this.#unwatch = watchColours(this, () => {
      if (this.#isSeen) this.#paint();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
    this.#unwatch?.();
  }

  protected override render() {
    const { id, title, question } = this.lab;
    return html`
      <a href="#/${id}">
        <canvas aria-hidden="true"></canvas>
        <div>
          <span>${title}</span>
          <p>${question}</p>
        </div>
      </a>
    `;
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const { core, lab } = this;
    void paintPoster({ core, link: `#/${lab.id}`, canvas, palette: readPalette(this.renderRoot) });
  }
}

define('sf-poster', SfPoster);

declare global {
  interface HTMLElementTagNameMap {
    'sf-poster': SfPoster;
  }
}
