/** The space-time view: by true time, or by what each node's own clock says. */
import { html, type TemplateResult } from 'lit';
import { define, emit } from '../base/define.ts';
import { SfTimePicture } from './sf-time-picture.ts';
import { words } from '../../words.ts';

/** Sends `choose` too, for the way time is drawn. */
export class SfSpacetime extends SfTimePicture {
  protected override choices(): TemplateResult {
    return html`
      <label title=${words.spacetime.ownClocksHint}>
        <input
          type="checkbox"
          .checked=${this.look.bent}
          @change=${(event: Event & { target: HTMLInputElement }) =>
            emit(this, 'choose', { bent: event.target.checked })}
        />
        ${words.spacetime.ownClocks}
      </label>
    `;
  }
}

define('sf-spacetime', SfSpacetime);

declare global {
  interface HTMLElementTagNameMap {
    'sf-spacetime': SfSpacetime;
  }
}
