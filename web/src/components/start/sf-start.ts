/** The start page: every lab by its question, chapter by chapter. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { Replaced, type Core, type LabEntry, type Unread } from '../../core/index.ts';
import { keyed } from '../base/keyed.ts';
import { define } from '../base/define.ts';
import { base, plainPage } from '../base/shared.ts';
import { found } from './search.ts';
import './sf-poster.ts';
import '../header/sf-theme.ts';
import { words } from '../../words.ts';

class SfStart extends LitElement {
  static override properties = {
    labs: { state: true },
    problem: { state: true },
    isReplaced: { state: true },
    core: { attribute: false },
    seeks: { type: Boolean },
    unread: { attribute: false },
    sought: { state: true },
  };

  static override styles = [
    base,
    plainPage,
    css`
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
      li + li > section {
        margin-top: var(--space-6);
      }
      h2 {
        margin-bottom: var(--space-4);
        font-size: var(--text-m);
        font-weight: 600;
      }
      .unread {
        display: grid;
        gap: var(--space-1);
        margin-top: var(--space-4);
        padding: var(--space-2) var(--space-4);
        border-inline-start: 3px solid var(--accent);
        background: var(--surface);
        font-size: var(--text-m);
        overflow-wrap: anywhere;
      }
      .found {
        min-height: 1.5rem;
        color: var(--muted);
        font-size: var(--text-m);
      }
      .labs {
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
  /** Whether the reader has come to look for a lab. */
  declare seeks: boolean;
  /** Why the page is not at the run that its address names. */
  declare unread: Unread | undefined;
  declare sought: string;
  declare labs: LabEntry[];
  /** Why there is no list of labs. */
  declare problem: string;
  /** Whether that is because a newer version has been published. */
  declare isReplaced: boolean;

  constructor() {
    super();
    this.sought = '';
    this.labs = [];
    this.problem = '';
    this.isReplaced = false;
  }

  protected override firstUpdated(): void {
    if (this.seeks) this.renderRoot.querySelector('input')?.focus();
    void this.#read();
    // Whoever comes for a lab need not wait for them.
    void import('../path/sf-paths.ts').catch(() => undefined);
  }

  protected override updated(): void {
    document.title = words.site.name;
  }

  protected override render() {
    const likeliest = found(this.labs, this.sought);
    const [first] = this.labs;
    return html`
      <header><span>${words.site.name}</span><sf-theme></sf-theme></header>
      <main>
        ${this.unread ? this.#unread(this.unread) : nothing}
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
            <a class="open" href="docs/">${words.start.documentation}</a>
          </div>
        </div>
        <p class="found" role="status">
          ${this.sought === '' || this.labs.length === 0 ? '' : this.#told(likeliest.length)}
        </p>
        ${this.problem === '' ? nothing : this.#notRead()}
        <ul
          ${keyed(
            this.#chapters(likeliest),
            ([name]) => name,
            ([name, labs]) => this.#chapter(name, labs),
          )}
        ></ul>
        <sf-paths ?hidden=${this.sought !== ''}></sf-paths>
      </main>
    `;
  }

  #unread({ sentences, meant }: Unread): TemplateResult {
    const lab = this.labs.find(({ id }) => id === /^#\/([\w-]+)/.exec(meant ?? '')?.[1]);
    return html`<div class="unread" role="alert">
      ${sentences.map((sentence) => html`<p>${words.start.unread(sentence)}</p>`)}
      ${lab && meant ? html`<p><a href=${meant}>${words.start.instead(lab.title)}</a></p>` : nothing}
    </div>`;
  }

  #notRead(): TemplateResult {
    return html`<p role="alert">
      ${this.problem}
      ${
        this.isReplaced
          ? html`<button @click=${() => window.location.reload()}>${words.failure.newer}</button>`
          : html`<button @click=${() => void this.#read()}>${words.failure.again}</button>`
      }
    </p>`;
  }

  async #read(): Promise<void> {
    this.problem = '';
    try {
      this.labs = await this.core.labs();
    } catch (fault) {
      this.isReplaced = fault instanceof Replaced;
      this.problem = fault instanceof Error ? fault.message : String(fault);
    }
  }

  #told(count: number): string {
    return count === 0 ? words.start.none(this.sought) : words.start.found(count, this.labs.length);
  }

  /** Those with labs that were found come first; the others stay, without labs. */
  #chapters(labs: readonly LabEntry[]): [string, LabEntry[]][] {
    const chapters = chaptersOf(labs);
    const names = new Set(chapters.map(([name]) => name));
    const others = chaptersOf(this.labs).filter(([name]) => !names.has(name));
    return [...chapters, ...others.map(([name]): [string, LabEntry[]] => [name, []])];
  }

  #chapter(name: string, labs: readonly LabEntry[]): TemplateResult {
    return html`<section aria-label=${name} ?hidden=${labs.length === 0}>
      <h2>${name}</h2>
      <ul
        class="labs"
        ${keyed(
          labs,
          ({ id }) => id,
          (lab) => html`<sf-poster .core=${this.core} .lab=${lab} data-lab=${lab.id}></sf-poster>`,
        )}
      ></ul>
    </section>`;
  }
}

function chaptersOf(labs: readonly LabEntry[]): [string, LabEntry[]][] {
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
