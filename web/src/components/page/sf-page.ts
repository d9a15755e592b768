/** A lab's page: its question, its figure, and everything that acts on it. */
import { html, nothing, type LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { Replaced, nextTask, unavailable } from '../../core/index.ts';
import type { KeyCommand } from '../../session/keyboard.ts';
import { notLoaded } from '../../session/run/failure.ts';
import type { At } from '../../path/on-path.ts';
import type { Session } from '../../session/session.ts';
import { whenIdle } from '../../session/when-idle.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons } from '../base/shared.ts';
import '../base/sf-copy.ts';
import type { SfHelp } from '../header/sf-help.ts';
import '../header/sf-help.ts';
import '../header/sf-lab-header.ts';
import '../header/sf-theme.ts';
import '../time/sf-autoplay.ts';
import '../time/sf-motion.ts';
import '../time/sf-seed.ts';
import '../time/sf-undo.ts';
import { algorithmOf, titledOf } from '../../session/algorithm.ts';
import type { SfHunt } from '../hunt/sf-hunt.ts';
import type { SfShrink } from '../hunt/sf-shrink.ts';
import { asked, guessFirst, loadCard, loadChallenge } from './asked.ts';
import { hunted, loadHunt, loadShrink } from './hunted.ts';
import { watchNarrow } from './decisive.ts';
import { figure, type Arrangement } from './figure.ts';
import { notices } from './notices.ts';
import { pageStyles } from './page-styles.ts';
import { presentationStyles } from './presentation-styles.ts';
import { ask, enlarge, isAskedFor, presentation } from './presentation.ts';
import { SessionElement } from './session-element.ts';
import { side } from './side.ts';
import type { SfShare } from '../share/sf-share.ts';
import { words } from '../../words.ts';

/** A page that is never idle loads what it prints after so long. */
const SHEET_PATIENCE_MS = 3000;

export class SfPage extends SessionElement implements Arrangement {
  static override properties = {
    ...SessionElement.properties,
    listed: { state: true },
    cardSide: { state: true },
    isWhole: { state: true },
    stop: { attribute: false },
    isPresented: { type: Boolean, attribute: 'presented', reflect: true },
    hunts: { state: true },
    isHuntShown: { state: true },
    shrinks: { state: true },
  };

  static override styles = [base, buttons, pageStyles, presentationStyles];

  declare listed: boolean;
  declare cardSide: Arrangement['cardSide'];
  /** Whether it shows what stands beside the figure: that comes one task later. */
  declare isWhole: boolean;
  /** The stop of a lesson path that the run belongs to. */
  declare stop: At | undefined;
  /** Whether it shows little, and that in large type. */
  declare isPresented: boolean;
  /** What hunts through many seeds of the run, or may. */
  declare hunts: SfHunt | undefined;
  /** Whether the reader looks at that: closed, it goes on, and keeps what it has found. */
  declare isHuntShown: boolean;
  /** What makes a run smaller. */
  declare shrinks: SfShrink | undefined;

  /** The card that is shown, to notice another one. */
  #shown: unknown;
  /** Whether the reader was being asked before the latest update. */
  #wasAsking = false;
  /** Whether what judges a challenge is there, or on its way. */
  #hasChallenge = false;
  #watching: AbortController | undefined;
  #isCompleting = false;

  constructor() {
    super();
    this.listed = false;
    this.cardSide = 'right';
    this.isWhole = false;
    this.isHuntShown = false;
    this.isPresented = isAskedFor();
    this.addEventListener('list', () => {
      this.listed = !this.listed;
    });
    this.addEventListener('hunt', () => void this.#hunt());
    this.addEventListener('close-hunt', () => this.#endHunt());
    this.addEventListener(
      'shrink',
      ({ detail }: CustomEventInit<string>) => void this.#shrink(this.session?.link, detail),
    );
    this.addEventListener('shrink-run', ({ detail }: CustomEventInit<string>) => void this.#shrink(detail));
    this.addEventListener('close-shrink', () => this.#endShrink());
    this.addEventListener('further', () => this.#to('sf-tries'));
    this.addEventListener('to-challenges', () => this.#to('sf-challenges'));
    this.addEventListener('paint', () => {
      if (this.session) this.onFrame(this.session);
    });
    this.addEventListener('select-at', (event) => {
      this.cardSide = event instanceof CustomEvent && event.detail > 0.5 ? 'left' : 'right';
    });
  }

  protected override renderSession(session: Session): TemplateResult {
    const isVeiled = session.asking.isSecret || session.challenging.aim !== undefined;
    return html`<sf-sheet .session=${session} ?veiled=${isVeiled}></sf-sheet>${this.#shownOf(session)}`;
  }

  #shownOf(session: Session): TemplateResult {
    const { about } = session;
    if (session.asking.isSecret) return this.#asking(session);
    if (this.isPresented)
      return html`${presentation(session, this, () => this.#present(false))}${this.#helpOf(session)}`;
    return html`
      <header>
        <a href="#/">${words.site.name}</a>
        <span class="chapter">${about.lab.chapter}</span>
        <sf-seed .seed=${session.state.seed} .hunts=${this.isHuntShown} .going=${this.hunts?.hunting?.state === 'going'}></sf-seed>
        <sf-undo .steps=${session.steps}></sf-undo>
        <sf-copy
          narrow
          .text=${() => session.address}
          label=${words.header.copy}
          hint=${words.header.copyHint}
          otherwise=${words.header.notCopied}
        ></sf-copy>
        <button class="share" title=${words.header.shareHint} @click=${() => void this.#share(session)}>
          ${icons.share}<span>${words.header.share}</span>
        </button>
        <button class="present" aria-label=${words.header.present} title=${words.header.presentHint} @click=${() => this.#present(true)}>${icons.present}</button>
        <sf-theme></sf-theme>
        <button aria-label=${words.header.help} title=${words.header.helpHint} @click=${this.#help}>?</button>
      </header>
      <main tabindex="-1" aria-busy=${session.isLoading}>
        <div class="notices">
          ${this.stop ? html`<sf-path-bar .at=${this.stop}></sf-path-bar>` : nothing} ${notices(session, session.notices.revision)}
        </div>
        <sf-lab-header .question=${about.lab.question} .algorithm=${algorithmOf(about, session.state)}></sf-lab-header>
        ${figure(session, this)} ${this.isWhole ? side(session, hunted(session, { hunt: this.isHuntShown ? this.hunts : undefined, shrink: this.shrinks })) : nothing}
      </main>
      ${this.#helpOf(session)}
      <sf-share></sf-share>
    `;
  }

  /** What a lab is called tells what happens in it. */
  #title({ about, asking, state }: Session): string[] {
    return asking.isSecret ? [words.story.guess] : titledOf(about, state);
  }

  /** Nothing that tells is there as long as the reader is being asked, not even out of sight. */
  #asking(session: Session): TemplateResult {
    return html`
      <header>
        <a href="#/">${words.site.name}</a>
        <span class="chapter">${session.about.lab.chapter}</span>
        <sf-theme></sf-theme>
        <button aria-label=${words.header.help} title=${words.header.helpHint} @click=${this.#help}>?</button>
      </header>
      <main tabindex="-1" aria-busy=${session.asking.guess === undefined}>
        <div class="notices">${notices(session, session.notices.revision)}</div>
        <sf-lab-header .question=${words.story.guess}></sf-lab-header>
        <section class="figure asking" aria-label=${words.figure.label}>
          <div class="pictures">${asked(session) ?? this.#seeking(session)}</div>
        </section>
      </main>
      ${this.#helpOf(session)}
    `;
  }

  /** What asks is still being loaded. */
  #seeking(session: Session): TemplateResult {
    return html`
      <div class="seeking">
        <p role="status">${words.story.seeking}</p>
        <button class="close" aria-label=${words.card.close} title=${words.card.closeHint} @click=${() => session.asking.end()}>
          ${icons.close}
        </button>
      </div>
    `;
  }

  /** Each change of the session comes here: what the link, or the reader, wants is loaded once. */
  protected override obeyGuess(session: Session): void {
    const { asked } = session.asking;
    if (!asked || asked === this.#askedGuess) return;
    this.#askedGuess = asked;
    void guessFirst(session);
  }

  #askedGuess: Session['asking']['asked'];

  #helpOf(session: Session): TemplateResult {
    return html`
      <sf-help>
        <sf-motion .motion=${session.choices.motion}></sf-motion>
        <sf-autoplay .on=${session.choices.autoplay}></sf-autoplay>
      </sf-help>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { session } = this;
    if (!session) return;
    if (!this.#isCompleting) void this.#complete();
    document.title = words.site.title(...this.#title(session));
    // Nearly all of the page has come or gone.
    if (session.asking.isSecret !== this.#wasAsking && !session.asking.guess) this.goOn();
    this.#wasAsking = session.asking.isSecret;
    if (session.challenging.aim && !this.#hasChallenge) {
      this.#hasChallenge = true;
      void loadChallenge(session).then((isThere) => {
        this.#hasChallenge = isThere;
        // Nothing would tell what it demands, or end it.
        if (!isThere) session.challenging.end();
        else if (this.renderRoot.querySelector('main:focus')) this.goOn();
      });
    }
    const { selection } = session.pictures;
    if (selection === this.#shown) return;
    this.#shown = selection;
    if (selection) void loadCard(session);
    const next = this.renderRoot.querySelector('sf-card') ?? (this.listed ? this.#list : null);
    // Not before it shows this run: what it had of another one would be lit with the focus.
    if (next) void this.#focusOn(next);
  }

  /** The first card of a page is still being loaded. */
  async #focusOn(next: LitElement): Promise<void> {
    await customElements.whenDefined(next.localName);
    await next.updateComplete;
    next.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watching = new AbortController();
    enlarge(this.isPresented);
    watchNarrow(() => this.requestUpdate(), this.#watching.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watching?.abort();
    this.hunts?.end();
    enlarge(false);
  }

  async #complete(): Promise<void> {
    this.#isCompleting = true;
    await nextTask();
    this.isWhole = true;
    // A print waits for nothing, and may be asked for without a key or a click on the page.
    whenIdle(() => void import('./sf-sheet.ts').catch(() => undefined), SHEET_PATIENCE_MS);
  }

  /** Scrolls to where the page begins, and what explains it. */
  toTop(): void {
    this.renderRoot.querySelector('.side')?.scrollTo(0, 0);
    window.scrollTo(0, 0);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has('session')) return;
    this.#shown = undefined;
    this.session?.lookAhead();
  }

  protected override obey(command: KeyCommand, session: Session): boolean {
    if (this.#sharing?.open) return command !== 'close';
    if (command === 'help') this.#help();
    else if (this.#sheet?.open) return command !== 'close';
    else if (session.asking.isSecret) {
      if (command === 'close') session.asking.end();
      return false;
    } else if (command === 'present') this.#present(!this.isPresented);
    else if (command === 'close') this.#close(session);
    else return super.obey(command, session);
    return command === 'help' || command === 'present';
  }

  get #list() {
    return this.renderRoot.querySelector('sf-mirror');
  }

  get #sheet(): SfHelp | null {
    return this.renderRoot.querySelector('sf-help');
  }

  get #sharing(): SfShare | null {
    return this.renderRoot.querySelector('sf-share');
  }

  /** Few readers share a run: what that takes is loaded when they do. */
  async #share(session: Session): Promise<void> {
    const { link: here, linkFromStart: start, aimMs: timeMs } = session;
    const { id } = session.about.lab;
    const title = words.site.run(...titledOf(session.about, session.state));
    // A document of somebody's own may be called as a lab is.
    const lab = here.startsWith('#/') ? id : '';
    const { lookNow: look } = session.pictures;
    const { end_ms: endMs } = session.state;
    const { speed } = session.player;
    try {
      await import('../share/sf-share.ts');
    } catch (cause) {
      const fault = await unavailable(cause, words.unavailable.pageNotLoaded);
      if (fault instanceof Replaced) session.notices.tell(notLoaded(here, fault));
      // Whoever wants to try again presses the same button.
      else session.notices.tellProblem(fault.message);
      return;
    }
    // A reader who has left for the start page meanwhile shares nothing: out of the document, no element becomes one of ours.
    if (this.isConnected) this.#sharing?.show({ here, start, timeMs, title, lab, look, speed, endMs });
  }

  /** Pressed again, it leads back to the hunt that is there. */
  async #hunt(): Promise<void> {
    const { session } = this;
    if (!session || !(await loadHunt(session)) || !this.isConnected) return;
    this.hunts ??= this.#newHunt();
    this.isHuntShown = true;
    await this.updateComplete;
    this.hunts.focus();
  }

  #newHunt(): SfHunt {
    const hunt = document.createElement('sf-hunt');
    hunt.addEventListener('going', () => this.requestUpdate());
    return hunt;
  }

  async #shrink(link: string | undefined, check?: string): Promise<void> {
    const { session } = this;
    if (link === undefined || !session || !(await loadShrink(session)) || !this.isConnected) return;
    this.shrinks ??= document.createElement('sf-shrink');
    this.shrinks.failing = { link, check };
  }

  #endHunt(): void {
    this.isHuntShown = false;
    this.renderRoot.querySelector('sf-seed')?.focus();
  }

  #endShrink(): void {
    this.shrinks = undefined;
    void this.updateComplete.then(() => {
      if (this.isHuntShown) this.hunts?.focus();
      else this.goOn();
    });
  }

  #close(session: Session): void {
    if (session.pictures.selection) session.pictures.select(undefined);
    else if (this.listed) {
      this.listed = false;
      void this.updateComplete.then(() => this.goOn());
    } else if (session.asking.guess) session.asking.end();
    else if (session.walking.walk) session.walking.close();
    else if (session.comparing.twin) session.comparing.end();
    // A presentation has no room for what comes after it.
    else if (this.isPresented) this.#present(false);
    else if (this.shrinks) this.#endShrink();
    else if (this.isHuntShown) this.#endHunt();
    session.redraw();
  }

  /** What had the focus is gone: the reader goes on where it was opened. */
  protected override goOn(): void {
    const { listed, session } = this;
    const next =
      (listed ? this.#list : null) ??
      (session?.asking.guess ? this.renderRoot.querySelector<LitElement>('sf-guess') : null) ??
      (session?.challenging.aim ? this.renderRoot.querySelector('sf-challenge') : null) ??
      this.renderRoot.querySelector('sf-views');
    // What is still being loaded, or never comes, could not be focused: until then the page is.
    if (!next || !customElements.get(next.localName)) this.renderRoot.querySelector('main')?.focus();
    // What has only now come back holds nothing yet that could be focused.
    else if (!next.hasUpdated) void this.#focusOn(next);
    else next.focus();
  }

  #to(name: 'sf-tries' | 'sf-challenges'): void {
    const place = this.renderRoot.querySelector(name);
    place?.scrollIntoView({ block: 'start' });
    place?.focus();
  }

  /** The focus goes to where the reader comes from, or to what is presented. */
  #present(isPresented: boolean): void {
    this.isPresented = isPresented;
    ask(isPresented);
    enlarge(isPresented);
    const next = isPresented ? 'main' : '.present';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(next)?.focus());
  }

  #help(): void {
    this.#sheet?.toggle();
  }
}

define('sf-page', SfPage);

declare global {
  interface HTMLElementTagNameMap {
    'sf-page': SfPage;
  }
}
