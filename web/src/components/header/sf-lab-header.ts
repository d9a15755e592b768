/** The lab's question, as the headline of its figure, and whether its algorithm is the published one. */
import { LitElement, css, html, nothing } from 'lit';
import { type Algorithm, saidInFull, saidOf } from '../../session/algorithm.ts';
import { define } from '../base/define.ts';
import { base, byValue } from '../base/shared.ts';

class SfLabHeader extends LitElement {
  static override properties = {
    question: { type: String },
    algorithm: byValue,
  };

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-4);
      }
      /* It takes the room that the question leaves, whichever of its sentences it says: so a switch moves nothing. */
      .algorithm {
        overflow: hidden;
        flex: 1 1 36em;
        min-width: 0;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .modified {
        color: var(--ink);
        font-weight: 600;
      }
      h1 {
        font-family: var(--serif);
        font-size: var(--text-xl);
        font-weight: 400;
        line-height: 1.2;
        letter-spacing: -0.01em;
        text-wrap: balance;
      }
      @media (max-width: 39.99em) {
        .algorithm {
          min-height: 2lh;
          line-height: 1.2;
          white-space: normal;
        }
      }
      @media (min-width: 60em) and (max-height: 56em) {
        h1 {
          font-size: min(var(--text-xl), 1.6rem);
        }
      }
    `,
  ];

  declare question: string;
  /** The published algorithm that the run follows or modifies, if there is one. */
  declare algorithm: Algorithm | undefined;

  protected override render() {
    return html`<h1>${this.question}</h1>
      ${this.algorithm ? told(this.algorithm) : nothing}`;
  }
}

/** The names of two are cut off beside a long question, and on a phone: they are in the tooltip. */
function told(algorithm: Algorithm) {
  const full = saidInFull(algorithm);
  return html`<p class="algorithm ${algorithm.off > 0 ? 'modified' : ''}" title=${full}>${saidOf(algorithm)}</p>`;
}

define('sf-lab-header', SfLabHeader);

declare global {
  interface HTMLElementTagNameMap {
    'sf-lab-header': SfLabHeader;
  }
}
