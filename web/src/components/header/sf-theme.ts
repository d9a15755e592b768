/** Light or dark, by hand. */
import { LitElement, html } from 'lit';
import { chooseTheme, currentTheme, watchColours } from '../../style/theme.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

class SfTheme extends LitElement {
  static override styles = [base, buttons];

  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchColours(this, () => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override render() {
    const other = currentTheme() === 'dark' ? 'light' : 'dark';
    const name = words.header[other];
    return html`
      <button aria-label=${name} title=${name} @click=${() => chooseTheme(other)}>
        ${other === 'dark' ? icons.moon : icons.sun}
      </button>
    `;
  }
}

define('sf-theme', SfTheme);

declare global {
  interface HTMLElementTagNameMap {
    'sf-theme': SfTheme;
  }
}
