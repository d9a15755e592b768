/** How far a run has come that is replayed, where that takes long; its button ends it there. */
import { LitElement, css, html, nothing } from 'lit';
import { define, emit } from '../base/define.ts';
import { moment } from '../../format.ts';
import { KeepsFocus } from '../base/keeps-focus.ts';
import { base, buttons, note } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Shows nothing unless the way is long. Sends `stay`. */
class SfWay extends LitElement {
  static override properties = {
    time: { type: Number },
    aim: { type: Number },
    isLong: { type: Boolean },
    isBound: { type: Boolean },
  };

  static override styles = [
    base,
    buttons,
    css`
      div {
        position: absolute;
        inset: auto auto var(--space-2) 50%;
        z-index: 2;
        display: flex;
        align-items: center;
        gap: var(--space-2);
        width: max-content;
        translate: -50%;
        max-width: 100%;
        ${note}
        font-variant-numeric: tabular-nums;
      }
      progress {
        width: 6rem;
        accent-color: var(--accent);
      }
    `,
  ];

  /** Where the run is, and where it is bound for, in virtual milliseconds. */
  declare time: number;
  declare aim: number;
  declare isLong: boolean;
  /** Whether the run has to come there: then nothing ends its way. */
  declare isBound: boolean;

  constructor() {
    super();
    this.isBound = false;
    new KeepsFocus(this);
  }

  protected override render() {
    if (!this.isLong) return nothing;
    return html`<div>
      <span>${words.way.replaying(moment(this.time), moment(this.aim))}</span>
      <progress aria-label=${words.way.progress} max=${this.aim} value=${this.time}></progress>
      ${this.isBound ? nothing : html`<button @click=${() => emit(this, 'stay', undefined)}>${words.way.stay}</button>`}
    </div>`;
  }
}

define('sf-way', SfWay);

declare global {
  interface HTMLElementTagNameMap {
    'sf-way': SfWay;
  }
}
