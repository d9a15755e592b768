/** The page of a file that somebody opened: a run is opened at once, a history is judged and drawn. */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { CoreUnavailable, unavailable, type Core } from '../../core/index.ts';
import { namedBy, namesFile, type Named } from '../../files/elsewhere.ts';
import { opened } from '../../files/open.ts';
import { Refusal } from '../../files/refusal.ts';
import { words } from '../../files/words.ts';
import { words as common } from '../../words.ts';
import { HISTORY, historyLink, historyOf } from '../../judge/history-link.ts';
import { judge } from '../../judge/judging.ts';
import type { Answer, Asked, Choices, Judged, Question } from '../../judge/judged.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons, plainPage } from '../base/shared.ts';
import '../header/sf-theme.ts';
import { historyPicture, historyStyles } from './history-picture.ts';
import { openedStyles } from './opened-styles.ts';
import { about, copy, lines, section } from './parts.ts';

/** What the address bar asks for: `#history`, or the link of a history or of a file; and what somebody has dropped or chosen. */
export interface Visit {
  link: string;
  file: File | undefined;
}

/** Sends `open-file` with the file that somebody chooses. */
class SfOpened extends LitElement {
  static override properties = {
    core: { attribute: false },
    visit: { attribute: false },
    question: { state: true },
    judged: { state: true },
    said: { state: true },
    doing: { state: true },
    offer: { state: true },
    isShort: { state: true },
  };

  static override styles = [base, plainPage, buttons, historyStyles, openedStyles];

  declare core: Core;
  declare visit: Visit;
  declare question: Question | undefined;
  declare judged: Judged | undefined;
  /** What is to be said instead of an answer. */
  declare said: string;
  /** What keeps the reader waiting; empty where nothing does. */
  declare doing: string;
  /** What the reader may have fetched, and what the button for that says. */
  declare offer: { named: Named; says: string } | undefined;
  /** Whether the address bar holds the history. */
  declare isShort: boolean;

  #choices: Choices = { models: [], consistencies: [] };
  #asking = new AbortController();
  /** The link that names the file which is shown; empty for a file of this device. */
  #from = '';

  constructor() {
    super();
    this.said = '';
    this.doing = '';
    this.isShort = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('visit')) return;
    const { file, link } = this.visit;
    const stop = this.#begin();
    this.#from = file || !namesFile(link) ? '' : link;
    if (file) void this.#open(file, stop);
    else if (this.#from !== '') this.#propose(link, stop);
    else void this.#follow(link, stop);
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
          ${this.offer && this.doing === '' ? this.#offered(this.offer) : nothing}
          ${this.doing === '' ? nothing : html`<button @click=${this.#stop}>${words.open.stop}</button>`}
          ${this.isShort ? copy() : nothing}
        </div>
        ${this.judged && this.doing === '' ? this.#answer(this.judged) : nothing}
      </main>
    `;
  }

  #offered({ named, says }: NonNullable<SfOpened['offer']>): TemplateResult {
    return html`<button class="fetch" @click=${() => void this.#fetch(named, this.#begin())}>${says}</button>`;
  }

  get #heading(): string {
    const { judged } = this;
    if (!judged || this.doing !== '') return this.question ? words.open.page : words.open.title;
    const { answers } = words.open;
    if (judged.answer === 'valid') return answers.valid(judged.consistency, judged.operations);
    return judged.answer === 'invalid' ? answers.invalid(judged.consistency) : answers[judged.answer];
  }

  get #status(): string {
    if (this.doing !== '') return this.doing;
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
      void this.#judge({ ...this.question, asked }, this.#anew());
    };
  }

