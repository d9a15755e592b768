/** What is printed of a lab: its question, the picture at this moment, the verdicts, the story, and the link. One page of paper. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { ShownVerdict, StoryStep } from '../../core/index.ts';
import { titledOf } from '../../session/algorithm.ts';
import { viewsOf } from '../../session/pictures/views.ts';
import type { Session } from '../../session/session.ts';
import { readPalette } from '../../style/palette.ts';
import { define, emit } from '../base/define.ts';
import { moment, unbroken } from '../../format.ts';
import * as icons from '../base/icons.ts';
import { base } from '../base/shared.ts';
import { blocks } from '../lesson/markdown.ts';
import { qrCode } from '../share/qr.ts';
import { words } from '../../words.ts';

/** A picture is painted as for a screen of this size, with so many of the printer's dots for each pixel. */
const [WIDTH, HEIGHT, DOTS] = [960, 480, 3];

/** Unseen but on paper. */
class SfSheet extends LitElement {
  static override properties = {
    session: { attribute: false },
    veiled: { type: Boolean, reflect: true },
  };

  static override styles = [
    base,
    css`
      :host {
        display: none;
      }
      @media print {
        :host(:not([veiled])) {
          display: grid;
          grid-template-rows: auto minmax(36mm, 54vw) 1fr;
          gap: 3mm;
          /* A story that needs more goes on to another page. */
          height: calc(100vh - 1mm);
          color: #000;
          font-size: 8.75pt;
          line-height: 1.3;
          -webkit-print-color-adjust: exact;
          print-color-adjust: exact;
        }
      }
      h1 {
        font-family: var(--serif);
        font-size: 19pt;
        font-weight: 400;
        line-height: 1.15;
      }
      h2 {
        margin-block: 0 1mm;
        font-size: 8.75pt;
        font-weight: 600;
      }
      .pictures {
        display: grid;
        grid-auto-rows: minmax(0, 1fr);
        gap: 2mm;
      }
      .pictures div {
        position: relative;
      }
      canvas {
        position: absolute;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      .told {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr);
        gap: 6mm;
        align-items: start;
      }
      li + li,
      .text > * + *,
      .verdicts + .link {
        margin-top: 1.5mm;
      }
      li {
        display: grid;
        grid-template-columns: 4mm minmax(0, 1fr);
        gap: 1.5mm;
      }
      .steps li {
        grid-template-columns: 12mm minmax(0, 1fr);
      }
      svg {
        width: 4mm;
        height: 4mm;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.75;
      }
      .link {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 3mm;
        margin-top: 3mm;
        overflow-wrap: anywhere;
        font-size: 8.5pt;
      }
      .link svg {
        display: block;
        width: 26mm;
        height: 26mm;
        margin: 0 -2mm;
        fill: #000;
        stroke: none;
      }
    `,
  ];

  declare session: Session | undefined;
  /** Whether nothing of the run may be told: then the page is printed as it is shown. */
  declare veiled: boolean;

  #printing: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#printing = new AbortController();
    const { signal } = this.#printing;
    window.addEventListener('beforeprint', () => this.#fill(), { signal });
    window.addEventListener('afterprint', () => this.#putBack(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#printing?.abort();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session || this.veiled) return nothing;
    const { about, state, telling, perspectiveName: node } = session;
    const time = words.time.at(moment(state.time_ms));
    return html`
      <div><h1>${about.lab.question}</h1><p>${words.sheet.of(words.site.run(...titledOf(about, state)), time)}</p></div>
      <div class="pictures">
        ${viewsOf(session.view).map((view) => html`<div><canvas data-view=${view} width=${WIDTH * DOTS} height=${HEIGHT * DOTS}></canvas></div>`)}
      </div>
      <div class="told">
        <div>
          <h2>${words.verdicts.label}</h2>
          ${node === undefined ? html`<ul class="verdicts">${state.verdicts.map(verdict)}</ul>` : html`<p>${words.verdicts.unknown(node)}</p>`}
          ${link(session.address)}
        </div>
        <div>
          <h2>${words.story.label}</h2>
          ${node === undefined ? html`<ol class="steps">${telling.story.map(step)}</ol>` : html`<p>${words.story.unknown(node)}</p>`}
        </div>
      </div>
    `;
  }

  /** A browser that is about to print waits for nothing: all is there when this returns. */
  #fill(): void {
    this.requestUpdate();
    this.performUpdate();
    const { session } = this;
    if (!session) return;
    session.pictures.setPalette(lightPalette());
    if (this.veiled) {
      emit(this, 'paint', undefined);
      return;
    }
    for (const view of viewsOf(session.view)) {
      const context = this.renderRoot
        .querySelector<HTMLCanvasElement>(`[data-view=${view}]`)
        ?.getContext('2d');
      context?.setTransform(DOTS, 0, 0, DOTS, 0, 0);
      if (context) session.pictures.paint(view, context, WIDTH, HEIGHT);
    }
    this.#putBack();
  }

  /** The pictures have the page's colours again. */
  #putBack(): void {
    this.session?.setPalette(readPalette(document.body));
    this.session?.redraw();
  }
}

/** Paper is light, whatever the page is. */
function lightPalette(): ReturnType<typeof readPalette> {
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = 'light';
  const palette = readPalette(document.body);
  if (theme === undefined) delete dataset.theme;
  else dataset.theme = theme;
  return palette;
}

function verdict({ state, label, sentence, at_ms }: ShownVerdict): TemplateResult {
  const when = state === 'violated' && at_ms !== null ? words.time.at(moment(at_ms)) : '';
  return html`<li>${icons[state]}<span><b>${words.verdicts.states[state]} ${when}</b> ${unbroken(words.verdicts.titled(label, sentence))}</span></li>`;
}

function step({ markdown, at_ms, is_never }: StoryStep): TemplateResult | typeof nothing {
  if (is_never) return nothing;
  return html`<li><span>${at_ms === null ? '' : moment(at_ms)}</span><div class="text">${blocks(markdown)}</div></li>`;
}

function link(address: string): TemplateResult {
  const code = qrCode(address);
  return html`<div class="link">
    ${code ? html`<svg viewBox="0 0 ${code.side} ${code.side}" role="img" aria-label=${words.share.qr}><path d=${code.path}></path></svg>` : nothing}
    <span>${address}</span>
  </div>`;
}

define('sf-sheet', SfSheet);

declare global {
  interface HTMLElementTagNameMap {
    'sf-sheet': SfSheet;
  }
}
