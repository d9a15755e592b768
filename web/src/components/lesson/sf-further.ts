/** Last of all: what is promised, and where it is told at length. */
import { LitElement, css, html, nothing } from 'lit';
import type { Lesson, Promised, Source } from '../../core/index.ts';
import { inline, link } from './markdown.ts';
import { define } from '../base/define.ts';
import { base, folds, headings } from '../base/shared.ts';

class SfFurther extends LitElement {
  static override properties = { lesson: { attribute: false } };

  static override styles = [
    base,
    headings,
    folds,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.45;
      }
      h2 {
        margin-bottom: var(--space-1);
        font-family: var(--font);
      }
      ul {
        display: grid;
        gap: var(--space-2);
      }
      summary h2 {
        margin: 0;
      }
      .promises {
        font-size: var(--text-s);
      }
      .withstands {
        color: var(--muted);
      }
      .sources {
        color: var(--muted);
        font-size: var(--text-s);
      }
      cite {
        display: block;
        font-style: normal;
        overflow-wrap: anywhere;
      }
      cite a {
        color: var(--accent);
      }
    `,
  ];

  declare lesson: Lesson;

  protected override render() {
    const { promises, sources } = this.lesson;
    return html`
      ${promises.length > 0 ? promised(promises) : nothing}
      ${
        sources.length > 0
          ? html`<section aria-labelledby="sources">
            <h2 id="sources">Sources</h2>
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
function promised(promises: Promised[]) {
  return html`<details>
    <summary><h2>What is promised</h2></summary>
    <ul class="promises">
      ${promises.map(
        ({ holds, defences, withstands }) => html`<li>
          ${holds.map((each) => `${each}. `)}
          ${defences.length > 0 ? `With: ${defences.join(', ')}. ` : nothing}
          <span class="withstands">Withstands: ${withstands}</span>
        </li>`,
      )}
    </ul>
  </details>`;
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
