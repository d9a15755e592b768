/** The whole site: the start page where the address names no run, and else the lab's page. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import { Address } from '../../session/address.ts';
import type { Core } from '../../core/index.ts';
import { open, openAnyway } from '../../session/opening.ts';
import type { Failure } from '../../session/run/failure.ts';
import type { Session } from '../../session/session.ts';
import { Device } from '../../session/choices.ts';
import { define } from '../base/define.ts';
import { base } from '../base/shared.ts';
import './sf-page.ts';
import '../start/sf-start.ts';

export class SfApp extends LitElement {
  static override properties = {
    core: { attribute: false },
    unavailable: { type: String },
    session: { state: true },
    failure: { state: true },
    place: { state: true },
  };

  static override styles = [
    base,
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
  /** Why there is no simulator. */
  declare unavailable: string | undefined;
  declare session: Session | undefined;
  /** Why no run could be opened. */
  declare failure: Failure | undefined;
  declare place: 'start' | 'lab';

  readonly #device = new Device();
  readonly #address = new Address((link) => this.#visit(link));

  constructor() {
    super();
    this.place = 'start';
    this.addEventListener('open-anyway', () => this.#openAnyway());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('core') && this.core) this.#visit(this.#address.link);
  }

  protected override render() {
    if (this.unavailable !== undefined) return html`<p class="sentence">${this.unavailable}</p>`;
    if (!this.core) return html`<slot></slot>`;
    if (this.place === 'start') return html`<sf-start .core=${this.core}></sf-start>`;
    return html`<sf-page .session=${this.session} .failure=${this.failure}></sf-page>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('place') && changed.get('place') !== undefined) window.scrollTo(0, 0);
  }

  #visit(link: string): void {
    if (!this.core) return;
    this.place = namesNoRun(link) ? 'start' : 'lab';
    if (this.place === 'start') this.session?.park();
    else if (this.session) this.#open(link, this.session);
    else if (this.#opening) void open(this, this.#opening);
  }

  get #opening() {
    const { core } = this;
    return core && { core, address: this.#address, device: this.#device, autoplay: true };
  }

  #openAnyway(): void {
    if (this.session) void this.session.openAgain();
    else if (this.#opening) void openAnyway(this, this.#opening);
  }

  /** Another run is looked at from its beginning: its picture and what its checks say come first. */
  #open(link: string, session: Session): void {
    void session.open(link);
    this.renderRoot.querySelector('sf-page')?.toTop();
  }
}

function namesNoRun(link: string): boolean {
  return link === '' || link === '#' || link === '#/';
}

define('sf-app', SfApp);

declare global {
  interface HTMLElementTagNameMap {
    'sf-app': SfApp;
  }
}
