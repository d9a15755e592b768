/**
 * After the story: what to try, and what the defences do not save you from. Sends `watch-next` when a link that sets a run up
 * is followed in this page.
 */
import { LitElement, css, html, nothing } from 'lit';
import type { Lesson, Try } from '../../core/index.ts';
import { lists } from './lists.ts';
import { inline } from './markdown.ts';
import { define, emit } from '../base/define.ts';
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
      ${this.#toTry('tries', words.tries.label, tries)}
      ${this.#toTry('limits', words.tries.limits, limits)}
    `;
  }

  /** Runs that a link sets up, each with a sentence. */
  #toTry(id: string, title: string, tries: Try[]) {
    if (tries.length === 0) return nothing;
    return html`<section aria-labelledby=${id}>
      <h2 id=${id} tabindex="-1">${title}</h2>
      <ul>
        ${tries.map(
          ({ markdown, link }) => html`<li>
            ${inline(markdown)} ${link === null ? nothing : this.#link(link)}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #link(link: string) {
    return html`<a href=${link} @click=${(click: MouseEvent) => this.#follow(click)}>${setUp(link)}</a>`;
  }

  /** A click with a key held opens the link elsewhere. */
  #follow({ ctrlKey, metaKey, shiftKey }: MouseEvent): void {
    if (!ctrlKey && !metaKey && !shiftKey) emit(this, 'watch-next', undefined);
  }
}

/** What a link says that sets a run up: whoever keeps a seed is told of another one. */
function setUp(link: string): string {
  const seed = /[?&]seed=(\d+)/.exec(link)?.[1];
  return seed === undefined ? words.tries.setUp : words.tries.setUpWithSeed(seed);
}

define('sf-tries', SfTries);

declare global {
  interface HTMLElementTagNameMap {
    'sf-tries': SfTries;
  }
}
