/** The sheet from which a run is taken elsewhere: as a link, as a QR code, into a page, or as a file. */
import { LitElement, css, html, nothing, svg, type TemplateResult } from 'lit';
import { define } from '../base/define.ts';
import { moment } from '../../format.ts';
import { base, buttons, sheets } from '../base/shared.ts';
import { Sheet } from '../base/sheet.ts';
import '../base/sf-copy.ts';
import './sf-add-to-path.ts';
import './sf-as-file.ts';
import type { SharedRun } from './shared-run.ts';
import { qrCode, qrFile } from './qr.ts';
import { heightIn } from '../../core/frame-height.ts';
import {
  FORMS,
  frameAddress,
  pageAddress,
  snippet,
  type Form,
  type Layout,
  type Size,
} from './snippets.ts';
import { words } from '../../words.ts';

const SMALLEST: Size = { width: 320, height: 240 };
const LARGEST: Size = { width: 1600, height: 1200 };

/** The folder in which this version stays, if the site has one. */
const VERSION = document.querySelector<HTMLMetaElement>('meta[name="slowfire-version"]')?.content;

export class SfShare extends LitElement {
  static override properties = {
    shared: { attribute: false },
    fromStart: { state: true },
    isPinned: { state: true },
    form: { state: true },
    layout: { state: true },
    neededHeight: { state: true },
  };

  static override styles = [
    base,
    buttons,
    sheets,
    css`
      dialog {
        width: min(44rem, calc(100vw - 2rem));
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
        font-size: var(--text-m);
      }
      legend {
        float: inline-start;
        padding: 0;
        color: var(--muted);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2rem;
      }
      input:is([type='radio'], [type='checkbox']) {
        flex: none;
        margin: 0;
        accent-color: var(--accent);
      }
      .copied {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-block: var(--space-1) var(--space-3);
      }
      textarea,
      input:not([type='radio'], [type='checkbox']) {
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--ground);
        color: var(--ink);
      }
      input:not([type='radio'], [type='checkbox']) {
        min-height: 2.25rem;
        padding-inline: var(--space-2);
        font: inherit;
        font-size: var(--text-m);
      }
      .copied input {
        flex: 1;
        min-width: 0;
      }
      input[type='number'] {
        width: 4.5rem;
      }
      textarea {
        display: block;
        width: 100%;
        padding: var(--space-2);
        font-family: ui-monospace, monospace;
        font-size: var(--text-s);
        line-height: 1.45;
        overflow-wrap: anywhere;
        resize: vertical;
      }
      .ways {
        display: grid;
        grid-template: auto 1fr / minmax(0, 1fr) auto;
        column-gap: var(--space-4);
        align-items: start;
      }
      .qr {
        grid-row: span 2;
        width: 8.5rem;
        text-align: center;
      }
      .qr svg {
        width: 100%;
        height: auto;
        border-radius: 4px;
        background: #fff;
        fill: #000;
        stroke: none;
      }
      .qr a,
      .qr p {
        margin: 0;
        font-size: var(--text-s);
      }
      h3 {
        margin-top: 0;
      }
      iframe {
        display: block;
        max-width: 100%;
        border: 1px solid var(--line);
      }
      img {
        display: block;
        width: min(100%, 24rem);
      }
      @media (max-width: 39.99em) {
        .ways {
          grid-template: none / minmax(0, 1fr);
          row-gap: var(--space-4);
        }
        .qr {
          grid-row: auto;
        }
      }
    `,
  ];

  /** What is shared; without it the sheet is closed. */
  declare shared: SharedRun | undefined;
  declare fromStart: boolean;
  /** Whether the run is opened by this version of Slowfire for ever. */
  declare isPinned: boolean;
  declare form: Form | undefined;
  declare layout: Layout;
  /** How high the figure in the preview would be, in CSS pixels, if it has said so. */
  declare neededHeight: number | undefined;

