/** Sets of control values that have a name. */
import { LitElement, css, html, nothing } from 'lit';
import type { Control, ControlValue } from '../../core/index.ts';
import { PRESETS, valuesOf } from './presets.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons, byValue } from '../base/shared.ts';
import { words } from '../../words.ts';

/** Sends `preset` with the values by the controls' keys, of those that are not so already. */
class SfPresets extends LitElement {
  static override properties = { controls: { attribute: false }, values: byValue };

  static override styles = [
    base,
    buttons,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.625rem;
      }
      button {
        min-height: 1.75rem;
        padding: 0;
        color: var(--muted);
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 0.25em;
      }
      [aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
        text-decoration: none;
      }
      button:hover {
        background: none;
        color: var(--accent);
        text-decoration-color: currentColor;
      }
    `,
  ];

  declare controls: Control[];
  declare values: Record<string, ControlValue>;

  protected override render() {
    const presets = PRESETS.map((preset) => ({ preset, values: valuesOf(preset, this.controls) }));
    const useful = presets.filter(({ values }) => values.size > 0);
    if (useful.length === 0) return nothing;
    return html`
      <div role="group" aria-label=${words.presets.label}>
        ${useful.map(
          ({ preset, values }) => html`<button
            title=${words.presets.hint(preset.hint, this.#told(values))}
            aria-pressed=${this.#isOn(values)}
            @click=${() => this.#set(values)}
          >
            ${preset.name}
          </button>`,
        )}
      </div>
    `;
  }

  /** All that it sets: "Latency 1 ms", "Loss 0 %". */
  #told(values: ReadonlyMap<string, number>): string[] {
    return this.controls.flatMap(({ key, label, unit }) => {
      const value = values.get(key);
      if (value === undefined) return [];
      return unit === ''
        ? words.controls.set(label, value)
        : words.controls.setWithUnit(label, value, unit);
    });
  }

  #set(values: ReadonlyMap<string, number>): void {
    const moved = this.#moved(values);
    if (moved.size > 0) emit(this, 'preset', moved);
  }

  #isOn(values: ReadonlyMap<string, number>): boolean {
    return this.#moved(values).size === 0;
  }

  #moved(values: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    return new Map([...values].filter(([key, value]) => this.values[key]?.value !== value));
  }
}

define('sf-presets', SfPresets);

declare global {
  interface HTMLElementTagNameMap {
    'sf-presets': SfPresets;
  }
}
