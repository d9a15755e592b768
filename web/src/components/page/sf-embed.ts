/** The embed: the figure with its switches, at any size from 320 by 240. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { SessionElement } from './session-element.ts';
import { base, buttons, folds, unseen } from '../base/shared.ts';
import '../controls/sf-defences.ts';
import '../picture/sf-mirror.ts';
import { notices } from './notices.ts';
import { way } from './way.ts';
import type { Painter } from '../picture/sf-stage.ts';
import '../picture/sf-stage.ts';
import '../time/sf-time-bar.ts';
import '../time/sf-transport.ts';
import '../lesson/sf-worst.ts';
import { words } from '../../words.ts';

export class SfEmbed extends SessionElement {
  static override properties = {
    ...SessionElement.properties,
    home: { attribute: false },
  };

  static override styles = [
    base,
    buttons,
    folds,
    css`
      :host {
        position: relative;
        overflow: clip;
        height: 100%;
        container-type: size;
        overflow-wrap: break-word;
      }
      .sentence {
        padding: var(--space-4);
      }
      .figure {
        --play: 2.25rem;
        --steps: none;
        position: relative;
        display: grid;
        outline: none;
        grid-template:
          'stage stage stage' minmax(0, 1fr)
          'play time verdict' auto
          'defences defences defences' auto / auto minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-1) var(--space-2);
        height: 100%;
        padding: 0 var(--space-2) var(--space-2);
      }
      sf-stage {
        grid-area: stage;
        align-self: stretch;
      }
      sf-transport {
        grid-area: play;
      }
      sf-time-bar {
        grid-area: time;
      }
      sf-worst {
        grid-area: verdict;
      }
      sf-defences {
        grid-area: defences;
      }
      .notices {
        position: absolute;
        inset: 0 0 auto;
        z-index: 1;
        max-height: 100%;
        overflow: auto;
      }
      a {
        position: absolute;
        inset: 0 0 auto auto;
        display: flex;
        align-items: center;
        gap: var(--space-1);
        padding: var(--space-2);
        color: var(--muted);
        font-size: var(--text-s);
        line-height: 1;
        text-decoration: none;
      }
      .note {
        position: absolute;
        inset: 0 auto auto 0;
        max-width: calc(100% - 2.5rem);
        max-height: 100%;
        overflow: auto;
        padding: 0 var(--space-2);
        color: var(--muted);
        font-size: var(--text-s);
      }
      .note:has([open]) {
        z-index: 1;
        background: var(--surface);
      }
      .note p {
        padding-block: var(--space-1);
      }
      a:hover {
        color: var(--accent);
      }
      a svg {
        width: 1rem;
        height: 1rem;
      }
      @container (width < 30em) or (height < 20em) {
        .name {
          ${unseen}
        }
      }
      @container (width >= 30em) and (height >= 20em) {
        .figure {
          --play: 2.5rem;
          --steps: inline-flex;
          --why: block;
          grid-template:
            'stage stage' minmax(0, 1fr)
            'verdict verdict' minmax(2.25rem, auto)
            'play time' auto
            'defences defences' auto / auto minmax(0, 1fr);
          padding: 0 var(--space-3) var(--space-3);
        }
        .note {
          max-width: 70%;
        }
      }
    `,
  ];

  /** An address in the folder of the full page. */
  declare home: string;

  readonly #painter: Painter = (context, width, height) =>
    this.session?.pictures.paint('world', context, width, height);

  /** In somebody's article there may be many, most of them out of sight. */
  readonly #sight = new IntersectionObserver((entries) => {
    this.#isSeen = entries.at(-1)?.isIntersecting ?? true;
    this.session?.see(this.#isSeen);
  });
  #isSeen = true;

  constructor() {
    super();
    this.home = window.location.href;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('session')) this.session?.see(this.#isSeen);
  }

  protected override renderSession(session: Session): TemplateResult {
    const { about, state, playing } = session;
    return html`
      <div class="figure" role="group" aria-label=${about.lab.question} tabindex="-1">
        <sf-stage class="picture" .painter=${this.#painter} caption=${words.figure.embedded(about.lab.title)}>
          <sf-mirror .state=${state} .playing=${playing} .open=${false} guest></sf-mirror>
        </sf-stage>
        <sf-transport .playing=${playing}></sf-transport>
        <sf-time-bar
          .time=${session.aimMs}
          .end=${session.endMs}
          .marks=${session.marks}
        ></sf-time-bar>
        ${way(session)}
        <sf-worst .verdicts=${state.verdicts}></sf-worst>
        <sf-defences compact .defences=${about.defences} .on=${state.defences}></sf-defences>
        <a href=${new URL(`./${session.link}`, this.home).href} target="_blank" rel="noopener" aria-label=${words.embed.open}>
          <span class="name">${words.site.name}</span> ${icons.open}
        </a>
        ${revisionNote(session.notices.revision)}
        <div class="notices">${notices(session, [])}</div>
      </div>
    `;
  }
}

/** Folded, so that it does not cover the picture in somebody's article. */
function revisionNote(sentences: string[]): TemplateResult | typeof nothing {
  if (sentences.length === 0) return nothing;
  return html`<div class="note" role="status">
    <details>
      <summary>${words.embed.mayDiffer}</summary>
      ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    </details>
  </div>`;
}

define('sf-embed', SfEmbed);

declare global {
  interface HTMLElementTagNameMap {
    'sf-embed': SfEmbed;
  }
}
