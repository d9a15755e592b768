/** The controls, by what they act on, in groups that fold. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { Control, ControlGroup, ControlValue } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { every } from '../base/every.ts';
import { fold } from '../base/fold.ts';
import { base, byValue, folds, headings } from '../base/shared.ts';
import './sf-presets.ts';
import './sf-control.ts';
import { words } from '../../words.ts';

/** The groups, in the order in which they are shown. */
const GROUPS = every<ControlGroup>()('network', 'clocks', 'processes', 'protocol', 'further');

/** Sends `choose` when a group is folded or unfolded by hand. */
class SfControls extends LitElement {
  static override properties = {
    controls: { attribute: false },
    values: byValue,
    groups: { attribute: false },
  };

  static override styles = [
    base,
    headings,
    folds,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
      }
      .moved {
        overflow: hidden;
        color: var(--accent);
        font-size: var(--text-s);
        line-height: 1.3;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .group {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(var(--column), 100%), 1fr));
        gap: var(--space-1) var(--space-5);
        padding-top: var(--space-1);
        --column: 9.5rem;
      }
      /* A node's name is short, and the nodes are many. */
      .shared {
        --column: 6.75rem;
      }
      sf-presets {
        padding-block: var(--space-1) var(--space-2);
      }
    `,
  ];

  declare controls: Control[];
  declare values: Record<string, ControlValue>;
  /** Which groups the reader has unfolded or folded. */
  declare groups: Record<string, boolean>;

  protected override render() {
    return GROUPS.map((group) => {
      const controls = this.controls.filter((control) => control.group === group);
      return controls.length === 0 ? nothing : this.#group(group, controls);
    });
  }

  #group(group: ControlGroup, controls: Control[]): TemplateResult {
    const families = familiesOf(controls);
    const only = families.length === 1 ? families[0]?.name : undefined;
    const presets =
      group === 'network'
        ? html`<sf-presets .controls=${this.controls} .values=${this.values}></sf-presets>`
        : nothing;
    const isOpen = this.#isOpen(group);
    return fold({
      summary: html`<h2>${only ?? words.controls[group]}</h2>
        ${this.#moved(controls)}`,
      body: html`${presets} ${isOpen ? families.map((family) => this.#family(family, only)) : nothing}`,
      isOpen,
      group,
      choose: (isOpen) => emit(this, 'choose', { groups: { ...this.groups, [group]: isOpen } }),
    });
  }

  #family({ name, controls }: Family, heading: string | undefined): TemplateResult {
    const shared = name === undefined || name !== heading ? 0 : name.length + SEPARATOR.length;
    return html`<div class="group ${shared > 0 ? 'shared' : ''}">
      ${controls.map((control) => this.#control(control, shared))}
    </div>`;
  }

  /** What a folded group hides: how many of its controls are not as the lab has them. */
  #moved(controls: Control[]): TemplateResult | typeof nothing {
    const moved = controls.filter(({ key, initial }) => this.values[key]?.value !== initial);
    const texts = moved.map(({ key, label }) => words.controls.set(label, this.values[key]?.text ?? ''));
    if (moved.length === 0) return nothing;
    return html`<span class="moved" title=${words.list(texts)}>${words.controls.moved(moved.length)}</span>`;
  }

  #control(control: Control, shared: number): TemplateResult | typeof nothing {
    const value = this.values[control.key];
    if (!value) return nothing;
    return html`<sf-control
      data-control=${control.key}
      .control=${control}
      .value=${value}
      .shared=${shared}
    ></sf-control>`;
  }

  /** What a lab does not speak of is there for whoever looks for it. */
  #isOpen(group: ControlGroup): boolean {
    return this.groups[group] ?? group !== 'further';
  }
}

const SEPARATOR = ', ';

/** Controls whose labels begin alike: "Clock skew, alice" and "Clock skew, bob". */
interface Family {
  name: string | undefined;
  controls: Control[];
}

function familiesOf(controls: Control[]): Family[] {
  const families = new Map<string | undefined, Control[]>();
  for (const control of controls) {
    const at = control.label.indexOf(SEPARATOR);
    const name = at < 0 ? undefined : control.label.slice(0, at);
    families.set(name, [...(families.get(name) ?? []), control]);
  }
  return [...families].map(([name, members]) => ({ name, controls: members }));
}

define('sf-controls', SfControls);

declare global {
  interface HTMLElementTagNameMap {
    'sf-controls': SfControls;
  }
}
