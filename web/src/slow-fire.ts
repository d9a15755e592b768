/**
 * A figure in any page: `<slow-fire lab="double-charge" seed="11"></slow-fire>`. `docs/embed.md` lists its attributes, its
 * properties, its methods and its events.
 *
 * A page loads only this until the figure is seen. Then the figure wakes, which loads `element/figure.ts` and the
 * simulator. All figures of a page share both. It takes its width from the page and is 416 px high unless a style
 * says otherwise.
 */
import { sheetFor } from './components/base/sheets.ts';
import { Sight } from './components/base/sight.ts';
import { poster, trouble } from './element/asleep.ts';
import { asleep } from './element/words.ts';
import { languageFor } from './element/language.ts';
import type { FigureEvents, Tell } from './element/events.ts';
import type { Figure, Left } from './element/figure.ts';
import type { Session } from './session/session.ts';
import styles from './element/slow-fire.css?inline';
import posterStyles from './style/poster.css?inline';

const TEXTS = [
  'src',
  'lab',
  'seed',
  'rev',
  'on',
  'off',
  'view',
  'controls',
  't',
  'speed',
  'theme',
] as const;
const FLAGS = ['autoplay', 'readonly'] as const;
const CHOICES = ['loading', 'reveal'] as const;

/** In a sheet, which a policy without inline styles allows. */
const RULES = styles + posterStyles;

