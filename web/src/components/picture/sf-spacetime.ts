/** The space-time diagram: an event in it opens its card. */
import { html, type TemplateResult } from 'lit';
import { define, emit } from '../base/define.ts';
import { TimePicture } from './time-picture.ts';

/** Sends `select`, `select-at`, and `choose` for the way time is drawn. */
export class SfSpacetime extends TimePicture {
  static override properties = {
    ...TimePicture.properties,
    bent: { type: Boolean },
  };

  declare bent: boolean;

  protected override choices(): TemplateResult {
    return html`
      <label title="Each node’s line by what its own clock says">
        <input
          type="checkbox"
          .checked=${this.bent}
          @change=${(event: Event & { target: HTMLInputElement }) =>
            emit(this, 'choose', { bent: event.target.checked })}
        />
        Own clocks
      </label>
    `;
  }

  protected override tap(x: number, y: number, width: number, height: number): void {
    emit(this, 'select-at', x / width);
    emit(this, 'select', this.figure.pick('spacetime', x, y, width, height));
  }
}

define('sf-spacetime', SfSpacetime);

declare global {
  interface HTMLElementTagNameMap {
    'sf-spacetime': SfSpacetime;
  }
}
