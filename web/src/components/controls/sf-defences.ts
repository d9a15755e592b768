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
    next: { type: String },
    compact: { type: Boolean, reflect: true },
  };

  static override styles = [
    base,
    headings,
    css`
      .head {
        display: flex;
        gap: var(--space-3);
        align-items: baseline;
        min-height: 1.25rem;
        margin-bottom: var(--space-1);
      }
      .next {
        color: var(--accent);
        font-size: var(--text-s);
        font-weight: 600;
        line-height: 1.3;
        white-space: nowrap;
      }
      ul {
        display: grid;
        gap: var(--space-2);
      }
      @media (min-width: 60em) and (max-height: 56em) {
        ul {
          gap: var(--space-1);
        }
      }
      :host([compact]) .head {
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
  /** What the reader may do next, if that is plain. */
  declare next: string | undefined;
  declare compact: boolean;

  protected override render() {
    return html`
      <section aria-labelledby="name">
        <div class="head">
          <h2 id="name">Defences</h2>
          <p class="next" role="status">${this.next}</p>
        </div>
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
