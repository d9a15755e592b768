/** What the page and the embed have in common: a session, its keys, and what components ask of it. */
import { LitElement, html, type PropertyValues, type TemplateResult } from 'lit';
import { nextTask, type About } from '../../core/index.ts';
import type { Failure } from '../../session/run/failure.ts';
import { commandFor, lowersFog, type KeyCommand } from '../../session/keyboard.ts';
import type { Session } from '../../session/session.ts';
import { beginToShow } from '../base/paced.ts';
import './sf-failure.ts';
import { compare } from './asked.ts';
import { OPENING, Opener } from './opener.ts';
import { answer, answerAll } from './requests.ts';

/** A canvas, or what holds one, once its script is there. */
interface Picture extends Element {
  paint?(): void;
}

/** What sets a run beside the same run with something flipped. */
interface Flips extends Element {
  focusOn(flipped: string): boolean;
}

export abstract class SessionElement extends LitElement {
  static override properties = {
    session: { attribute: false },
    failure: { attribute: false },
    unavailable: { type: String },
    home: { attribute: false },
    ownKeys: { type: Boolean },
  };

  /** The run; a curious reader, or a test, may ask it for its `digest()`. */
  declare session: Session | undefined;
  /** Why no run could be opened. */
  declare failure: Failure | undefined;
  /** An address in the folder of the full page, where this is not the full page. */
  declare home: string | undefined;
  /** Why there is no simulator. */
  declare unavailable: string | undefined;
  /** Whether keys count only where this element has the focus: for a figure among others on a page. */
  declare ownKeys: boolean;

  #unlisten: AbortController | undefined;
  /** Whether the focus was in it before what had it may be gone. */
  #hadFocus = false;
  /** Where the reader opened what stands in the place of the pictures, or stood there last. */
  #opener: Opener | undefined;
  /** What is flipped in the run that stands there beside this one, or stood there last. */
  #flipped: string | undefined;
  /** Whether a walk or another run stands there. */
  #isOpen = false;
  /** What is the same of the run that it has begun to show, whatever happens in it. */
  #begun: About | undefined;

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.ownKeys && !event.composedPath().includes(this)) return;
    const command = commandFor(event);
    if (!command || !this.session) return;
    if (this.obey(command, this.session)) event.preventDefault();
  };

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    if (lowersFog(event)) this.#lowerFog();
  };

  /** A key that is let go elsewhere is told to nobody. */
  readonly #lowerFog = (): void => this.session?.fog.lower();

  constructor() {
    super();
    this.ownKeys = false;
    answerAll(this, () => this.#answering);
    this.addEventListener('focus-lost', () => this.goOn());
    for (const request of OPENING)
      this.addEventListener(request, (event) => {
        this.#opener = Opener.of(event) ?? this.#opener;
      });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('keyup', this.#onKeyUp);
    window.addEventListener('blur', this.#lowerFog);
    this.#listen(this.session);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('keyup', this.#onKeyUp);
    window.removeEventListener('blur', this.#lowerFog);
    this.#unlisten?.abort();
  }

  /** Opening a run and showing it for the first time are two tasks: together they would hold up the page. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.session?.about !== this.#begun) await nextTask();
    if (this.session?.about !== this.#begun) beginToShow();
    this.#begun = this.session?.about;
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#hadFocus = this.matches(':focus-within');
    if (changed.has('session') && this.isConnected) this.#listen(this.session);
  }

  protected override updated(_changed: PropertyValues): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = this.session?.walking.walk !== undefined || this.session?.comparing.twin !== undefined;
    const isClosed = wasOpen && !this.#isOpen;
    const [opener, flipped] = isClosed ? [this.#opener, this.#flipped] : [];
    if (isClosed) this.#opener = undefined;
    this.#flipped = this.session?.comparing.twin?.flipped;
    if (this.#hadFocus && !this.matches(':focus-within')) void this.#goBack(opener, flipped);
  }

  /** What had the focus is gone: the reader goes on where that was opened, or could have been. */
  async #goBack(opener: Opener | undefined, flipped: string | undefined): Promise<void> {
    // At once where it can be: what has come in the place of what is gone takes the focus itself.
    if (opener && (await opener.focus())) return;
    if (flipped === undefined || !this.goToFlip(flipped)) this.goOn();
  }

  /** Gives the focus to what sets the run beside the same run with this flipped. Answers whether there is such a control. */
  protected goToFlip(flipped: string): boolean {
    const controls = this.renderRoot.querySelectorAll<Flips>('sf-defences, sf-changes');
    return [...controls].some((control) => control.focusOn(flipped));
  }

  /** A link may want its reader to be asked first: where there is no room for that, it is not. */
  protected obeyGuess(session: Session): void {
    session.asking.askNothing();
  }

  protected abstract renderSession(session: Session): TemplateResult;

  protected onFrame(session: Session): void {
    for (const picture of this.renderRoot.querySelectorAll<Picture>('.picture')) picture.paint?.();
    const bar = this.renderRoot.querySelector('sf-time-bar');
    if (bar) bar.time = session.aimMs;
  }

  /** Does what a key asks for, and answers whether the key has done all that it is to do. */
  protected obey(command: KeyCommand, session: Session): boolean {
    if (command === 'close' || command === 'help' || command === 'present') return false;
    answer(command, session);
    return true;
  }

  protected override render() {
    if (this.session) return this.renderSession(this.session);
    if (this.failure) return html`<sf-failure .failure=${this.failure} .home=${this.home}></sf-failure>`;
    if (this.unavailable !== undefined) return html`<p class="sentence">${this.unavailable}</p>`;
    return html`<slot></slot>`;
  }

  /** The element that had the focus is gone: the page takes the focus. */
  protected goOn(): void {
    this.renderRoot.querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  }

  /** The session, unless what is shown is still another lab's, whose controls this one may not have. */
  get #answering(): Session | undefined {
    return this.session?.about.lab.id === this.#begun?.lab.id ? this.session : undefined;
  }

  /** What the link asks for beside its run is loaded once that is shown. */
  #onChange(session: Session): void {
    this.requestUpdate();
    const { asked } = session.comparing;
    session.comparing.asked = undefined;
    if (asked !== undefined) void compare(session, asked);
    this.obeyGuess(session);
  }

  #listen(session: Session | undefined): void {
    this.#unlisten?.abort();
    if (!session) return;
    this.#unlisten = new AbortController();
    const { signal } = this.#unlisten;
    session.addEventListener('change', () => this.#onChange(session), { signal });
    this.#onChange(session);
    session.addEventListener('frame', () => this.onFrame(session), { signal });
  }
}
