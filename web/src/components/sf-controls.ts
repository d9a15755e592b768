/** The sliders, by what they act on. */
import { LitElement, css, html, nothing } from 'lit';
import type { Control, ControlGroup, ControlValue } from '../core/index.ts';
import { define } from './define.ts';
import { base, headings } from './shared.ts';
import './sf-slider.ts';

const GROUPS: readonly [group: ControlGroup, name: string][] = [
  ['network', 'Network'],
  ['clocks', 'Clocks'],
  ['processes', 'Processes'],
  ['protocol', 'Protocol'],
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
        margin-bottom: var(--space-2);
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
    return GROUPS.map(([group, name]) => {
      const controls = this.controls.filter((control) => control.group === group);
      if (controls.length === 0) return nothing;
      const shared = sharedBeginning(controls.map(({ label }) => label));
      return html`
        <section aria-labelledby=${group}>
          <h2 id=${group}>${shared.slice(0, -SEPARATOR.length) || name}</h2>
          <div class="group ${group}">
            ${controls.map((control) => this.#slider(control, shared.length))}
          </div>
        </section>
      `;
    });
  }

  #slider(control: Control, shared: number) {
    const value = this.values[control.key];
    if (!value) return nothing;
    return html`<sf-slider
      data-control=${control.key}
      .control=${control}
      .value=${value}
      .shared=${shared}
    ></sf-slider>`;
  }
}

const SEPARATOR = ', ';

/** "Clock skew, " for "Clock skew, alice" and "Clock skew, bob": what a heading can say once. */
function sharedBeginning([first = '', ...others]: string[]): string {
  const beginning = first.slice(0, first.indexOf(SEPARATOR) + SEPARATOR.length);
  const isShared = first.includes(SEPARATOR) && others.length > 0;
  return isShared && others.every((label) => label.startsWith(beginning)) ? beginning : '';
}

define('sf-controls', SfControls);

declare global {
  interface HTMLElementTagNameMap {
    'sf-controls': SfControls;
  }
}
