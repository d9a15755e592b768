/** Where a lesson path is written: its title, and for each stop a link and a sentence. What is written stays on the device. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { Refusal } from '../../files/refusal.ts';
import { readDraft, writeDraft } from '../../path/draft.ts';
import { MOST, pathLink, type Path, type Stop } from '../../path/path.ts';
import { words } from '../../path/words.ts';
import { define } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import '../base/sf-copy.ts';
import { pathStyles } from './path-styles.ts';

type Field = Event & { target: HTMLInputElement | HTMLTextAreaElement };

class SfPathDraft extends LitElement {
  static override properties = {
    draft: { state: true },
    packed: { state: true },
    wrong: { state: true },
  };

  static override styles = [
    base,
    buttons,
    pathStyles,
    css`
      label,
      fieldset {
        display: grid;
        gap: var(--space-1);
        min-width: 0;
        font-size: var(--text-s);
      }
      fieldset {
        gap: var(--space-2);
        margin: 0;
        padding: var(--space-3) 0 0;
        border: 0;
        border-top: 1px solid var(--hairline);
      }
      input,
      textarea {
        width: 100%;
        min-height: 2.25rem;
        padding: var(--space-1) var(--space-2);
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        font-size: var(--text-m);
        resize: vertical;
      }
      button:disabled {
        color: var(--muted);
        cursor: default;
      }
    `,
  ];

  declare draft: Path;
  /** The link that holds it; empty where it is no path yet. */
  declare packed: string;
  /** Why it is none. */
  declare wrong: string;

  constructor() {
    super();
    this.draft = readDraft();
    this.packed = '';
    this.wrong = '';
    void this.#pack();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('storage', this.#readAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('storage', this.#readAgain);
  }

  /** Another tab may have added a run. */
  readonly #readAgain = (): void => {
    const draft = readDraft();
    if (JSON.stringify(draft) === JSON.stringify(this.draft)) return;
    this.draft = draft;
    void this.#pack();
  };

  protected override render(): TemplateResult {
    const { title, stops } = this.draft;
    return html`<main tabindex="-1">
      <h1>${words.draft.title}</h1>
      <p>${words.draft.about}</p>
      <label>
        ${words.draft.name}
        <input maxlength=${MOST.title} .value=${title} @input=${({ target }: Field) => this.#write({ title: target.value })} />
      </label>
      ${stops.map((stop, place) => this.#stop(stop, place))}
      <div class="row">
        <button ?disabled=${stops.length >= MOST.stops} @click=${() => this.#write({ stops: [...stops, { link: '', says: '' }] })}>
          ${words.draft.add}
        </button>
        ${this.packed === '' ? nothing : this.#ready()}
        ${title === '' && stops.length === 0 ? nothing : html`<button @click=${this.#discard}>${words.draft.discard}</button>`}
      </div>
      <p class="muted" role="status">${stops.length === 0 ? '' : this.wrong}</p>
    </main>`;
  }

  #ready(): TemplateResult {
    return html`
      <sf-copy
        .text=${() => new URL(this.packed, window.location.href).href}
        label=${words.draft.copy}
        otherwise=${words.draft.notCopied}
      ></sf-copy>
      <a href=${this.packed}>${words.draft.open}</a>
    `;
  }

  #stop({ link, says }: Stop, place: number): TemplateResult {
    const { stops } = this.draft;
    const n = place + 1;
    return html`<fieldset>
      <label>
        ${words.draft.says(n)}
        <textarea rows="2" maxlength=${MOST.says} .value=${says} @input=${({ target }: Field) => this.#change(place, { link, says: target.value })}></textarea>
      </label>
      <label>
        ${words.draft.link(n)}
        <input placeholder=${words.draft.example} .value=${link} @input=${({ target }: Field) => this.#change(place, { link: hashOf(target.value), says })} />
      </label>
      <div class="row">
        <button ?disabled=${place === 0} @click=${() => this.#write({ stops: swapped(stops, place - 1) })}>${words.draft.up(n)}</button>
        <button ?disabled=${n === stops.length} @click=${() => this.#write({ stops: swapped(stops, place) })}>${words.draft.down(n)}</button>
        <button @click=${() => this.#write({ stops: stops.toSpliced(place, 1) })}>${words.draft.remove(n)}</button>
      </div>
    </fieldset>`;
  }

  readonly #discard = (): void => {
    const { title, stops } = this.draft;
    const isWork = stops.some(({ link, says }) => link !== '' || says !== '');
    if (!isWork || window.confirm(words.draft.discards(title, stops.length)))
      this.#write({ title: '', stops: [] });
  };

  #change(place: number, stop: Stop): void {
    this.#write({ stops: this.draft.stops.with(place, stop) });
  }

  #write(changed: Partial<Path>): void {
    this.draft = { ...this.draft, ...changed };
    writeDraft(this.draft);
    void this.#pack();
  }

  async #pack(): Promise<void> {
    const { draft } = this;
    const [packed, wrong] = await pathLink(draft).then(
      (link) => [link, ''] as const,
      (fault: unknown) => ['', fault instanceof Refusal ? fault.message : String(fault)] as const,
    );
    // Meanwhile somebody may have written on.
    if (draft === this.draft) [this.packed, this.wrong] = [packed, wrong];
  }
}

/** What is pasted may be a whole address. */
function hashOf(pasted: string): string {
  const text = pasted.trim();
  return text.slice(Math.max(0, text.indexOf('#')));
}

/** With the stop at a place after the next one. */
function swapped(stops: readonly Stop[], place: number): Stop[] {
  const moved = stops.slice(place, place + 2).reverse();
  return stops.toSpliced(place, 2, ...moved);
}

define('sf-path-draft', SfPathDraft);

declare global {
  interface HTMLElementTagNameMap {
    'sf-path-draft': SfPathDraft;
  }
}
