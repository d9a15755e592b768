/** Text in a place of fixed height. What does not fit is a press away, laid over what is beside it, so that nothing moves. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import { define } from './define.ts';
import { base, buttons, shadow } from './shared.ts';
import { words } from '../../words.ts';

/**
 * Shows `--lines` lines of what is in its slot, `--pad` from the edges of its own `background`. Whole, it grows
 * downwards, or upwards where `--top` is `auto` and `--bottom` is 0.
 */
class SfExcerpt extends LitElement {
  static override properties = {
    about: { type: String },
    isLong: { state: true },
    isWhole: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: relative;
        height: calc(var(--lines) * 1lh + 2 * var(--pad));
      }
      .place {
        position: absolute;
        inset: 0;
        padding: var(--pad) calc(1.5 * var(--pad));
        border-radius: inherit;
        background: inherit;
      }
      .text {
        overflow: hidden;
        height: calc(var(--lines) * 1lh);
      }
      /* The last line ends where the button begins, and not in the middle of a letter. */
      .long:not(.whole) .text {
        mask:
          linear-gradient(#000 0 0) 0 0 / 100% calc(100% - 1lh) no-repeat,
          linear-gradient(to left, transparent 4.5em, #000 6.5em) 0 100% / 100% 1lh no-repeat;
      }
      button {
        position: absolute;
        inset: auto calc(1.5 * var(--pad)) var(--pad) auto;
        min-height: 0;
        height: 1lh;
        padding: 0 0 0 var(--space-3);
        border-radius: 0;
        background: inherit;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      button:hover {
        background: inherit;
      }
      .whole {
        z-index: 1;
        inset: var(--top, 0) 0 var(--bottom, auto);
        padding: max(var(--pad), var(--space-1)) max(1.5 * var(--pad), var(--space-1));
        outline: 1px solid var(--line);
        box-shadow: ${shadow};
      }
      .whole .text {
        height: auto;
      }
      .whole button {
        position: static;
        display: flex;
        margin-inline-start: auto;
      }
      [hidden] {
        display: none;
      }
    `,
  ];

  /** What the text is about: of something else, the beginning is shown again. */
  declare about: string;
  declare isLong: boolean;
  declare isWhole: boolean;

  readonly #sizes = new ResizeObserver(([entry]) => {
    const style = getComputedStyle(this);
    const lines = (entry?.contentRect.height ?? 0) / Number.parseFloat(style.lineHeight);
    this.isLong = lines > Number(style.getPropertyValue('--lines')) + 0.5;
  });

  constructor() {
    super();
    this.isLong = false;
    this.isWhole = false;
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.isWhole) return;
      event.stopPropagation();
      this.#toggle();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override firstUpdated(): void {
    this.#watch();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('about') || !this.isLong) this.isWhole = false;
  }

  protected override render() {
    return html`
      <div class="place ${this.isLong ? 'long' : ''} ${this.isWhole ? 'whole' : ''}">
        <div class="text"><p><slot></slot></p></div>
        <button ?hidden=${!this.isLong} aria-expanded=${this.isWhole} @click=${this.#toggle}>
          ${this.isWhole ? words.excerpt.less : words.excerpt.all}
        </button>
      </div>
    `;
  }

  /** Once there is a text; again when it is put somewhere else. */
  #watch(): void {
    const text = this.renderRoot.querySelector('p');
    if (text) this.#sizes.observe(text);
  }

  #toggle(): void {
    this.isWhole = !this.isWhole;
  }
}

define('sf-excerpt', SfExcerpt);

declare global {
  interface HTMLElementTagNameMap {
    'sf-excerpt': SfExcerpt;
  }
}
