/** Above a lab that is a stop of a lesson path: what leads to it, and the way on. Sends `leave-path`. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { pathOf, stopLink, type Path } from '../../path/path.ts';
import { leavePath, type At } from '../../path/on-path.ts';
import { words } from '../../path/words.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import '../base/sf-excerpt.ts';

class SfPathBar extends LitElement {
  static override properties = { at: { attribute: false }, path: { state: true } };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        min-height: 3.25rem;
      }
      nav {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        padding: var(--space-1) var(--space-3);
        border-inline-start: 3px solid var(--accent);
        background: var(--surface);
        font-size: var(--text-s);
      }
      .where {
        overflow: hidden;
        color: var(--muted);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      sf-excerpt {
        --lines: 1;
        --pad: 0px;
        z-index: 3;
        background: var(--surface);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      .ways {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .next {
        padding: var(--space-1) var(--space-3);
        border-radius: 4px;
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
        text-decoration: none;
        white-space: nowrap;
      }
      @media (max-width: 39.99em) {
        nav {
          grid-template-columns: minmax(0, 1fr);
        }
        sf-excerpt {
          --lines: 2;
        }
        .ways {
          justify-content: space-between;
        }
      }
      @media (forced-colors: active) {
        .next {
          border: 1px solid;
        }
      }
    `,
  ];

  declare at: At;
  declare path: Path | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('at') && changed.get('at')?.path !== this.at.path) void this.#read(this.at.path);
  }

  protected override render() {
    const { at } = this;
    const stop = this.path?.stops[at.place - 1];
    if (!this.path || !stop) return nothing;
    const { title, stops } = this.path;
    return html`<nav aria-label=${words.bar.label(title)}>
      <div>
        <p class="where"><a href=${at.path}>${title}</a> · ${words.bar.place(at.place, stops.length)}</p>
        <sf-excerpt .about=${stop.says}>${stop.says}</sf-excerpt>
      </div>
      <div class="ways">${this.#ways(at, stops.length)}</div>
    </nav>`;
  }

  #ways({ path, place }: At, count: number): TemplateResult {
    const isLast = place === count;
    return html`
      ${place === 1 ? nothing : html`<a href=${stopLink(path, place - 1)}>${words.bar.previous}</a>`}
      <a class="next" href=${isLast ? path : stopLink(path, place + 1)}>${isLast ? words.bar.end : words.bar.next}</a>
      <button aria-label=${words.bar.leave} title=${words.bar.leave} @click=${this.#leave}>${icons.close}</button>
    `;
  }

  async #read(link: string): Promise<void> {
    this.path = undefined;
    const isWanted = () => this.at.path === link;
    try {
      const path = await pathOf(link);
      if (isWanted()) this.path = path;
    } catch {
      // A path that is gone, or could not be loaded, leaves the run to itself.
      if (isWanted()) this.#leave();
    }
  }

  #leave(): void {
    leavePath();
    emit(this, 'leave-path', undefined);
  }
}

define('sf-path-bar', SfPathBar);

declare global {
  interface HTMLElementTagNameMap {
    'sf-path-bar': SfPathBar;
  }
}
