/** The challenges that a lab offers, or why it offers none. Sends `challenge` with what is to be done. */
import { LitElement, css, html } from 'lit';
import type { Aim } from '../../session/challenge/challenging.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons, headings } from '../base/shared.ts';
import { words } from '../../words.ts';

const AIMS: readonly Aim[] = ['break', 'save'];

class SfChallenges extends LitElement {
  static override properties = { offered: { type: Boolean } };

  static override styles = [
    base,
    buttons,
    headings,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-1);
      }
      button {
        border: 1px solid var(--line);
        white-space: normal;
        text-align: start;
      }
      p {
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** Whether the lab promises something that can be broken, or kept. */
  declare offered: boolean;

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus({ preventScroll: true });
  }

  protected override render() {
    if (!this.offered) return html`<h2>${words.challenges.title}</h2><p>${words.challenges.none}</p>`;
    return html`<h2>${words.challenges.title}</h2>
      <div>
        ${AIMS.map((aim) => html`<button @click=${() => emit(this, 'challenge', aim)}>${words.challenges[aim]}</button>`)}
      </div>`;
  }
}

define('sf-challenges', SfChallenges);

declare global {
  interface HTMLElementTagNameMap {
    'sf-challenges': SfChallenges;
  }
}
