/** A question about the run before anything is told: what one node knows, the answers, and afterwards what is true. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { GuessQuestion, State, View } from '../../core/index.ts';
import { Guess } from '../../session/guess/guess.ts';
import { readScore } from '../../session/guess/score.ts';
import { words } from '../../session/guess/words.ts';
import { ASKED, TOLD } from '../../session/pictures/views.ts';
import { words as site } from '../../words.ts';
import type { Session } from '../../session/session.ts';
import { moment, unbroken } from '../../format.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import '../base/sf-copy.ts';
import { base, buttons } from '../base/shared.ts';
import { isAnySheetOpen } from '../base/sheet.ts';
import { inline } from '../lesson/markdown.ts';
import type { Painter, SfStage } from '../picture/sf-stage.ts';
import '../picture/sf-legend.ts';
import '../picture/sf-stage.ts';
import '../time/sf-way.ts';

/** So many of the latest events that the node knows are listed, the latest first. */
const MOST_KNOWN = 6;

export class SfGuess extends LitElement {
  static override properties = {
    session: { attribute: false },
    guess: { attribute: false },
    state: { attribute: false },
    question: { attribute: false },
    truth: { attribute: false },
    isEmpty: { attribute: false },
    isThere: { attribute: false },
    time: { attribute: false },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
        min-height: 0;
      }
      .pictures {
        position: relative;
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 1.25fr);
        gap: 1px;
        min-height: 0;
      }
      .alone {
        grid-template-columns: minmax(0, 1fr);
      }
      .spacetime {
        border-left: 1px solid var(--hairline);
      }
      section {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3) var(--space-3);
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        outline: none;
      }
      .head {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2.25rem;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .head span {
        flex: 1;
      }
      .question {
        font-family: var(--serif);
        font-size: var(--text-m);
        line-height: 1.4;
      }
      .options,
      .then {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .options button,
      .then button {
        border: 1px solid var(--line);
        white-space: normal;
        text-align: start;
      }
      .options kbd {
        min-width: 1.4em;
        border: 1px solid var(--hairline);
        border-radius: 4px;
        color: var(--muted);
        font: inherit;
        font-size: var(--text-s);
        text-align: center;
      }
      .right b {
        color: var(--accent);
      }
      .muted,
      .known {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .known {
        max-height: 5.5rem;
        overflow: auto;
        scrollbar-width: thin;
      }
      .legend {
        position: absolute;
        inset: auto var(--space-2) var(--space-1) auto;
      }
      @media (max-width: 59.99em) {
        .known {
          max-height: 4rem;
        }
        .pictures {
          grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        }
        .spacetime {
          display: none;
        }
        section {
          position: fixed;
          inset: auto 0 0;
          z-index: 4;
          border-radius: 12px 12px 0 0;
          box-shadow: 0 -4px 20px rgb(0 0 0 / 14%);
          padding-bottom: max(var(--space-3), env(safe-area-inset-bottom));
        }
        .options {
          display: grid;
        }
      }
    `,
  ];

  declare session: Session;
  declare guess: Guess;
  /** What changes as it goes on. */
  declare state: State;
  declare question: GuessQuestion | undefined;
  declare truth: unknown;
  declare isEmpty: boolean;
  declare isThere: boolean;
  /** Where the run is, in virtual milliseconds. */
  declare time: number;

  #listening: AbortController | undefined;

  readonly #painters: Record<'world' | 'spacetime', Painter> = {
    world: this.#painterOf('world'),
    spacetime: this.#painterOf('spacetime'),
  };

  #painterOf(view: View): Painter {
    return (context, width, height) => this.session.pictures.paint(view, context, width, height);
  }

  /** Paints all pictures of the moment. */
  paint(): void {
    for (const stage of this.renderRoot.querySelectorAll<SfStage>('sf-stage')) stage.paint();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('section')?.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    document.addEventListener('keydown', (event) => this.#onKey(event), {
      capture: true,
      signal: this.#listening.signal,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
  }

  protected override updated(changed: PropertyValues): void {
    const isNews = changed.has('question') || changed.has('truth') || changed.has('isEmpty');
    if (isNews) this.focus();
  }

  protected override render() {
    const { guess } = this;
    const { question } = guess;
    return html`
      <div class="pictures ${guess.isOpen ? 'alone' : ''}">${question ? this.#pictures(question) : nothing}</div>
      <section tabindex="-1" aria-label=${words.label}>
        <div class="head">
          <span>${question && guess.isOpen ? words.sees(question.node) : words.label}</span>
          <button class="close" aria-label=${words.close} title=${words.closeHint} @click=${() => this.session.asking.end()}>
            ${icons.close}
          </button>
        </div>
        ${question ? this.#asked(question) : html`<p role="status">${guess.isEmpty ? words.none : site.story.seeking}</p>`}
        ${guess.isEmpty && this.session.about.lab.asks ? html`<div class="then">${this.#another()}</div>` : nothing}
      </section>
    `;
  }

  /** The legend has what is on stage, and the stage has what the node knows. The space-time diagram marks a lost message where it was sent, also as its sender sees it: it comes with the truth. */
  #pictures({ node }: GuessQuestion): TemplateResult {
    const isTold = this.guess.truth !== undefined;
    const caption = isTold ? words.truth : words.picture(node);
    return html`
      <sf-stage class="world" .painter=${this.#painters.world} caption=${caption}></sf-stage>
      ${
        isTold
          ? html`<sf-stage class="spacetime" .painter=${this.#painters.spacetime} caption=${words.truthSpacetime}></sf-stage>`
          : nothing
      }
      ${this.guess.isSecret ? this.#legend(isTold ? TOLD : ASKED) : nothing}
      <sf-way .time=${this.time} .aim=${this.session.aimMs} .isLong=${this.session.isOnLongWay} .isBound=${true}></sf-way>
    `;
  }

  /** Once all is told, the player is there with its own. */
  #legend(views: readonly View[]): TemplateResult {
    return html`<sf-legend
      class="legend"
      .views=${views}
      .pictures=${this.session.pictures}
      .state=${this.state}
      .marks=${[]}
      .strips=${false}
      .playing=${false}
    ></sf-legend>`;
  }

  #asked(question: GuessQuestion): TemplateResult {
    const { guess } = this;
    const { challenge } = guess;
    return html`
      ${question.markdown === '' ? nothing : html`<p>${inline(question.markdown)}</p>`}
      <p class="question">${unbroken(textOf(question))}</p>
      ${question.asks === 'holds' ? html`<p class="muted">${switched(question)}</p>` : nothing}
      ${guess.isOpen ? this.#subject() : nothing}
      ${guess.truth ? this.#told(question) : this.#options(question)}
      ${challenge && guess.isOpen ? html`<p class="muted">${words.challenge(...challenge)}</p>` : nothing}
      ${this.#thenChallenged()}
      ${guess.isOpen ? this.#known(question) : nothing}
    `;
  }

  /** An answer is about the moment that is asked about, so it waits for that. */
  #options(question: GuessQuestion): TemplateResult | typeof nothing {
    if (!this.isThere) return nothing;
    return html`<div class="options">
      ${question.options.map(
        (_, place) => html`<button @click=${() => this.guess.answer(place)}>
          <kbd aria-hidden="true">${place + 1}</kbd>${optionOf(question, place)}
        </button>`,
      )}
    </div>`;
  }

  /** The message that is asked about, as whoever sent it knows it. */
  #subject(): TemplateResult | typeof nothing {
    const subject = this.isThere ? this.guess.subject : undefined;
    if (!subject) return nothing;
    const said = words.entry(moment(subject.time_ms), subject.sentence);
    return html`<p class="subject">${words.about} ${unbroken(said)}</p>`;
  }

  /** What the node knows: the pictures have no room for all of it. */
  #known({ node }: GuessQuestion): TemplateResult {
    const { log, nodes } = this.state;
    const beliefs = nodes.flatMap((each) => each.beliefs);
    const happened = log
      .slice(-MOST_KNOWN)
      .toReversed()
      .map(({ time_ms, sentence }) => words.entry(moment(time_ms), sentence));
    const known = [...beliefs, ...happened];
    return html`
      <div class="known" role="group" tabindex="0" aria-labelledby="known">
        <p id="known">${words.known(node)}</p>
        <ul aria-labelledby="known">
          ${(known.length === 0 ? [words.nothing] : known).map((text) => html`<li>${unbroken(text)}</li>`)}
        </ul>
      </div>
    `;
  }

  #told(question: GuessQuestion): TemplateResult {
    const { truth, choice } = this.guess;
    if (!truth) return html``;
    const isRight = truth.right === choice;
    const answer = isRight ? words.right : words.notRight(optionOf(question, truth.right));
    const { right, of } = readScore();
    return html`
      <div role="status" class=${isRight ? 'right' : 'not-right'}>
        <p><b>${answer}</b> ${unbroken(truth.sentences.join(' '))}</p>
        ${this.guess.isCounted ? nothing : html`<p class="again">${words.again}</p>`}
        ${truth.seen_ms === null ? nothing : html`<p>${words.later(moment(truth.seen_ms))}</p>`}
      </div>
      <div class="then">
        ${this.guess.hasNext ? html`<button class="next" @click=${() => this.guess.next()}>${words.next}</button>` : nothing}
        ${this.#another()}
        <button class="watch" @click=${() => this.#watch()}>${words.watch}</button>
        <sf-copy
          .text=${() => this.session.addressOf(this.session.asking.linkOfScore(`${right}of${of}`))}
          label=${words.share}
          hint=${words.shareHint}
          otherwise=${words.shareOtherwise}
        ></sf-copy>
      </div>
      <p class="muted">${words.score(right, of)}</p>
    `;
  }

  /** A link may ask first and challenge afterwards. */
  #thenChallenged(): TemplateResult | typeof nothing {
    const { aim } = this.session.challenging;
    return aim ? html`<p class="muted">${words.thenChallenge(site.challenges[aim])}</p>` : nothing;
  }

  #another(): TemplateResult {
    return html`<button class="another" @click=${() => this.guess.another()}>${words.another}</button>`;
  }

  #watch(): void {
    const { session } = this;
    session.asking.end();
    session.player.play();
  }

  /** A digit answers, wherever the focus is. */
  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || event.repeat) return;
    if (!/^[1-9]$/.test(event.key) || !this.guess.isOpen || isAnySheetOpen()) return;
    this.guess.answer(Number(event.key) - 1);
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The defences that can matter: those that are on, and those that are off. */
function switched({ on, off }: GuessQuestion): string {
  const said = [
    on.length > 0 ? words.on(on.join(', ')) : '',
    off.length > 0 ? words.off(off.join(', ')) : '',
  ];
  return said.filter((part) => part !== '').join(' ');
}

function textOf({ asks, peer, silent_ms, check }: GuessQuestion): string {
  if (asks === 'silence') return words.silence(peer ?? '', moment(silent_ms ?? 0));
  return (asks === 'wrong' ? words.wrong : words.holds)(check ?? '');
}

function optionOf({ asks, options, peer }: GuessQuestion, place: number): string {
  const option = options[place] ?? '';
  if (asks === 'silence') return words.fates[option as keyof typeof words.fates](peer ?? '');
  return asks === 'holds' ? words.ends[option as keyof typeof words.ends] : option;
}

define('sf-guess', SfGuess);

declare global {
  interface HTMLElementTagNameMap {
    'sf-guess': SfGuess;
  }
}

/** Asks first, if that is still wanted once it is loaded. */
export async function guessFirst(session: Session, isWanted: () => boolean): Promise<void> {
  // What is told is lit as along a walk.
  await Promise.all([session.load('why'), session.load('guess')]);
  if (isWanted()) session.asking.begin((asked, run, owner) => new Guess(asked, run, owner));
}
