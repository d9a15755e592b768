/** Adds the run to the path that somebody writes on this device. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { addStop } from '../../path/draft.ts';
import { MOST, PATH } from '../../path/path.ts';
import { words } from '../../path/words.ts';
import { define } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';

class SfAddToPath extends LitElement {
  static override properties = {
    link: { type: String },
    said: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        margin-top: var(--space-4);
        font-size: var(--text-m);
      }
      h3 {
        flex: 0 0 100%;
        margin: 0;
        font-size: var(--text-m);
        font-weight: 600;
      }
      button {
        border: 1px solid var(--line);
      }
    `,
  ];

  declare link: string;
  /** What came of it. */
  declare said: string;

  constructor() {
    super();
    this.said = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('link')) this.said = '';
  }

  protected override render() {
    return html`
      <h3>${words.share.heading}</h3>
      <button @click=${this.#add}>${words.share.add}</button>
      <span role="status">${this.said}</span>
      ${this.said === '' ? nothing : html`<a href=${PATH}>${words.share.open}</a>`}
    `;
  }

  #add(): void {
    const count = addStop(this.link);
    this.said = count === undefined ? words.share.full(MOST.stops) : words.share.added(count);
  }
}

define('sf-add-to-path', SfAddToPath);

declare global {
  interface HTMLElementTagNameMap {
    'sf-add-to-path': SfAddToPath;
  }
}
