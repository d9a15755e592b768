/** The embed: the figure with its switches, at any size from 320 by 240. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { View } from '../../core/index.ts';
import type { KeyCommand } from '../../session/keyboard.ts';
import { VIEWS, viewsOf } from '../../session/pictures/views.ts';
import type { Session } from '../../session/session.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { SessionElement } from './session-element.ts';
import { base, buttons, folds, unseen } from '../base/shared.ts';
import { Sight } from '../base/sight.ts';
import '../controls/sf-defences.ts';
import '../picture/sf-mirror.ts';
import { modifiedOf, saidInFull, saidOf } from '../../session/algorithm.ts';
import { asked } from './asked.ts';
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
    controls: { type: String },
    readonly: { type: Boolean },
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
        --button-pad: var(--space-2);
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
      .stages {
        grid-area: stage;
        align-self: stretch;
        display: grid;
        position: relative;
        grid-auto-rows: minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
      /* It takes no room among the stages. */
      sf-mirror {
        position: absolute;
      }
      .stopped {
        position: absolute;
        inset: auto 0 0;
        background: var(--surface);
        color: var(--danger);
        font-size: var(--text-s);
      }
      .stopped:not(:empty) {
        padding: var(--space-1) var(--space-2);
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
        box-sizing: border-box;
        max-width: 100%;
        display: flex;
        align-items: center;
        gap: var(--space-1);
        padding: var(--space-2);
        color: var(--muted);
        font-size: var(--text-s);
        line-height: 1;
        text-decoration: none;
      }
      .modified {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--ink);
        font-weight: 600;
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
        /* There the words would lie on nodes. */
        .figure:has(.modified, .note) .stages {
          margin-top: calc(var(--text-s) + 2 * var(--space-2));
        }
        .figure:has(.modified):has(.note) .stages {
          margin-top: calc(3.25 * var(--text-s) + 2 * var(--space-2));
        }
        .figure:has(.modified) .note {
          top: calc(var(--text-s) + 2 * var(--space-2));
          max-width: 100%;
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
      .figure.none {
        grid-template: 'stage' minmax(0, 1fr) / minmax(0, 1fr);
      }
    `,
  ];

  declare home: string;
  /** All that there is, what plays the run, or nothing but the picture. */
  declare controls: 'full' | 'play' | 'none';
  /** Whether the reader may watch the run, but change nothing. */
  declare readonly: boolean;

  /** One painter for each view, so that a stage keeps its own. */
  readonly #painters = new Map<View, Painter>();

  /** In somebody's article there may be many, most of them out of sight. */
  readonly #sight = new Sight(this, (isSeen) => {
    this.#isSeen = isSeen;
    this.session?.see(isSeen);
  });
  #isSeen = true;

  constructor() {
    super();
    this.home = window.location.href;
    this.controls = 'full';
    this.readonly = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe();
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
    const changed = modifiedOf(about, state);
    const walks = session.walking.walk !== undefined;
    const { twin } = session.comparing;
    return html`
      <div class="figure ${walks ? 'none' : this.controls}" role="group" aria-label=${about.lab.question} tabindex="-1">
        <div class="stages">
          ${asked(session, this) ?? viewsOf(session.view).map((view) => this.#stage(view, session))}
          <sf-mirror
            .state=${state}
            .other=${twin?.state}
            .halves=${twin?.halves}
            .perspective=${session.perspectiveName}
            .playing=${playing}
            .open=${false}
            guest
          ></sf-mirror>
          <p class="stopped" role="status">${state.stopped}</p>
        </div>
        ${this.controls === 'none' || walks ? nothing : player(session)} ${way(session)}
        ${
          this.controls === 'full' && !this.readonly && !walks
            ? html`<sf-defences compact .defences=${about.defences} .on=${state.defences}></sf-defences>`
            : nothing
        }
        <a href=${new URL(`./${session.link}`, this.home).href} target="_blank" rel="noopener" aria-label=${[...changed.map(saidInFull), words.embed.open].join(' ')}>
          ${changed.map((algorithm) => html`<span class="modified" title=${saidInFull(algorithm)}>${saidOf(algorithm)}</span>`)}
          <span class="name">${words.site.name}</span> ${icons.open}
        </a>
        ${revisionNote(session.notices.revision)}
        <div class="notices">${notices(session, [], this.home)}</div>
      </div>
    `;
  }

  protected override obey(command: KeyCommand, session: Session): boolean {
    if (this.readonly && (command === 'undo' || command === 'redo')) return false;
    return super.obey(command, session);
  }

  #stage(view: View, { about }: Session): TemplateResult {
    const painter = this.#painters.get(view) ?? this.#painterOf(view);
    return html`<sf-stage class="picture" .painter=${painter} caption=${VIEWS[view].caption(about.lab.title)}></sf-stage>`;
  }

  #painterOf(view: View): Painter {
    const painter: Painter = (context, width, height) =>
      this.session?.pictures.paint(view, context, width, height);
    this.#painters.set(view, painter);
    return painter;
  }
}

function player({ aimMs, endMs, marks, playing, state, perspectiveName }: Session): TemplateResult {
  return html`
    <sf-transport .playing=${playing}></sf-transport>
    <sf-time-bar .time=${aimMs} .end=${endMs} .marks=${marks}></sf-time-bar>
    <sf-worst explains .verdicts=${state.verdicts} .perspective=${perspectiveName}></sf-worst>
  `;
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
