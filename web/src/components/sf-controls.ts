/** The sliders, by what they act on. */
import { LitElement, css, html, nothing } from 'lit';
import type { Control, ControlGroup, ControlValue } from '../core/index.ts';
import { define } from './define.ts';
import { base, headings } from './shared.ts';
import './sf-slider.ts';

const GROUPS: readonly { group: ControlGroup; name: string; note: string }[] = [
  { group: 'network', name: 'Network', note: '' },
  { group: 'clocks', name: 'Clocks', note: 'how far each is from the true time' },
  { group: 'processes', name: 'Processes', note: '' },
  { group: 'protocol', name: 'Protocol', note: '' },
];

export class SfControls extends LitElement {
  static override properties = {
    controls: { attribute: false },
    values: { attribute: false },
  };

  static override styles = [
    base,
    headings,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
      }
      h2 {
        display: flex;
        gap: var(--space-2);
        align-items: baseline;
        margin-bottom: var(--space-2);
      }
      small {
        font-size: inherit;
        font-weight: 400;
      }
      .group {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(var(--column), 100%), 1fr));
        gap: var(--space-1) var(--space-5);
        --column: 9.5rem;
      }
      /* A node's name is short, and the nodes are many. */
      .clocks {
        --column: 6.75rem;
      }
    `,
  ];

  declare controls: Control[];
  declare values: Record<string, ControlValue>;

  protected override render() {
    return GROUPS.map(({ group, name, note }) => {
      const controls = this.controls.filter((control) => control.group === group);
      if (controls.length === 0) return nothing;
      return html`
        <section aria-labelledby=${group}>
          <h2 id=${group}>${name}${note ? html` <small>${note}</small>` : nothing}</h2>
          <div class="group ${group}">${controls.map((control) => this.#slider(control))}</div>
        </section>
      `;
    });
  }

  #slider(control: Control) {
    const value = this.values[control.key];
    if (!value) return nothing;
    return html`<sf-slider
      data-control=${control.key}
      .control=${control}
      .value=${value}
    ></sf-slider>`;
  }
}

define('sf-controls', SfControls);

declare global {
  interface HTMLElementTagNameMap {
    'sf-controls': SfControls;
  }
}
