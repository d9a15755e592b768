/** Undo and redo of what was done to the run. */
import { LitElement, css, html } from 'lit';
import type { Steps } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, byValue, buttons } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `undo` and `redo`. With nothing left to undo its button keeps the focus, so it is not disabled as such. */
class SfUndo extends LitElement {
  static override properties = { steps: byValue };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
      }
      /* Not the attribute "disabled", which would take the focus away from whoever takes back all. */
      [aria-disabled='true'] {
        color: var(--line);
        cursor: default;
      }
      [aria-disabled='true']:hover {
        background: none;
      }
    `,
  ];

  declare steps: Steps;

  protected override render() {
    const { undo, redo } = this.steps;
    return html`
      <button
        aria-label=${words.header.undo}
        title=${words.header.undoHint}
        aria-disabled=${undo === 0}
        @click=${() => undo > 0 && emit(this, 'undo', undefined)}
      >
        ${icons.undo}
      </button>
      <button
        aria-label=${words.header.redo}
        title=${words.header.redoHint}
        aria-disabled=${redo === 0}
        @click=${() => redo > 0 && emit(this, 'redo', undefined)}
      >
        ${icons.redo}
      </button>
    `;
  }
}

define('sf-undo', SfUndo);

declare global {
  interface HTMLElementTagNameMap {
    'sf-undo': SfUndo;
  }
}
