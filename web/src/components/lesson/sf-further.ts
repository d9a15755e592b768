/** Last of all: what is promised, and where it is told at length. */
import { LitElement, css, html, nothing } from 'lit';
import type { Lesson, Promised, Source } from '../../core/index.ts';
import { lists } from './lists.ts';
import { inline, link } from './markdown.ts';
import { define } from '../base/define.ts';
import { unbroken } from '../../format.ts';
import { base, folds, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

/** What a lab's defences are called. */
type Kind = Parameters<typeof words.further.all>[1];

/** So many defences are named. */
const MOST_NAMED = 6;

class SfFurther extends LitElement {
  static override properties = { lesson: { attribute: false }, published: { type: Boolean } };

  static override styles = [
    base,
    headings,
    folds,
    lists,
    css`
      summary h2 {
        margin: 0;
      }
      ul {
        font-size: var(--text-s);
      }
      .withstands,
      .sources {
        color: var(--muted);
      }
      cite {
        display: block;
        font-style: normal;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare lesson: Lesson;
  /** Whether the defences are the rules of a published algorithm. */
  declare published: boolean;

  protected override render() {
    const { promises, sources } = this.lesson;
    return html`
      ${promises.length > 0 ? promised(promises, this.published ? 'rules' : 'defences') : nothing}
      ${
        sources.length > 0
          ? html`<section aria-labelledby="sources">
            <h2 id="sources">${words.further.sources}</h2>
            <ul class="sources">
              ${sources.map(
                (source) => html`<li>
                  ${inline(source.markdown)}
                  <cite>${cited(source)}</cite>
                </li>`,
              )}
            </ul>
          </section>`
          : nothing
      }
    `;
  }
}

/** What holds, and in which weather. */
function promised(promises: Promised[], kind: Kind) {
  return html`<details>
    <summary><h2>${words.further.promises}</h2></summary>
    <ul>
      ${promises.map(
        ({ holds, on, off, withstands }) => html`<li>
          ${holds.map((check) => html`${unbroken(words.further.holds(check))} `)}
          ${on.length > 0 ? withDefences(on, off, kind) : nothing}
          <span class="withstands">${unbroken(withstands)}</span>
        </li>`,
      )}
    </ul>
  </details>`;
}

/** The defences that are on; of many, those that are not. */
function withDefences(on: string[], off: string[], kind: Kind): string {
  if (on.length <= Math.max(MOST_NAMED, off.length)) return words.further.defences(on);
  const all = on.length + off.length;
  return off.length > 0 ? words.further.allBut(all, kind, off) : words.further.all(all, kind);
}

/** Who says so, and where it can be read. */
function cited({ cites, url }: Source) {
  return url === null ? cites : link(url, cites || url);
}

define('sf-further', SfFurther);

declare global {
  interface HTMLElementTagNameMap {
    'sf-further': SfFurther;
  }
}
