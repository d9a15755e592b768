/** The lab's question, as the headline of its figure. */
import { LitElement, css, html } from 'lit';
import type { Lab } from '../../core/index.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';

class SfLabHeader extends LitElement {
  static override properties = { lab: { attribute: false } };

  static override styles = [
    base,
    css`
      h1 {
        font-family: var(--serif);
        font-size: var(--text-xl);
        font-weight: 400;
        line-height: 1.2;
        letter-spacing: -0.01em;
        text-wrap: balance;
      }
      @media (min-width: 60em) and (max-height: 56em) {
        h1 {
          font-size: min(var(--text-xl), 1.6rem);
        }
      }
    `,
  ];

  declare lab: Lab;

  protected override render() {
    return html`<h1>${this.lab.question}</h1>`;
  }
}

define('sf-lab-header', SfLabHeader);

declare global {
  interface HTMLElementTagNameMap {
    'sf-lab-header': SfLabHeader;
  }
}
