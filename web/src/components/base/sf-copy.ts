/** A button that copies a text, and says whether it did. */
import { LitElement, css, html, nothing } from 'lit';
import { define, emit } from './define.ts';
import * as icons from './icons.ts';
import { base, buttons, unseen } from './shared.ts';
import { words } from '../../words.ts';

const SAID_FOR_MS = 2500;

/** Sends `refused` where the browser does not let it copy. */
class SfCopy extends LitElement {
  static override properties = {
    text: { attribute: false },
    label: { type: String },
    hint: { type: String },
    otherwise: { type: String },
    said: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      @media (max-width: 39.99em) {
        :host([narrow]) button span {
          ${unseen}
        }
      }
    `,
  ];

  /** Asked when the button is pressed, for the text of that moment. */
  declare text: () => string;
  declare label: string;
  declare hint: string | undefined;
  /** What the reader can do where the browser does not let the button copy. */
  declare otherwise: string;
  declare said: string;

  constructor() {
    super();
    this.said = '';
  }

  protected override render() {
    return html`
      <button title=${this.hint ?? nothing} @click=${this.#copy}>${icons.link}<span>${this.said || this.label}</span></button>
      <span class="unseen" role="status">${this.said}</span>
    `;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text());
      this.said = words.copied;
    } catch {
      this.said = this.otherwise;
      emit(this, 'refused', undefined);
    }
    setTimeout(() => {
      this.said = '';
    }, SAID_FOR_MS);
  }
}

define('sf-copy', SfCopy);

declare global {
  interface HTMLElementTagNameMap {
    'sf-copy': SfCopy;
  }
}
