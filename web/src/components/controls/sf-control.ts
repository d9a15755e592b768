/** One control of the run: its name, its value with the unit, and a native slider. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import type { Control, ControlValue } from '../../core/index.ts';
import { nearest, stopsOf } from './stops.ts';
import { cssValues } from '../base/css-values.ts';
import { define, emit } from '../base/define.ts';
import { unbroken } from '../../format.ts';
import { base, byValue } from '../base/shared.ts';
import { track } from '../base/track.ts';

export interface ControlMove {
  control: string;
  value: number;
}

/** Sends `control-move` with a {@link ControlMove}, and `control-end` when it is let go. */
class SfControl extends LitElement {
  static override properties = {
    control: { attribute: false },
    value: byValue,
    shared: { attribute: false },
  };

  static override styles = [
    base,
    track,
    css`
      label {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
        font-size: var(--text-s);
        line-height: 1.35;
      }
      /* A value that gets longer must not move its label to a second line, and all below it with that. */
      label span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      output {
        color: var(--muted);
        white-space: nowrap;
      }
      :host([moved]) output {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  declare control: Control;
  declare value: ControlValue;
  /** How much of the label the group's heading says already. */
  declare shared: number;

  #stops: number[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('control')) this.#stops = stopsOf(this.control);
    this.toggleAttribute('moved', this.value.value !== this.control.initial);
  }

  protected override render() {
    const { control, value } = this;
    const last = this.#stops.length - 1;
    const at = nearest(this.#stops, value.value);
    const origin = control.min < 0 && control.max > 0 ? nearest(this.#stops, 0) : 0;
    const share = (index: number) => index / last;
    return html`
      <label for="range" title=${control.label}>
        <span>${control.label.slice(this.shared)}</span>
        <output for="range">${unbroken(value.text)}</output>
      </label>
      <input
        id="range"
        type="range"
        min="0"
        max=${last}
        .value=${String(at)}
        aria-label=${control.label}
        aria-valuetext=${value.text}
        aria-describedby="hint"
        title=${control.hint}
        ${cssValues({ '--from': share(Math.min(at, origin)), '--to': share(Math.max(at, origin)) })}
        @input=${this.#move}
        @change=${() => emit(this, 'control-end', undefined)}
      />
      <span id="hint" class="unseen">${control.hint}</span>
    `;
  }

  #move(event: Event & { target: HTMLInputElement }): void {
    const value = this.#stops[event.target.valueAsNumber];
    if (value === undefined) return;
    emit(this, 'control-move', { control: this.control.key, value } satisfies ControlMove);
  }
}

define('sf-control', SfControl);

declare global {
  interface HTMLElementTagNameMap {
    'sf-control': SfControl;
  }
}