  readonly #sheet = new Sheet(this);
  readonly #onMessage = ({ source, data }: MessageEvent): void => {
    const height = heightIn(data);
    const frame = this.renderRoot.querySelector('iframe');
    if (height !== undefined && source === frame?.contentWindow) this.neededHeight = height;
  };

  constructor() {
    super();
    this.fromStart = false;
    this.isPinned = false;
    this.layout = { width: 640, height: 420, isChosen: false, follows: false };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.#onMessage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#onMessage);
  }

  get open(): boolean {
    return this.shared !== undefined;
  }

  show(shared: SharedRun): void {
    this.fromStart = false;
    this.form = undefined;
    this.shared = shared;
    void this.updateComplete.then(() => this.#sheet.open());
  }

  protected override render() {
    const { shared } = this;
    if (!shared) return nothing;
    const link = this.fromStart ? shared.start : shared.here;
    const folder = this.isPinned ? `./${VERSION ?? ''}/` : './';
    const home = new URL(folder, window.location.href).href;
    const run = { link, home, title: shared.title, lab: shared.lab };
    const address = pageAddress(run);
    return html`
      <dialog aria-labelledby="title" @close=${this.#closed}>
        <div class="title">
          <h2 id="title">${words.share.title}</h2>
          ${this.#close()}
        </div>
        ${this.#moment(shared)} ${VERSION === undefined ? nothing : this.#versions(VERSION)}
        <div class="ways">
          <div>
            <h3 id="link">${words.share.link}</h3>
            <div class="copied">
              <input readonly aria-labelledby="link" .value=${address} @focus=${selectAll} />
              ${this.#copy(address)}
            </div>
          </div>
          ${qr(address)}
          <div>${this.#forms()}</div>
        </div>
        ${this.form ? this.#snippet(this.form, run) : nothing}
        <sf-add-to-path .link=${link}></sf-add-to-path>
        <sf-as-file .shared=${shared} .link=${link} .home=${home}></sf-as-file>
      </dialog>
    `;
  }

  #close(): TemplateResult {
    return html`<button @click=${() => this.#sheet.close()}>${words.share.close}</button>`;
  }

  #moment({ timeMs }: SharedRun): TemplateResult {
    return html`<fieldset>
      <legend>${words.share.opens}</legend>
      ${this.#choice('fromStart', false, words.share.here(moment(timeMs)))}
      ${this.#choice('fromStart', true, words.share.start)}
    </fieldset>`;
  }

  #versions(version: string): TemplateResult {
    return html`<fieldset>
      <legend>${words.share.version}</legend>
      ${this.#choice('isPinned', false, words.share.newest)}
      ${this.#choice('isPinned', true, words.share.pinned(version))}
    </fieldset>`;
  }

  #choice(of: 'fromStart' | 'isPinned', value: boolean, label: string): TemplateResult {
    return html`<label>
      <input
        type="radio"
        name=${of}
        .checked=${this[of] === value}
        @change=${() => {
          this[of] = value;
        }}
      />${label}
    </label>`;
  }

  #forms(): TemplateResult {
    return html`<h3 id="page">${words.share.page}</h3>
      <fieldset aria-labelledby="page">
        ${FORMS.map(
          (form) =>
            html`<label>
              <input
                type="radio"
                name="form"
                .checked=${this.form === form}
                @change=${() => {
                  this.form = form;
                }}
              />${words.share.forms[form]}
            </label>`,
        )}
      </fieldset>`;
  }

  #snippet(form: Form, run: Parameters<typeof snippet>[1]): TemplateResult {
    const text = snippet(form, run, this.layout);
    return html`
      ${form === 'markdown' ? nothing : this.#layout(form)}
      <div class="copied">
        <textarea
          readonly
          rows=${text.split('\n').length + 1}
          aria-label=${words.share.forms[form]}
          .value=${text}
          @focus=${selectAll}
        ></textarea>
        ${this.#copy(text)}
      </div>
      <h3>${words.share.preview}</h3>
      ${this.#preview(form, run)}
    `;
  }

  #preview(form: Form, run: Parameters<typeof snippet>[1]): TemplateResult {
    if (form !== 'markdown') {
      const { width, height: chosen, follows } = this.layout;
      const height = form === 'frame' && follows ? (this.neededHeight ?? chosen) : chosen;
      return html`<iframe
        src=${frameAddress(run)}
        title=${words.share.preview}
        width=${width}
        height=${height}
        loading="lazy"
      ></iframe>`;
    }
    const shown =
      run.lab === '' ? run.title : html`<img src=${`posters/${run.lab}.svg`} alt=${run.title} />`;
    return html`<a href=${pageAddress(run)} target="_blank" rel="noopener">${shown}</a>`;
  }

  #layout(form: Form): TemplateResult {
    return html`<fieldset>
      ${this.#side('width')}${this.#side('height')} ${form === 'frame' ? this.#following() : nothing}
    </fieldset>`;
  }

  #following(): TemplateResult {
    return html`<label>
      <input
        type="checkbox"
        .checked=${this.layout.follows}
        @change=${({ target }: Event & { target: HTMLInputElement }) => {
          this.layout = { ...this.layout, follows: target.checked };
        }}
      />${words.share.follows}
    </label>`;
  }

  #side(side: keyof Size): TemplateResult {
    const [lowest, highest] = [SMALLEST[side], LARGEST[side]];
    return html`<label>
      ${words.share[side]}
      <input
        type="number"
        min=${lowest}
        max=${highest}
        .value=${String(this.layout[side])}
        @change=${({ target }: Event & { target: HTMLInputElement }) => {
          const asked = Math.round(Number(target.value));
          const length = Math.min(Math.max(asked, lowest), highest);
          this.layout = { ...this.layout, [side]: length, isChosen: true };
          target.value = String(this.layout[side]);
        }}
      />
    </label>`;
  }

  #copy(text: string): TemplateResult {
    return html`<sf-copy
      .text=${() => text}
      label=${words.share.copy}
      otherwise=${words.share.notCopied}
      @refused=${({ target }: Event & { target: HTMLElement }) =>
        target.parentElement?.querySelector<HTMLElement>('input, textarea')?.focus()}
    ></sf-copy>`;
  }

  #closed(): void {
    this.#sheet.closed();
    this.shared = undefined;
  }
}

function selectAll({ target }: Event & { target: HTMLInputElement | HTMLTextAreaElement }): void {
  target.select();
}

function qr(address: string): TemplateResult {
  const code = qrCode(address);
  if (!code) return html`<div class="qr"><p>${words.share.noQr}</p></div>`;
  return html`<div class="qr">
    <svg viewBox="0 0 ${code.side} ${code.side}" role="img" aria-label=${words.share.qr}>${svg`<path d=${code.path} />`}</svg>
    <a href=${qrFile(code)} download="slowfire-qr.svg">${words.share.saveQr}</a>
  </div>`;
}

define('sf-share', SfShare);

declare global {
  interface HTMLElementTagNameMap {
    'sf-share': SfShare;
  }
}
