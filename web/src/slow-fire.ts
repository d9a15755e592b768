/**
 * A figure in any page: `<slow-fire lab="double-charge" seed="11"></slow-fire>`.
 *
 * - `lab`: which lab; without it, the first.
 * - `seed`: which of its runs.
 * - `rev`: the revision of the lab's protocol that the seed was chosen for, if a link of it says one.
 * - `run`: instead of both, the link of a run as "Copy link" gives it, whole or from the `#` on.
 * - `autoplay`: plays by itself, unless the reader's system asks for less motion.
 * - `theme`: `light` or `dark`; without it, what the reader's system says.
 *
 * It takes its width from the page and is 26rem high unless a style says otherwise.
 */
import { LitElement, css, html, unsafeCSS, type PropertyValues } from 'lit';
import { HeldLink } from './session/address.ts';
import { define } from './components/base/define.ts';
import { base } from './components/base/shared.ts';
import './components/page/sf-embed.ts';
import type { SfEmbed } from './components/page/sf-embed.ts';
import type { Core } from './core/index.ts';
import { open } from './session/opening.ts';
import type { Failure } from './session/run/failure.ts';
import type { Session } from './session/session.ts';
import { Device } from './session/choices.ts';
import { start } from './session/start.ts';
import tokens from './style/tokens.css?inline';

/** The page's own properties, for the inside of one element. */
const ownTokens = tokens
  .replaceAll(/:root\[data-theme='?(\w+)'?\]/g, ":host([theme='$1'])")
  .replaceAll(':root', ':host');

class SlowFire extends LitElement {
  static override properties = {
    lab: { type: String },
    seed: { type: String },
    rev: { type: String },
    run: { type: String },
    autoplay: { type: Boolean },
    unavailable: { state: true },
    session: { state: true },
    failure: { state: true },
  };

  static override styles = [
    base,
    unsafeCSS(ownTokens),
    css`
      :host {
        height: 26rem;
        min-height: 15rem;
        background: var(--ground);
        color: var(--ink);
        font-family: var(--font);
        line-height: 1.45;
      }
    `,
  ];

  declare lab: string | null;
  declare seed: string | null;
  declare rev: string | null;
  declare run: string | null;
  declare autoplay: boolean;
  declare unavailable: string | undefined;
  declare session: Session | undefined;
  declare failure: Failure | undefined;

  #isLoading = false;
  #core: Core | undefined;
  /** The link of the moment when the element was taken out of its page. */
  #left: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#core && !this.session) this.#open(this.#core, this.#left ?? this.#link);
    if (this.#isLoading) return;
    this.#isLoading = true;
    void start(this, (core) => {
      this.#core = core;
      if (this.isConnected) this.#open(core, this.#link);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session?.player.pause();
    // One that is moved is put back at once.
    setTimeout(() => {
      if (!this.isConnected) this.#end();
    });
  }

  #open(core: Core, link: string): void {
    const { autoplay } = this;
    open(this, { core, address: new HeldLink(link), device: new Device(), autoplay });
  }

  /** A run holds memory that no browser finds by itself. */
  #end(): void {
    this.#left = this.session?.link;
    this.session?.end();
    this.session = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = (['lab', 'seed', 'rev', 'run'] as const).some((name) => changed.has(name));
    if (!isOther || changed.has('session')) return;
    this.#left = undefined;
    this.session?.open(this.#link);
  }

  protected override render() {
    return html`<sf-embed
      .ownKeys=${true}
      .home=${import.meta.url}
      .session=${this.session}
      .failure=${this.failure}
      .unavailable=${this.unavailable}
    ></sf-embed>`;
  }

  /** The embed inside, for a page that wants to drive it. */
  get embed(): SfEmbed | null {
    return this.renderRoot.querySelector('sf-embed');
  }

  get #link(): string {
    if (this.run) return this.run.slice(Math.max(0, this.run.indexOf('#')));
    if (!this.lab) return '';
    if (!this.seed) return `#/${this.lab}`;
    return `#/${this.lab}?${this.rev ? `rev=${this.rev}&` : ''}seed=${this.seed}`;
  }
}

define('slow-fire', SlowFire);

declare global {
  interface HTMLElementTagNameMap {
    'slow-fire': SlowFire;
  }
}
