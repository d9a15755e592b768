/** The figure's caption: what happened last. */
import { LitElement, css, html, nothing } from 'lit';
import type { LogEntry } from '../core/index.ts';
import { seconds } from '../format.ts';
import { define } from './define.ts';
import { base } from './shared.ts';

/** While `speaks`, a screen reader hears each new sentence: for stepping, not for playing. */
export class SfCaption extends LitElement {
  static override properties = {
    entry: { attribute: false },
    speaks: { type: Boolean },
  };

  static override styles = [
    base,
    css`
      p {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-3);
        min-height: 1.4em;
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      .when {
        color: var(--muted);
      }
      .what {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  declare entry: LogEntry | undefined;
  declare speaks: boolean;

  protected override render() {
    return html`
      <p aria-live=${this.speaks ? 'polite' : 'off'} title=${this.entry?.sentence ?? nothing}>
        ${
          this.entry
            ? html`<span class="when">${seconds(this.entry.time_ms)} s</span>
                <span class="what">${this.entry.sentence}</span>`
            : nothing
        }
      </p>
    `;
  }
}

define('sf-caption', SfCaption);

declare global {
  interface HTMLElementTagNameMap {
    'sf-caption': SfCaption;
  }
}
