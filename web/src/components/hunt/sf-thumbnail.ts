/** A small picture of the moment that a link opens. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import type { Core } from '../../core/index.ts';
import { readPalette } from '../../style/palette.ts';
import { watchColours } from '../../style/theme.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';
import { paintPoster } from '../start/poster.ts';
import { toViolation } from '../start/telling-moment.ts';

class SfThumbnail extends LitElement {
  static override properties = {
    core: { attribute: false },
    link: { type: String },
  };

  static override styles = [
    base,
    css`
      canvas {
        width: 100%;
        aspect-ratio: 16 / 9;
        border: 1px solid var(--hairline);
        border-radius: 4px;
        background: var(--ground);
      }
    `,
  ];

  declare core: Core;
  declare link: string;

  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchColours(this, () => this.#paint());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override render() {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('link')) this.#paint();
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const { core, link } = this;
    void paintPoster({ core, link, canvas, palette: readPalette(this.renderRoot), to: toViolation });
  }
}

define('sf-thumbnail', SfThumbnail);

declare global {
  interface HTMLElementTagNameMap {
    'sf-thumbnail': SfThumbnail;
  }
}
