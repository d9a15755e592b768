/** Sets of control values that have a name. */
import { LitElement, css, html, nothing } from 'lit';
import type { Control } from '../../core/index.ts';
import { PRESETS, valuesOf } from './presets.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';

/** Sends `preset` with the values by the controls' keys. */
class SfPresets extends LitElement {
  static override properties = { controls: { attribute: false } };

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
      button:hover {
        background: none;
        color: var(--accent);
        text-decoration-color: currentColor;
      }
    `,
  ];

  declare controls: Control[];

  protected override render() {
    const presets = PRESETS.map((preset) => ({ preset, values: valuesOf(preset, this.controls) }));
    const useful = presets.filter(({ values }) => values.size > 0);
    if (useful.length === 0) return nothing;
    return html`
      <div role="group" aria-label="Presets">
        ${useful.map(
          ({ preset, values }) => html`<button
            title=${preset.hint}
            @click=${() => emit(this, 'preset', values)}
          >
            ${preset.name}
          </button>`,
        )}
      </div>
    `;
  }
}

define('sf-presets', SfPresets);

declare global {
  interface HTMLElementTagNameMap {
    'sf-presets': SfPresets;
  }
}