  #answer({ picture, notes, conflict, before, orders }: Judged): TemplateResult {
    const contradict = conflict.told.length > 1 && before === null;
    return html`
      ${
        picture && picture.bars.length > 0
          ? html`<section>
              ${historyPicture(picture)}
              <p class="muted">${words.open.legend} ${words.open.left(picture.before, picture.after)}</p>
            </section>`
          : nothing
      }
      ${conflict.told.length > 0 ? section(contradict ? words.open.conflict : words.open.unfit, lines(conflict)) : nothing}
      ${before && before.told.length > 0 ? section(words.open.earlier, lines(before)) : nothing}
      ${orders.map((order) =>
        section(
          words.open.order,
          html`${order.before > 0 ? html`<p class="muted">${words.open.before(order.before)}</p>` : nothing}
            ${lines({ told: order.order, more: 0 })}
            <p>${words.open.then(order.state)}</p>
            ${order.unplaced.told.length > 0 ? html`<p>${words.open.unplaced}</p>` : nothing}
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
    const [file] = target.files ?? [];
    target.value = '';
    if (file) emit(this, 'open-file', file);
  }

  async #open(file: File, stop: AbortSignal): Promise<void> {
    try {
      const found = await opened(file, this.core);
      if (stop.aborted) return;
      // Back leads to where the reader was before the link, not to the link again.
      if (found.kind === 'run' && this.#from !== '') window.location.replace(found.link);
      else if (found.kind === 'run') window.location.hash = found.link;
      else await this.#judge({ text: found.text, asked: {} }, stop);
    } catch (fault) {
      if (!stop.aborted) this.#refuse(`${words.open.ofFile(file.name)} ${reason(fault)}`);
    }
  }

  async #follow(link: string, stop: AbortSignal): Promise<void> {
    const question = await historyOf(link).catch(() => null);
    if (stop.aborted) return;
    if (question === null) this.#refuse(words.open.damaged);
    else if (question) await this.#judge(question, stop);
  }

  /** A stranger's link asks nobody behind the reader's back. */
  #propose(link: string, stop: AbortSignal): void {
    let named: Named;
    try {
      named = namedBy(link);
    } catch (fault) {
      this.#refuse(reason(fault));
      return;
    }
    if (named.hosts.length === 0) void this.#fetch(named, stop);
    else {
      this.said = words.elsewhere.ask(named.hosts);
      this.offer = { named, says: words.elsewhere.fetch(named.hosts) };
    }
  }

  /** What a link names is opened as if it had been chosen. */
  async #fetch(named: Named, stop: AbortSignal): Promise<void> {
    this.doing = words.elsewhere.fetching;
    this.offer = { named, says: words.elsewhere.again };
    try {
      const file = await named.fetch(stop);
      if (stop.aborted) return;
      this.offer = undefined;
      await this.#open(file, stop);
    } catch (fault) {
      if (stop.aborted) return;
      if (!(fault instanceof Refusal && fault.mayPass)) this.offer = undefined;
      this.#refuse(reason(fault));
    }
  }

  /** What was asked before is not answered any more. */
  #anew(): AbortSignal {
    this.#asking.abort();
    this.#asking = new AbortController();
    return this.#asking.signal;
  }

  #begin(): AbortSignal {
    this.doing = '';
    this.offer = undefined;
    this.question = undefined;
    this.judged = undefined;
    this.said = '';
    this.isShort = false;
    return this.#anew();
  }

  #refuse(sentence: string): void {
    this.doing = '';
    this.said = sentence;
  }

  async #judge(question: Question, stop: AbortSignal): Promise<void> {
    this.question = question;
    this.said = '';
    this.doing = words.open.judging;
    const answer = await answerTo(question, stop);
    const link = 'fault' in answer ? undefined : await this.#linkOf(question, answer.judged);
    if (stop.aborted) return;
    if ('fault' in answer) {
      this.judged = undefined;
      this.#refuse(answer.fault);
      return;
    }
    this.doing = '';
    this.#choices = answer.choices;
    this.judged = answer.judged;
    this.#showLink(link);
    await this.updateComplete;
    this.renderRoot
      .querySelector('.unplaced, .accused')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  /** The address bar holds what is small enough, and a history: what nobody could read may be anything, and is nobody's business. */
  async #linkOf(question: Question, judged: Judged): Promise<string | undefined> {
    return judged.answer === 'bad-input' ? undefined : historyLink(question);
  }

  /** With the answer, not after it: whoever sees one can reload it. */
  #showLink(link: string | undefined): void {
    this.isShort = link !== undefined;
    if (link === undefined) this.said = this.judged?.sentence === '' ? words.open.tooLong : '';
    const other = this.#from === '' ? HISTORY : this.#from;
    window.history.replaceState(window.history.state, '', link ?? other);
  }

  #stop(): void {
    this.#asking.abort();
    this.doing = '';
    this.said = this.offer ? words.elsewhere.stopped : words.open.stopped;
  }
}

/** The answer, or a sentence that says why there is none. */
async function answerTo(question: Question, stop: AbortSignal): Promise<Answer> {
  const answer = await judge(question, stop).catch(() => ({ fault: '' }));
  if (!('fault' in answer)) return answer;
  return {
    fault:
      answer.fault === ''
        ? (await unavailable(undefined, words.save.notLoaded)).message
        : words.open.broke(answer.fault),
  };
}

function reason(fault: unknown): string {
  if (fault instanceof Refusal || fault instanceof CoreUnavailable) return fault.message;
  return fault instanceof DOMException ? words.open.unreadable : words.open.notOpened(String(fault));
}

define('sf-opened', SfOpened);

declare global {
  interface HTMLElementTagNameMap {
    'sf-opened': SfOpened;
  }
}
