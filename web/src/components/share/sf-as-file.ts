/** The part of the sheet that saves a run as a file. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { FILE_FORMS, isMoving, type FileForm } from '../../files/forms.ts';
import { LONGEST_S, PER_SECOND, pictureCount } from '../../files/film.ts';
import { make } from '../../files/make.ts';
import { Cancelled, type Order, type Stretch } from '../../files/order.ts';
import { save } from '../../files/save.ts';
import { words } from '../../files/words.ts';
import { readPalette } from '../../style/palette.ts';
import { define } from '../base/define.ts';
import { base, buttons, sheets } from '../base/shared.ts';
import type { SharedRun } from './shared-run.ts';

/** What becomes of the latest file. */
type Making = { share: number; abort: AbortController } | { said: string };

/** A film of so many seconds is offered, up to the moment that is shared. */
const OFFERED_S = 8;

class SfAsFile extends LitElement {
  static override properties = {
    shared: { attribute: false },
    link: { attribute: false },
    home: { attribute: false },
    form: { state: true },
    stretch: { state: true },
    making: { state: true },
  };

  static override styles = [
    base,
    buttons,
    sheets,
    css`
      .form,
      .stretch {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
      }
      select,
      input {
        min-height: 2.25rem;
        padding-inline: var(--space-2);
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--ground);
        color: var(--ink);
        font: inherit;
        font-size: var(--text-m);
      }
      select {
        flex: 1;
        min-width: min(100%, 16rem);
      }
      input {
        width: 6rem;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--text-m);
      }
      button {
        border: 1px solid var(--line);
      }
      progress {
        flex: 1;
        min-width: 8rem;
        accent-color: var(--accent);
      }
      p,
      .stretch {
        margin-block: var(--space-2);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      .sentence {
        color: var(--muted);
      }
    `,
  ];

  declare shared: SharedRun;
  /** What opens the run: here or at its start. */
  declare link: string;
  /** The address of the full page. */
  declare home: string;
  declare form: FileForm;
  declare stretch: Stretch;
  declare making: Making | undefined;

  constructor() {
    super();
    this.form = 'svg';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shared')) this.stretch = stretchOf(this.shared);
  }

  protected override render(): TemplateResult {
    const [, sentence] = words.save.forms[this.form];
    return html`
      <h3 id="as-file">${words.save.title}</h3>
      <div class="form">
        <select aria-label=${words.save.form} .value=${this.form} @change=${this.#choose}>
          ${FILE_FORMS.map((form) => html`<option value=${form}>${words.save.forms[form][0]}</option>`)}
        </select>
        ${this.#button()}
      </div>
      <p class="sentence">${sentence}</p>
      ${isMoving(this.form) ? this.#stretch(this.form) : nothing}
      <div class="form">${this.#progress()}</div>
      <p role="status">${this.making && 'said' in this.making ? this.making.said : nothing}</p>
    `;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cancel();
  }

  get #isBusy(): boolean {
    return this.making !== undefined && 'share' in this.making;
  }

  #choose({ target }: Event & { target: HTMLSelectElement }): void {
    this.#cancel();
    this.form = target.value as FileForm;
    this.making = undefined;
  }

  #stretch(form: 'webm' | 'gif'): TemplateResult {
    const count = pictureCount(this.stretch, PER_SECOND[form]);
    return html`<div class="stretch">
      ${this.#moment('fromMs', words.save.from)} ${this.#moment('toMs', words.save.to)}
      <span>${count > 0 ? words.save.lasts(((count - 1) / PER_SECOND[form]).toFixed(1), count) : nothing}</span>
    </div>`;
  }

  #moment(end: 'fromMs' | 'toMs', label: string): TemplateResult {
    return html`<label>
      ${label}
      <input
        type="number"
        min="0"
        step="any"
        max=${this.shared.endMs / 1000}
        .value=${String(this.stretch[end] / 1000)}
        @change=${({ target }: Event & { target: HTMLInputElement }) => {
          this.stretch = { ...this.stretch, [end]: target.valueAsNumber * 1000 };
        }}
      />
    </label>`;
  }

  /** One for both, so that it keeps the focus of whoever pressed it. */
  #button(): TemplateResult {
    const press = this.#isBusy ? () => this.#cancel() : () => void this.#save();
    return html`<button @click=${press}>${this.#isBusy ? words.save.cancel : words.save.save}</button>`;
  }

  #progress(): TemplateResult | typeof nothing {
    if (!this.making || !('share' in this.making)) return nothing;
    return html`<progress aria-label=${words.save.progress} .value=${this.making.share}></progress>`;
  }

  async #save(): Promise<void> {
    const abort = new AbortController();
    this.making = { share: 0, abort };
    const said = await this.#made(abort);
    if (!abort.signal.aborted) this.making = { said };
  }

  /** Makes the file and saves it; answers what is to be said. */
  async #made(abort: AbortController): Promise<string> {
    const waiting = {
      signal: abort.signal,
      onProgress: (share: number) => {
        if (!abort.signal.aborted) this.making = { share, abort };
      },
    };
    try {
      const refused = isMoving(this.form) ? this.#refusal() : undefined;
      if (refused !== undefined) return refused;
      const { name, blob } = await make(this.form, this.#order, this.stretch, waiting);
      if (!abort.signal.aborted) save(name, blob);
      return words.save.saved(name, blob.size);
    } catch (fault) {
      if (fault instanceof Cancelled) return words.save.cancelled;
      return words.save.failed(fault instanceof Error ? fault.message : String(fault));
    }
  }

  get #order(): Order {
    const { here, title, look } = this.shared;
    // What opens a run opens it where the reader says; all else is of this moment.
    const link = this.form === 'page' || this.form === 'scenario' ? this.link : here;
    return { link, title, look, home: this.home, palette: readPalette(this.renderRoot) };
  }

  /** Why the stretch makes no film. */
  #refusal(): string | undefined {
    const { fromMs, toMs, speed } = this.stretch;
    if (!(fromMs >= 0 && fromMs < toMs && toMs <= this.shared.endMs)) return words.save.emptyStretch;
    return (toMs - fromMs) / speed > LONGEST_S * 1000 ? words.save.tooLong(LONGEST_S) : undefined;
  }

  #cancel(): void {
    if (!this.making || !('share' in this.making)) return;
    this.making.abort.abort();
    this.making = { said: words.save.cancelled };
  }
}

/** What led to the moment; at the beginning of a run, what comes. */
function stretchOf({ timeMs, endMs, speed }: SharedRun): Stretch {
  const span = OFFERED_S * 1000 * speed;
  const [fromMs, toMs] = timeMs > 0 ? [Math.max(0, timeMs - span), timeMs] : [0, Math.min(span, endMs)];
  return { fromMs: Math.round(fromMs), toMs: Math.round(toMs), speed };
}

define('sf-as-file', SfAsFile);

declare global {
  interface HTMLElementTagNameMap {
    'sf-as-file': SfAsFile;
  }
}
