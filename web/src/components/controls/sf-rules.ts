/** All rules of a published algorithm, by what they are about: whichever its lab is about has a larger switch of its own. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { RuleGroup } from '../../core/index.ts';
import { define, emit } from '../base/define.ts';
import { fold } from '../base/fold.ts';
import { base, byValue, folds, headings } from '../base/shared.ts';
import './sf-switch.ts';
import { words } from '../../words.ts';

/** Sends `choose` when it is folded or unfolded by hand, and what its switches send. */
class SfRules extends LitElement {
  static override properties = {
    read: { attribute: false },
    algorithm: { type: String },
    on: byValue,
    groups: { attribute: false },
  };

  static override styles = [
    base,
    headings,
    folds,
    css`
      /* What is folded inherits from an element of the browser's. */
      section {
        box-sizing: border-box;
      }
      /* What it says of rules that are off moves nothing below it. */
      summary {
        box-sizing: border-box;
        height: 1.75rem;
      }
      .off {
        color: var(--accent);
        font-size: var(--text-s);
      }
      h3 {
        margin-block: var(--space-2) var(--space-1);
        color: var(--muted);
        font-size: var(--text-s);
        font-weight: 600;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr));
        gap: var(--space-1);
      }
    `,
  ];

  /** Reads the rules; nothing is read as long as all of the simulator is not there. */
  declare read: () => RuleGroup[];
  /** What the algorithm is called. */
  declare algorithm: string;
  declare on: Record<string, boolean>;
  /** Which groups of the page's controls the reader has unfolded or folded, and this one among them. */
  declare groups: Record<string, boolean>;

  #known: RuleGroup[] = [];

  protected override render(): TemplateResult {
    const off = Object.values(this.on).filter((isOn) => !isOn).length;
    const isOpen = this.groups.rules ?? false;
    return fold({
      summary: html`<h2>${words.algorithm.rules(this.algorithm)}</h2>
        ${off > 0 ? html`<span class="off">${words.algorithm.off(off)}</span>` : nothing}`,
      body: isOpen ? this.#groups() : nothing,
      isOpen,
      group: 'rules',
      choose: (isOpen) => emit(this, 'choose', { groups: { ...this.groups, rules: isOpen } }),
    });
  }

  #groups(): TemplateResult[] {
    if (this.#known.length === 0) this.#known = this.read();
    return this.#known.map(
      ({ name, rules }, place) => html`
        <section aria-labelledby="group-${place}">
          <h3 id="group-${place}">${name}</h3>
          <ul>
            ${rules.map(
              (rule) => html`<li>
                <sf-switch compact told data-defence=${rule.id} .defence=${rule} .on=${this.on[rule.id] ?? false}></sf-switch>
              </li>`,
            )}
          </ul>
        </section>
      `,
    );
  }
}

define('sf-rules', SfRules);

declare global {
  interface HTMLElementTagNameMap {
    'sf-rules': SfRules;
  }
}
