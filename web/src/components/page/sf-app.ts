/** The whole site: the start page where the address names no run, the page of a file that was opened, of a path, and else the lab's page. */
import { LitElement, css, html, type PropertyValues, type TemplateResult } from 'lit';
import { Address } from '../../session/address.ts';
import { Replaced, unavailable, type Core, type Unread } from '../../core/index.ts';
import { open, openAnyway } from '../../session/opening.ts';
import { notLoaded, unreadOf, type Failure } from '../../session/run/failure.ts';
import type { Session } from '../../session/session.ts';
import type { Visit } from '../opened/sf-opened.ts';
import { Device } from '../../session/choices.ts';
import { FIND, OPENED, placeOf, type Place } from '../../session/place.ts';
import { leavePath, stopOf, type At } from '../../path/on-path.ts';
import { define, emit } from '../base/define.ts';
import { base, buttons } from '../base/shared.ts';
import './sf-page.ts';
import { words } from '../../words.ts';

export class SfApp extends LitElement {
  static override properties = {
    core: { attribute: false },
    unavailable: { type: String },
    session: { state: true },
    failure: { state: true },
    place: { state: true },
    unread: { state: true },
    visited: { state: true },
    path: { state: true },
    stop: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      .sentence {
        max-width: 36em;
        margin: 20vh auto 0;
        padding: var(--space-5);
        font-family: var(--serif);
        font-size: var(--text-l);
      }
    `,
  ];

  declare core: Core | undefined;
  /** Why there is no simulator, or no page of a file. */
  declare unavailable: string | undefined;
  declare session: Session | undefined;
  /** Why no run could be opened. */
  declare failure: Failure | undefined;
  declare place: Place;
  /** Why the address names no run: the start page is shown instead. */
  declare unread: Unread | undefined;
  /** The link of a file that was opened, or the file. Each visit is one of its own, even of the same link. */
  declare visited: Visit;
  /** The link of the lesson path that is shown. */
  declare path: string;
  /** The stop of a lesson path that the run belongs to. */
  declare stop: At | undefined;

  /** Whether what is unavailable is so because a newer version is there. */
  #isReplaced = false;
  /** A file that is to be opened. */
  #dropped: File | undefined;
  readonly #device = new Device();
  readonly #address = new Address((link) => this.#visit(link));

  constructor() {
    super();
    this.place = 'start';
    this.visited = { link: '', file: undefined };
    this.path = '';
    window.addEventListener('dragover', (event) => holdsFile(event) && event.preventDefault());
    window.addEventListener('drop', (event) => this.#drop(event));
    this.addEventListener('leave-path', () => {
      this.stop = undefined;
    });
    this.addEventListener('open-anyway', () => this.#openAnyway());
    this.addEventListener('open-file', ({ detail }: CustomEventInit<File>) => this.#take(detail));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('core') && this.core) this.#visit(this.#address.link);
  }

  protected override render() {
    if (this.unavailable !== undefined) return this.#explained(this.unavailable);
    if (!this.core) return html`<slot></slot>`;
    if (this.place === 'start')
      return html`<sf-start .core=${this.core} .seeks=${this.#address.link === FIND} .unread=${this.unread}></sf-start>`;
    if (this.place === 'opened')
      return html`<sf-opened .core=${this.core} .visit=${this.visited}></sf-opened>`;
    if (this.place === 'path') return html`<sf-path .core=${this.core} .link=${this.path}></sf-path>`;
    return html`<sf-page .session=${this.session} .failure=${this.failure} .stop=${this.stop}></sf-page>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('place') && changed.get('place') !== undefined) window.scrollTo(0, 0);
  }

  /** Without a simulator no link can be followed: whoever loads it can be asked to try again. */
  #explained(sentence: string): TemplateResult {
    const tryAgain = () =>
      this.core ? this.#visit(this.#address.link) : emit(this, 'try-again', undefined);
    const again = html`<button @click=${tryAgain}>${words.failure.again}</button>`;
    const newer = html`<button @click=${() => window.location.reload()}>${words.failure.newer}</button>`;
    return html`
      <div class="sentence" role="alert">
        <p>${sentence}</p>
        ${this.#isReplaced ? newer : again}
      </div>
    `;
  }

  #visit(link: string): void {
    if (!this.core) return;
    this.unavailable = undefined;
    this.#isReplaced = false;
    this.place = placeOf(link);
    if (this.place === 'lab' && !this.core.knows(link)) {
      this.unread = undefined;
      this.session?.waitFor(link);
      void this.#visitLater(this.core, link);
      return;
    }
    this.unread = this.place === 'lab' ? unreadOf(this.core, link) : undefined;
    if (this.unread) this.place = 'start';
    if (this.place !== 'lab') this.session?.park();
    this.#visitPath();
    if (this.place === 'opened') this.#openFile(link);
    else if (this.place === 'path')
      this.#show(import('../path/sf-path.ts'), () => this.path === link && this.place === 'path');
    else if (this.place === 'start')
      this.#show(import('../start/sf-start.ts'), () => this.place === 'start');
    else if (this.session) this.#open(link, this.session);
    else if (this.#opening) void open(this, this.#opening);
  }

  /** Visits a link that nothing can be told of before more of the simulator is there. */
  async #visitLater(core: Core, link: string): Promise<void> {
    const fault = await core.learn(link).then(
      () => undefined,
      (error: unknown) => notLoaded(link, error),
    );
    if (this.#address.link !== link) return;
    if (!fault) this.#visit(link);
    else if (this.session) this.session.tellNotLoaded(fault);
    else this.failure = fault;
  }

  /** Few readers open files: what that takes is loaded when they do. */
  #openFile(link: string): void {
    const visit = { link, file: this.#dropped };
    this.visited = visit;
    this.#dropped = undefined;
    this.#show(import('../opened/sf-opened.ts'), () => this.place === 'opened' && this.visited === visit);
  }

  /** Tells where what the page is to show could not be loaded; the reader may have left meanwhile. */
  #show(loading: Promise<unknown>, isWanted: () => boolean): void {
    loading.catch(async (cause: unknown) => {
      const fault = await unavailable(cause, words.unavailable.notLoaded);
      if (!isWanted()) return;
      this.#isReplaced = fault instanceof Replaced;
      this.unavailable = fault.message;
    });
  }

  /** A path ends at the start page; at a lab it is told where the reader is on it. */
  #visitPath(): void {
    if (this.place === 'start') leavePath();
    if (this.place === 'path') this.path = this.#address.link;
    this.stop = this.place === 'lab' ? stopOf(this.#address.link) : undefined;
    if (this.stop) void import('../path/sf-path-bar.ts').catch(() => undefined);
  }

  #drop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0];
    if (file && this.core) event.preventDefault();
    this.#take(file);
  }

  /** The address of what was shown before does not stay: it would name another file. */
  #take(file: File | undefined): void {
    if (!file || !this.core) return;
    this.#dropped = file;
    if (this.#address.link === OPENED) this.#visit(OPENED);
    else window.location.hash = OPENED;
  }

  get #opening() {
    const { core } = this;
    return core && { core, address: this.#address, device: this.#device, autoplay: true };
  }

  #openAnyway(): void {
    const { link } = this.#address;
    if (this.core?.knows(link) === false) this.#visit(link);
    else if (this.session) void this.session.openAgain();
    else if (this.#opening) void openAnyway(this, this.#opening);
  }

  /** Another run is looked at from its beginning: its picture and what its checks say come first. */
  #open(link: string, session: Session): void {
    void session.open(link);
    this.renderRoot.querySelector('sf-page')?.toTop();
  }
}

function holdsFile({ dataTransfer }: DragEvent): boolean {
  return Array.from(dataTransfer?.items ?? []).some(({ kind }) => kind === 'file');
}

define('sf-app', SfApp);

declare global {
  interface HTMLElementTagNameMap {
    'sf-app': SfApp;
  }
}
