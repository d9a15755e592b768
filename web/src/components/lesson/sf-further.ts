/** After the story: what to try, and where it is told at length. */
import { LitElement, css, html, nothing } from 'lit';
import type { Lesson, Source } from '../../core/index.ts';
import { inline, link } from './markdown.ts';
import { define } from '../base/define.ts';
import { base, headings } from '../base/shared.ts';

class SfFurther extends LitElement {
  static override properties = { lesson: { attribute: false } };

  static override styles = [
    base,
    headings,
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
      .tries a {
        color: var(--accent);
      }
      .go {
        white-space: nowrap;
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
    const { tries, sources } = this.lesson;
    return html`
      ${
        tries.length > 0
          ? html`<section aria-labelledby="tries">
            <h2 id="tries">Things to try</h2>
            <ul class="tries">
              ${tries.map(
                ({ markdown, link }) => html`<li>
                  ${inline(markdown)}
                  ${link === null ? nothing : html`<a class="go" href=${link}>Set it up</a>`}
                </li>`,
              )}
            </ul>
          </section>`
          : nothing
      }
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
