/** After the story: what to try, and what the defences do not save you from. */
import { LitElement, css, html, nothing } from 'lit';
import type { Lesson, Try } from '../../core/index.ts';
import { lists } from './lists.ts';
import { inline } from './markdown.ts';
import { define } from '../base/define.ts';
import { base, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

export class SfTries extends LitElement {
  static override properties = { lesson: { attribute: false } };

  static override styles = [
    base,
    headings,
    lists,
    css`
      :host {
        scroll-margin-top: var(--space-4);
      }
      a {
        white-space: nowrap;
      }
    `,
  ];

  declare lesson: Lesson;

  override focus(): void {
    this.renderRoot.querySelector('h2')?.focus();
  }

  protected override render() {
    const { tries, limits } = this.lesson;
    return html`
      ${toTry('tries', words.tries.label, tries)}
      ${toTry('limits', words.tries.limits, limits)}
    `;
  }
}

/** Runs that a link sets up, each with a sentence. */
function toTry(id: string, title: string, tries: Try[]) {
  if (tries.length === 0) return nothing;
  return html`<section aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    <ul>
      ${tries.map(
        ({ markdown, link }) => html`<li>
          ${inline(markdown)} ${link === null ? nothing : html`<a href=${link}>${words.tries.setUp}</a>`}
        </li>`,
      )}
    </ul>
  </section>`;
}

define('sf-tries', SfTries);

declare global {
  interface HTMLElementTagNameMap {
    'sf-tries': SfTries;
  }
}
