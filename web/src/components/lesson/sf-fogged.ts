/** In a perspective: what stands in the place of something that one node cannot know. */
import { LitElement, css, html, nothing } from 'lit';
import { base, headings } from '../base/shared.ts';
import { define } from '../base/define.ts';
import './sf-fog.ts';

class SfFogged extends LitElement {
  static override properties = {
    label: { type: String },
    why: { type: String },
  };

  static override styles = [
    base,
    headings,
    css`
      p {
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** What cannot be known; nothing where it has no heading. */
  declare label: string | undefined;
  /** Why not, in a sentence. */
  declare why: string;

  protected override render() {
    return html`<section aria-label=${this.label ?? nothing}>
      ${this.label === undefined ? nothing : html`<h2>${this.label}</h2>`}
      <p>${this.why}</p>
      <sf-fog inline></sf-fog>
    </section>`;
  }
}

define('sf-fogged', SfFogged);

declare global {
  interface HTMLElementTagNameMap {
    'sf-fogged': SfFogged;
  }
}
