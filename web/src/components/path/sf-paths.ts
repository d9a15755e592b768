/** The lesson paths that the start page offers, with how far the reader has come. */
import { LitElement, css, html } from 'lit';
import { OURS } from '../../path/ours.ts';
import { PATH } from '../../path/path.ts';
import { reached } from '../../path/progress.ts';
import { words } from '../../path/words.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';

class SfPaths extends LitElement {
  static override styles = [
    base,
    css`
      section {
        margin-top: var(--space-6);
        padding-block: var(--space-4) var(--space-6);
        border-top: 1px solid var(--hairline);
        font-size: var(--text-m);
      }
      h2 {
        margin-bottom: var(--space-3);
        font-size: var(--text-m);
        font-weight: 600;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-6);
      }
      .path {
        font-family: var(--serif);
        font-size: var(--text-l);
      }
      span {
        display: block;
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  protected override render() {
    return html`<section aria-labelledby="paths">
      <h2 id="paths">${words.heading}</h2>
      <ul>
        ${OURS.map(([name, { title, stops }]) => {
          const link = `${PATH}=${name}`;
          const seen = reached(link).size;
          const count = seen === 0 ? words.stops(stops.length) : words.reached(seen, stops.length);
          return html`<li><a class="path" href=${link}>${title}</a><span>${count}</span></li>`;
        })}
        <li><a href=${PATH}>${words.write}</a></li>
      </ul>
    </section>`;
  }
}

define('sf-paths', SfPaths);

declare global {
  interface HTMLElementTagNameMap {
    'sf-paths': SfPaths;
  }
}
