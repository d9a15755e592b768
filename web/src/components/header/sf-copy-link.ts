/** Copies the link that replays this run. */
import { LitElement, css, html } from 'lit';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, unseen } from '../base/shared.ts';
import { words } from '../../words.ts';

const SAID_FOR_MS = 2500;

class SfCopyLink extends LitElement {
  static override properties = {
    address: { attribute: false },
    said: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      @media (max-width: 39.99em) {
        button span {
          ${unseen}
        }
      }
    `,
  ];

  /** Asked when the button is pressed, for the link of that moment. */
  declare address: () => string;
  declare said: string;

  constructor() {
    super();
    this.said = '';
  }

  protected override render() {
    return html`
      <button title=${words.header.copyHint} @click=${this.#copy}>${icons.link}<span>${this.said || words.header.copy}</span></button>
      <span class="unseen" role="status">${this.said}</span>
    `;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.address());
      this.said = words.header.copied;
    } catch {
      this.said = words.header.notCopied;
    }
    setTimeout(() => {
      this.said = '';
    }, SAID_FOR_MS);
  }
}

define('sf-copy-link', SfCopyLink);

declare global {
  interface HTMLElementTagNameMap {
    'sf-copy-link': SfCopyLink;
  }
}
