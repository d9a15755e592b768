/**
 * A figure in any page: `<slow-fire lab="double-charge" seed="11"></slow-fire>`.
 *
 * - `lab`: which lab; without it, the first.
 * - `seed`: which of its runs.
 * - `rev`: the revision of the lab's protocol that the seed was chosen for, if a link of it says one.
 * - `src`: instead of all three, the link of a run as "Copy link" gives it, whole or from the `#` on.
 * - `autoplay`: plays by itself, unless the reader's system asks for less motion.
 * - `theme`: `light` or `dark`; without it, what the reader's system says.
 *
 * It takes its width from the page and is 26rem high unless a style says otherwise.
 */
import { LitElement, css, html, nothing, unsafeCSS, type PropertyValues } from 'lit';
import { HeldLink } from './session/address.ts';
import { define, inOwnUnit, UNIT } from './components/base/define.ts';
import { base } from './components/base/shared.ts';
import './components/page/sf-embed.ts';
import type { SfEmbed } from './components/page/sf-embed.ts';
import type { Core } from './core/index.ts';
import { open } from './session/opening.ts';
import type { Failure } from './session/run/failure.ts';
import type { Session } from './session/session.ts';
import { Device } from './session/choices.ts';
import { start } from './session/start.ts';
import { LANGUAGE } from './words.ts';
import tokens from './style/tokens.css?inline';

/** The page's own properties, for the inside of one element. */
const ownTokens = inOwnUnit(tokens.replaceAll(':root', '.root'));

/** As a length it is handed down as it is where the figure begins, and not measured anew by everything inside. */
function registerUnit(): void {
  try {
    CSS.registerProperty({ name: UNIT, syntax: '<length>', inherits: true, initialValue: '16px' });
  } catch {
    // Another copy of Slowfire on the same page did.
  }
}

class SlowFire extends LitElement {
  static override properties = {
    lab: { type: String },
    seed: { type: String },
    rev: { type: String },
    src: { type: String },
    autoplay: { type: Boolean },
    theme: { type: String },
    unavailable: { state: true },
    session: { state: true },
    failure: { state: true },
  };

  static override styles = [
    base,
    css`
      :host {
        height: max(26rem, 416px);
        min-height: 240px;
      }
      /* Nothing of the page's text is taken over. Its rules for all elements do not reach in here, as they do the host. */
      .place {
        all: initial;
        box-sizing: border-box;
        display: block;
        width: 100%;
        height: 100%;
        container-type: size;
        visibility: inherit;
        pointer-events: inherit;
        direction: ltr;
        unicode-bidi: isolate;
        /* What our components may be told by those around them. */
        --bottom: initial;
        --dash: initial;
        --length: initial;
        --play: initial;
        --restart: initial;
        --steps: initial;
        --story-size: initial;
        --top: initial;
        --why: initial;
        text-size-adjust: none;
        -webkit-text-size-adjust: none;
      }
    `,
    unsafeCSS(ownTokens),
    css`
      /* Letters grow with the figure, as the page's do with the screen. */
      .root {
        ${unsafeCSS(UNIT)}: 1em;
        height: 100%;
        font: clamp(1em, 0.68em + 0.4cqi, 1.8em) / 1.45 var(--font);
        background: var(--ground);
        color: var(--ink);
      }
    `,
  ];

  declare lab: string | null;
  declare seed: string | null;
  declare rev: string | null;
  declare src: string | null;
  declare autoplay: boolean;
  declare theme: string | null;
  declare unavailable: string | undefined;
  declare session: Session | undefined;
  declare failure: Failure | undefined;

  #isLoading = false;
  #core: Core | undefined;
  /** What is shown again when the element is put back: the link of the moment when it was taken out, and what was said of its first one. */
  #left: { link: string; revision: string[] } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#core && !this.session) this.#reopen(this.#core);
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

  #reopen(core: Core): void {
    const left = this.#left;
    this.#open(core, left?.link ?? this.#link);
    if (left && this.session) this.session.notices.revision = left.revision;
  }

  /** A run holds memory that no browser finds by itself. */
  #end(): void {
    if (!this.session) return;
    const { link, notices } = this.session;
    this.#left = { link, revision: notices.revision };
    this.session.end();
    this.session = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = (['lab', 'seed', 'rev', 'src'] as const).some((name) => changed.has(name));
    if (!isOther || changed.has('session')) return;
    this.#left = undefined;
    this.session?.open(this.#link);
  }

  protected override render() {
    return html`<div class="place" dir="ltr" lang=${LANGUAGE}>
      <div class="root" data-theme=${this.theme ?? nothing}>
        <sf-embed
          .ownKeys=${true}
          .home=${import.meta.url}
          .session=${this.session}
          .failure=${this.failure}
          .unavailable=${this.unavailable}
        ></sf-embed>
      </div>
    </div>`;
  }

  /** The embed inside, for a page that wants to drive it. */
  get embed(): SfEmbed | null {
    return this.renderRoot.querySelector('sf-embed');
  }

  get #link(): string {
    if (this.src) return this.src.slice(Math.max(0, this.src.indexOf('#')));
    if (!this.lab) return '';
    if (!this.seed) return `#/${this.lab}`;
    return `#/${this.lab}?${this.rev ? `rev=${this.rev}&` : ''}seed=${this.seed}`;
  }
}

registerUnit();
define('slow-fire', SlowFire);

declare global {
  interface HTMLElementTagNameMap {
    'slow-fire': SlowFire;
  }
}
