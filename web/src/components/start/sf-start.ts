/** The start page: every lab by its question, chapter by chapter. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { Core, LabEntry } from '../../core/index.ts';
import { keyed } from '../base/keyed.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';
import './sf-poster.ts';
import '../header/sf-theme.ts';
import { words } from '../../words.ts';

class SfStart extends LitElement {
  static override properties = {
    core: { attribute: false },
    sought: { state: true },
  };

  static override styles = [
    base,
    css`
      :host {
        max-width: 76rem;
        margin-inline: auto;
        padding: 0 clamp(1rem, 4vw, 2rem) var(--space-6);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        height: 2.75rem;
        font-weight: 600;
      }
      .opening {
        display: grid;
        gap: var(--space-4);
        padding-block: clamp(1rem, 5vh, 3.5rem) var(--space-6);
      }
      h1 {
        max-width: 22em;
        font-family: var(--serif);
        font-size: clamp(1.75rem, 1.1rem + 2.6vw, 3rem);
        font-weight: 400;
        line-height: 1.15;
        letter-spacing: -0.015em;
        text-wrap: balance;
      }
      .opening p {
        max-width: 38em;
        font-family: var(--serif);
        font-size: var(--text-l);
        line-height: 1.5;
        text-wrap: pretty;
      }
      .begin {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3) var(--space-5);
      }
      .begin a:not(.open) {
        display: inline-block;
        padding: var(--space-2) var(--space-4);
        border-radius: 6px;
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
        text-decoration: none;
      }
      .begin a:focus-visible {
        border-radius: 6px;
      }
      .open {
        font-size: var(--text-m);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--muted);
        font-size: var(--text-m);
      }
      input {
        width: min(20rem, 60vw);
        min-height: 2.25rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
      }
      section {
        padding-top: var(--space-4);
        border-top: 1px solid var(--hairline);
      }
      section + section {
        margin-top: var(--space-6);
      }
      h2 {
        margin-bottom: var(--space-4);
        font-size: var(--text-m);
        font-weight: 600;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr));
        gap: var(--space-4);
      }
      @media (forced-colors: active) {
        .begin a:not(.open) {
          border: 1px solid;
        }
      }
    `,
  ];

  declare core: Core;
  declare sought: string;

  #labs: LabEntry[] = [];

  constructor() {
    super();
    this.sought = '';
  }

  protected override willUpdate(): void {
    if (this.#labs.length === 0) this.#labs = this.core.labs();
  }

  protected override updated(): void {
    document.title = words.site.name;
  }

  protected override render() {
    const found = this.#labs.filter((lab) => speaksOf(lab, this.sought));
    const [first] = this.#labs;
    return html`
      <header><span>${words.site.name}</span><sf-theme></sf-theme></header>
      <main>
        <div class="opening">
          <h1>${words.start.promise}</h1>
          <p>${words.start.about}</p>
          <div class="begin">
            ${first ? html`<a href="#/${first.id}">${words.start.begin(first.title)}</a>` : nothing}
            <label>
              ${words.start.find}
              <input
                type="search"
                placeholder=${words.start.example}
                .value=${this.sought}
                @input=${(event: Event & { target: HTMLInputElement }) => {
                  this.sought = event.target.value;
                }}
              />
            </label>
            <a class="open" href="#history">${words.start.open}</a>
          </div>
        </div>
        <p class="unseen" role="status">
          ${this.sought === '' ? '' : words.start.found(found.length, this.#labs.length)}
        </p>
        ${found.length === 0 ? html`<p>${words.start.none(this.sought)}</p>` : nothing}
        ${chaptersOf(this.#labs).map((chapter) => this.#chapter(chapter, found))}
      </main>
    `;
  }

  /** One with nothing that was found keeps its place: a poster is painted once. */
  #chapter([name, all]: [string, LabEntry[]], found: LabEntry[]): TemplateResult {
    const labs = all.filter((lab) => found.includes(lab));
    return html`<section aria-label=${name} ?hidden=${labs.length === 0}>
      <h2>${name}</h2>
      <ul
        ${keyed(
          labs,
          ({ id }) => id,
          (lab) => html`<sf-poster .core=${this.core} .lab=${lab} data-lab=${lab.id}></sf-poster>`,
        )}
      ></ul>
    </section>`;
  }
}

/** Whether a lab has every word that is sought, in the singular or in the plural. */
function speaksOf({ id, title, chapter, question, words: terms }: LabEntry, sought: string): boolean {
  const text = [id, title, chapter, question, terms].join(' ').toLowerCase();
  const wanted = sought.toLowerCase().split(/[\s-]+/);
  return wanted.every((word) => text.includes(stem(word)));
}

/** "retries" and "retry", "locks" and "lock". */
function stem(word: string): string {
  return word.replace(/(?<=..)ies$/, '').replace(/(?<=...)(?:y|s)$/, '');
}

function chaptersOf(labs: LabEntry[]): [string, LabEntry[]][] {
  const chapters = new Map<string, LabEntry[]>();
  for (const lab of labs) chapters.set(lab.chapter, [...(chapters.get(lab.chapter) ?? []), lab]);
  return [...chapters];
}

define('sf-start', SfStart);

declare global {
  interface HTMLElementTagNameMap {
    'sf-start': SfStart;
  }
}
