/** The defences: what a reader flips to see a check turn. */
import { LitElement, css, html } from 'lit';
import type { Defence } from '../../core/index.ts';
import { define } from '../base/define.ts';
import { base, byValue, headings } from '../base/shared.ts';
import './sf-switch.ts';

class SfDefences extends LitElement {
  static override properties = {
    defences: { attribute: false },
    on: byValue,
    compact: { type: Boolean, reflect: true },
  };

  static override styles = [
    base,
    headings,
    css`
      h2 {
        margin-bottom: var(--space-2);
      }
      ul {
        display: grid;
        gap: var(--space-2);
      }
      @media (min-width: 60em) and (max-height: 56em) {
        h2 {
          margin-bottom: var(--space-1);
        }
        ul {
          gap: var(--space-1);
        }
      }
      :host([compact]) h2 {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      :host([compact]) ul {
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
      }
      @media (max-height: 19.99em) {
        :host([compact]) ul {
          gap: var(--space-1);
        }
      }
    `,
  ];

  declare defences: Defence[];
  declare on: Record<string, boolean>;
  declare compact: boolean;

  protected override render() {
    return html`
      <section aria-labelledby="name">
        <h2 id="name">Defences</h2>
        <ul>
          ${this.defences.map(
            (defence) => html`
              <li>
                <sf-switch
                  data-defence=${defence.id}
                  ?compact=${this.compact}
                  .defence=${defence}
                  .on=${this.on[defence.id] ?? false}
                ></sf-switch>
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }
}

define('sf-defences', SfDefences);

declare global {
  interface HTMLElementTagNameMap {
    'sf-defences': SfDefences;
  }
}
