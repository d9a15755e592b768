/** The page of a file that somebody opened: a run is opened at once, a history is judged and drawn. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Core } from '../../core/index.ts';
import { fetched, hostOf, namesFile } from '../../files/elsewhere.ts';
import { Refusal, opened } from '../../files/open.ts';
import { words } from '../../files/words.ts';
import { words as common } from '../../words.ts';
import { HISTORY, historyLink, historyOf } from '../../judge/history-link.ts';
import { judge } from '../../judge/judging.ts';
import type { Asked, Choices, Judged, Question } from '../../judge/judged.ts';
import { define } from '../base/define.ts';
import { base, buttons, plainPage } from '../base/shared.ts';
import '../header/sf-theme.ts';
import { historyPicture, historyStyles } from './history-picture.ts';
import { about, copy, lines, section } from './parts.ts';

class SfOpened extends LitElement {
  static override properties = {
    core: { attribute: false },
    link: { attribute: false },
    file: { attribute: false },
    question: { state: true },
    judged: { state: true },
    said: { state: true },
    busy: { state: true },
    awaited: { state: true },
    isShort: { state: true },
  };

  static override styles = [
    base,
    plainPage,
    buttons,
    historyStyles,
    css`
      header a {
        text-decoration: none;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }
      h1 {
        font-family: var(--serif);
        font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem);
        font-weight: 400;
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      h2 {
        margin-bottom: var(--space-1);
        font-size: var(--text-m);
        font-weight: 600;
      }
      p,
      dl,
      .list {
        max-width: 50em;
        font-size: var(--text-m);
        line-height: 1.5;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-1) var(--space-3);
      }
      dt {
        font-weight: 600;
      }
      .muted {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--text-m);
      }
      select,
      input {
        min-height: 2.25rem;
        padding-inline: var(--space-2);
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        font-size: var(--text-m);
      }
      input {
        width: 8rem;
      }
      button,
      .choose {
        border: 1px solid var(--line);
      }
      .choose {
        min-height: 2.25rem;
        padding-inline: var(--space-3);
        border-radius: 4px;
        cursor: pointer;
      }
      .choose:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      .choose input {
        position: absolute;
        width: 1px;
        min-height: 0;
        height: 1px;
        padding: 0;
        opacity: 0;
      }
    `,
  ];

  declare core: Core;
  /** `#history`, or the link of a history. */
  declare link: string;
  /** What somebody has dropped or chosen. */
  declare file: File | undefined;
  declare question: Question | undefined;
  declare judged: Judged | undefined;
  /** What is to be said instead of an answer. */
  declare said: string;
  declare busy: boolean;
  /** The other host that the reader may let the page ask. */
  declare awaited: string | undefined;
  /** Whether the address bar holds the history. */
  declare isShort: boolean;

  #choices: Choices = { models: [], consistencies: [] };
  #asking = new AbortController();

  constructor() {
    super();
    this.said = '';
    this.busy = false;
    this.isShort = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('file') && this.file) void this.#open(this.file);
    else if (changed.has('link')) void this.#follow(this.link);
  }

  protected override updated(): void {
    document.title = common.site.title(this.question ? words.open.page : words.open.title);
  }

  protected override render(): TemplateResult {
    return html`
      <header><a href="#/">${common.site.name}</a><sf-theme></sf-theme></header>
      <main>
        <h1>${this.#heading}</h1>
        <p role="status">${this.#status}</p>
        ${this.question ? this.#questions(this.question) : about()}
        <div class="row">
          <label class="choose">
            ${this.question ? words.open.another : words.open.choose}
            <input type="file" @change=${this.#choose} />
          </label>
          ${this.awaited === undefined ? nothing : html`<button @click=${() => void this.#fetch(this.link)}>${words.elsewhere.fetch(this.awaited)}</button>`}
          ${this.busy ? html`<button @click=${this.#stop}>${words.open.stop}</button>` : nothing}
          ${this.isShort ? copy() : nothing}
        </div>
        ${this.judged && !this.busy ? this.#answer(this.judged) : nothing}
      </main>
    `;
  }

  get #heading(): string {
    const { judged } = this;
    if (!judged || this.busy) return this.question ? words.open.page : words.open.title;
    const { answers } = words.open;
    if (judged.answer === 'valid') return answers.valid(judged.consistency, judged.operations);
    return judged.answer === 'invalid' ? answers.invalid(judged.consistency) : answers[judged.answer];
  }

  get #status(): string {
    if (this.busy) return words.open.judging;
    if (this.said !== '' || !this.judged) return this.said;
    const { at, sentence } = this.judged;
    const because = sentence === '' ? '' : words.open.because(sentence);
    return at ? `${words.open.at(...at)} ${because}` : because;
  }

  #questions({ asked }: Question): TemplateResult {
    const shown = { ...this.judged, ...asked };
    const chosen = (field: keyof Asked, label: string, options: readonly string[]) =>
      html`<label>
        ${label}
        <select .value=${shown[field as 'model'] ?? ''} @change=${this.#asks(field)}>
          ${options.map((name) => html`<option .selected=${name === shown[field as 'model']}>${name}</option>`)}
        </select>
      </label>`;
    return html`<div class="row" role="group" aria-label=${words.open.question}>
      ${chosen('model', words.open.model, this.#choices.models)}
      ${chosen('consistency', words.open.consistency, this.#choices.consistencies)}
      <label>
        ${words.open.keyed}
        <select .value=${asked.keyed ?? ''} @change=${this.#asks('keyed')}>
          ${Object.entries(words.open.keyedBy).map(
            ([value, says]) =>
              html`<option value=${value} .selected=${value === (asked.keyed ?? '')}>${says}</option>`,
          )}
        </select>
      </label>
      <label>
        ${words.open.initial}
        <input
          placeholder=${words.open.initialHint}
          .value=${asked.initial ?? ''}
          @change=${this.#asks('initial')}
        />
      </label>
    </div>`;
  }

  /** What is left open, the checkers find out. */
  #asks(field: keyof Asked) {
    return ({ target }: Event & { target: HTMLInputElement | HTMLSelectElement }) => {
      if (!this.question) return;
      const others = Object.entries(this.question.asked).filter(([known]) => known !== field);
      const asked = Object.fromEntries([
        ...others,
        ...(target.value === '' ? [] : [[field, target.value]]),
      ]) as Asked;
      void this.#judge({ ...this.question, asked });
    };
  }

  #answer({ picture, notes, conflict, orders }: Judged): TemplateResult {
    return html`
      ${
        picture && picture.bars.length > 0
          ? html`<section>
              ${historyPicture(picture)}
              <p class="muted">${words.open.legend} ${words.open.left(picture.before, picture.after)}</p>
            </section>`
          : nothing
      }
      ${conflict.length > 0 ? section(words.open.conflict, lines(conflict)) : nothing}
      ${orders.map((order) =>
        section(
          words.open.order,
          html`${order.before > 0 ? html`<p class="muted">${words.open.before(order.before)}</p>` : nothing}
            ${lines(order.order)}
            <p>${words.open.then(order.state)}</p>
            ${order.unplaced.length > 0 ? html`<p>${words.open.unplaced}</p>` : nothing}
            ${lines(order.unplaced)}`,
        ),
      )}
      ${
        notes.length > 0
          ? section(
              words.open.notes,
              html`<ul class="list">${notes.map((note) => html`<li>${words.open.because(note)}</li>`)}</ul>`,
            )
          : nothing
      }
    `;
  }

  #choose({ target }: Event & { target: HTMLInputElement }): void {
    this.file = target.files?.[0];
    target.value = '';
  }

  async #open(file: File): Promise<void> {
    this.#begin();
    try {
      const found = await opened(file, this.core);
      // Back leads to where the reader was before the link, not to the link again.
      if (found.kind === 'run' && namesFile(window.location.hash)) window.location.replace(found.link);
      else if (found.kind === 'run') window.location.hash = found.link;
      else await this.#judge({ text: found.text, asked: {} });
    } catch (fault) {
      this.#refuse(`${words.open.ofFile(file.name)} ${reason(fault)}`);
    }
  }

  async #follow(link: string): Promise<void> {
    if (namesFile(link)) {
      this.#begin();
      // A stranger's link asks nobody behind the reader's back.
      this.awaited = hostOf(link);
      if (this.awaited === undefined) await this.#fetch(link);
      else this.said = words.elsewhere.ask(this.awaited);
      return;
    }
    this.#begin();
    try {
      const question = await historyOf(link);
      if (question) await this.#judge(question);
      else this.busy = false;
    } catch {
      this.#refuse(words.open.damaged);
    }
  }

  /** What a link names is opened as if it had been chosen. */
  async #fetch(link: string): Promise<void> {
    this.#begin();
    const asking = new AbortController();
    this.#asking = asking;
    this.said = words.elsewhere.fetching;
    try {
      const file = await fetched(link, asking.signal);
      if (!asking.signal.aborted) await this.#open(file);
    } catch (fault) {
      if (!asking.signal.aborted) this.#refuse(reason(fault));
    }
  }

  #begin(): void {
    this.#asking.abort();
    this.busy = false;
    this.awaited = undefined;
    this.question = undefined;
    this.judged = undefined;
    this.said = '';
    this.isShort = false;
  }

  #refuse(sentence: string): void {
    this.busy = false;
    this.said = sentence;
  }

  async #judge(question: Question): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.question = question;
    this.said = '';
    this.busy = true;
    const answer = await judge(question, asking.signal).catch(() => ({ fault: '' }));
    if (asking.signal.aborted) return;
    this.busy = false;
    if ('fault' in answer) {
      this.judged = undefined;
      this.said = answer.fault === '' ? words.save.notLoaded : words.open.broke(answer.fault);
      return;
    }
    this.#choices = answer.choices;
    this.judged = answer.judged;
    await this.#showLink(question);
    await this.updateComplete;
    this.renderRoot
      .querySelector('.unplaced, .accused')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  /** The address bar holds what is small enough. */
  async #showLink(question: Question): Promise<void> {
    const link = await historyLink(question);
    if (question !== this.question) return;
    this.isShort = link !== undefined;
    if (link === undefined) this.said = this.judged?.sentence === '' ? words.open.tooLong : '';
    const { hash } = window.location;
    window.history.replaceState(window.history.state, '', link ?? (namesFile(hash) ? hash : HISTORY));
  }

  #stop(): void {
    this.#asking.abort();
    this.busy = false;
    this.said = words.open.stopped;
  }
}

function reason(fault: unknown): string {
  if (fault instanceof Refusal) return fault.message;
  return fault instanceof DOMException ? fault.message : words.open.broke(String(fault));
}

define('sf-opened', SfOpened);

declare global {
  interface HTMLElementTagNameMap {
    'sf-opened': SfOpened;
  }
}