// The properties of its attributes are made below.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class SlowFire extends HTMLElement {
  static readonly observedAttributes = [...TEXTS, ...FLAGS, ...CHOICES, 'lang'];
  /**
   * An address in the folder of the full page, where posters are and where links lead: that of this script, unless it was
   * bundled into another one. Set it before the first figure.
   */
  static home = import.meta.url;

  #figure: Figure | undefined;
  #waking: Promise<Figure | undefined> | undefined;
  /** The run as it was when the element was taken out of its page. */
  #left: Left | undefined;
  #isChanged = false;
  /** Why it could not be woken; empty unless that has failed. */
  #unavailable = '';
  /** What surrounds the figure, out of reach of the page's styles. */
  readonly #place = document.createElement('div');
  readonly #root: HTMLElement;
  readonly #sight = new Sight(this, (isSeen) => {
    if (isSeen && this.reveal !== 'interaction') void this.#wake();
  });
  /** The scenario may be added after the element, or be replaced. */
  readonly #scenarios = new MutationObserver(() => this.#onChange());

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheetFor(this.ownerDocument, RULES)];
    this.#place.className = 'place';
    this.#place.dir = 'ltr';
    this.#place.lang = languageFor(null);
    this.#root = document.createElement('div');
    this.#root.className = 'root';
    this.#place.append(this.#root);
    const around = document.createElement('div');
    around.className = 'around';
    around.append(this.#place);
    shadow.append(around);
  }

  connectedCallback(): void {
    this.#scenarios.observe(this, { childList: true, subtree: true, characterData: true });
    this.#setTheme();
    if (!this.#waking) this.#showAsleepSoon();
    if (this.loading === 'eager' || this.#left !== undefined) void this.#wake();
    else this.#sight.observe();
  }

  disconnectedCallback(): void {
    this.#scenarios.disconnect();
    this.#sight.disconnect();
    this.#figure?.pause();
    // A figure that is moved is connected again at once.
    setTimeout(() => {
      if (!this.isConnected) this.#sleep();
    });
  }

  /** It was put into another document, say a frame's: what it looks like is made anew there. */
  adoptedCallback(): void {
    this.#sleep();
    if (this.shadowRoot) this.shadowRoot.adoptedStyleSheets = [sheetFor(this.ownerDocument, RULES)];
  }

  attributeChangedCallback(name: string): void {
    if (name === 'theme') this.#setTheme();
    if (name === 'lang') this.#place.lang = languageFor(this.getAttribute(name));
    // The run stays as the reader has it.
    if (!this.isConnected || name === 'lang') return;
    if (name === 'loading' && this.loading === 'eager') void this.#wake();
    this.#onChange();
  }

  /** The run, which has a `digest()`; undefined while the figure sleeps. */
  get session(): Session | undefined {
    return this.#figure?.session;
  }

  /** Where the run stands, in virtual milliseconds. */
  get timeMs(): number {
    return this.#figure?.timeMs ?? 0;
  }

  /** Where its time bar ends, in virtual milliseconds; 0 while the figure sleeps. */
  get endMs(): number {
    return this.#figure?.endMs ?? 0;
  }

  get playing(): boolean {
    return this.#figure?.session?.playing ?? false;
  }

  /** Wakes the figure, if it sleeps, and plays. */
  async play(): Promise<void> {
    (await this.#wake())?.play();
  }

  pause(): void {
    this.#figure?.pause();
  }

  /**
   * Wakes the figure and goes to a moment: virtual milliseconds, or as links write it, such as `6s`. Throws a `RangeError` if
   * it is no moment.
   */
  async seek(moment: number | string): Promise<void> {
    (await this.#wake())?.seek(moment);
  }

  /** Shows the run of the attributes again, without the reader's changes. */
  reset(): void {
    this.#left = undefined;
    this.#figure?.reset();
  }

  /** The address of the run as it stands, on the full page. */
  async link(): Promise<string> {
    return (await this.#wake())?.link ?? '';
  }

  #wake(): Promise<Figure | undefined> {
    this.#sight.disconnect();
    if (this.#waking) return this.#waking;
    this.#unavailable = '';
    const waking = this.#load(() => this.isConnected && this.#waking === waking);
    this.#waking = waking;
    return waking;
  }

  /** The figure is no longer `wanted` if the element was removed from its page meanwhile, even if it is back. */
  async #load(isWanted: () => boolean): Promise<Figure | undefined> {
    const guest = await import('./element/guest.ts').catch(() => {
      this.#unavailable = asleep.notLoaded;
      this.#tell('error', { message: asleep.notLoaded });
    });
    const figure = isWanted() ? await guest?.wakeIn(this.#root, { ...this.#guest, isWanted }) : undefined;
    if (!isWanted()) {
      figure?.end();
      if (!this.isConnected) this.#waking = undefined;
      return this.#waking;
    }
    this.#figure = figure;
    // The next call tries again.
    if (!figure) {
      this.#waking = undefined;
      this.#showAsleep();
    }
    // What they say may have changed meanwhile.
    figure?.show((name) => this.getAttribute(name), this.#scenario);
    return figure;
  }

  get #guest() {
    return {
      home: SlowFire.home,
      attributes: (name: string) => this.getAttribute(name),
      scenario: this.#scenario,
      left: this.#left,
      tell: this.#tell,
      onUnavailable: (sentence: string) => {
        this.#unavailable = sentence;
      },
    };
  }

  readonly #tell: Tell = (kind, detail) => {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  };

  /** A run holds memory that no browser finds by itself. */
  #sleep(): void {
    if (this.#figure) this.#left = this.#figure.left;
    this.#figure?.end();
    this.#figure = undefined;
    this.#waking = undefined;
  }

  /** Until the figure wakes, it shows what its author put into it, or else its lab's picture. */
  #showAsleep(): void {
    const hasOwn = [...this.children].some(({ localName }) => localName !== 'script');
    const shown = hasOwn
      ? document.createElement('slot')
      : poster(this.src, this.lab, SlowFire.home, () => void this.play());
    const wrong = this.#unavailable;
    this.#root.replaceChildren(shown, ...(wrong === '' ? [] : [trouble(wrong, () => void this.#wake())]));
  }

  /** A script that imports this one sets `home` after the import. */
  #showAsleepSoon(): void {
    queueMicrotask(() => {
      if (!this.#figure) this.#showAsleep();
    });
  }

  /** Several attributes that change together are one change. */
  #onChange(): void {
    this.#left = undefined;
    if (!this.#waking) this.#showAsleep();
    if (this.#isChanged) return;
    this.#isChanged = true;
    queueMicrotask(() => {
      this.#isChanged = false;
      this.#figure?.show((name) => this.getAttribute(name), this.#scenario);
    });
  }

  #setTheme(): void {
    this.#root.dataset.theme = this.theme ?? '';
  }

  get #scenario(): string | undefined {
    const script = this.querySelector('script[type="application/json"]');
    return script?.textContent;
  }
}

/** Each attribute as a property: null if the attribute is missing; `autoplay` and `readonly` are true or false. */
type Attributes = Record<(typeof TEXTS)[number] | (typeof CHOICES)[number], string | null> &
  Record<(typeof FLAGS)[number], boolean>;

for (const name of [...TEXTS, ...CHOICES]) {
  Object.defineProperty(SlowFire.prototype, name, {
    get(this: SlowFire) {
      return this.getAttribute(name);
    },
    set(this: SlowFire, value: string | number | null | undefined) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}
for (const name of FLAGS) {
  Object.defineProperty(SlowFire.prototype, name, {
    get(this: SlowFire) {
      return this.hasAttribute(name);
    },
    set(this: SlowFire, value: unknown) {
      this.toggleAttribute(name, Boolean(value));
    },
  });
}

type FigureEvent<K extends keyof FigureEvents> = CustomEvent<FigureEvents[K]>;

// The members that are made above, and what its listeners are given.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface SlowFire extends Attributes {
  addEventListener<K extends keyof FigureEvents>(
    kind: K,
    listener: (event: FigureEvent<K>) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    kind: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

// Another copy on the same page, of this version or another one, serves its figures alone: none of its parts is mixed with ours.
if (!customElements.get('slow-fire')) {
  customElements.define('slow-fire', SlowFire);
}

declare global {
  interface HTMLElementTagNameMap {
    'slow-fire': SlowFire;
  }
}
