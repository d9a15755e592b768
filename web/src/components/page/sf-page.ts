/** A lab's page: its question, its figure, and everything that acts on it. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { seconds } from '../base/format.ts';
import type { Command } from '../../session/keyboard.ts';
import type { Session } from '../../session/session.ts';
import type { View } from '../../core/index.ts';
import { VIEWS, viewsOf } from '../../session/views.ts';
import { define } from '../base/define.ts';
import { SessionElement } from '../base/session-element.ts';
import { base, buttons } from '../base/shared.ts';
import type { SfHelp } from './sf-help.ts';
import '../picture/sf-caption.ts';
import '../picture/sf-card.ts';
import '../controls/sf-controls.ts';
import './sf-copy-link.ts';
import '../controls/sf-defences.ts';
import './sf-failure.ts';
import '../lesson/sf-further.ts';
import '../time/sf-futures.ts';
import './sf-help.ts';
import '../time/sf-undo.ts';
import './sf-lab-header.ts';
import '../lesson/sf-log.ts';
import '../picture/sf-mirror.ts';
import '../time/sf-motion.ts';
import '../picture/sf-history.ts';
import '../time/sf-pace.ts';
import '../lesson/sf-plots.ts';
import './sf-problems.ts';
import '../time/sf-seed.ts';
import '../picture/sf-spacetime.ts';
import '../time/sf-speed.ts';
import '../lesson/sf-story.ts';
import './sf-theme.ts';
import '../time/sf-time-bar.ts';
import '../time/sf-transport.ts';
import '../lesson/sf-verdicts.ts';
import '../picture/sf-views.ts';
import '../picture/sf-world.ts';

export class SfPage extends SessionElement {
  static override properties = {
    ...SessionElement.properties,
    listed: { state: true },
    cardSide: { state: true },
  };

  static override styles = [
    base,
    buttons,
    css`
      :host {
        --bar: 2.75rem;
        max-width: 110rem;
        margin-inline: auto;
        padding-inline: var(--space-4);
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        height: var(--bar);
      }
      header a {
        font-weight: 600;
        text-decoration: none;
      }
      .chapter {
        flex: 1;
        overflow: hidden;
        margin-inline-start: var(--space-3);
        color: var(--muted);
        font-size: var(--text-s);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      main,
      .figure,
      .player {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
      }
      main {
        gap: var(--space-2);
      }
      .player {
        gap: 0;
      }
      .pictures {
        position: relative;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
        min-height: 0;
        height: clamp(12rem, 36svh, 26rem);
      }
      .both {
        grid-template-rows: minmax(0, 1fr) minmax(0, 1fr);
      }
      .picture + .picture {
        border-top: 1px solid var(--hairline);
      }
      sf-mirror {
        position: absolute;
      }
      sf-card,
      sf-mirror[open] {
        position: absolute;
        z-index: 3;
        top: var(--space-2);
        right: 0;
        width: min(20rem, 100%);
        max-height: calc(100% - var(--space-4));
      }
      .left {
        right: auto;
        left: 0;
      }
      .play {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
      }
      .time {
        white-space: nowrap;
        font-size: var(--text-s);
        color: var(--muted);
      }
      .time b {
        color: var(--ink);
        font-size: var(--text-l);
        font-weight: 600;
      }
      .pace {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 var(--space-3);
      }
      sf-speed {
        flex: 1 1 6.5rem;
        max-width: 10rem;
      }
      .side {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--space-4);
        padding-block: var(--space-2) var(--space-6);
      }
      .facts {
        color: var(--muted);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      @media (max-width: 39.99em) {
        header {
          gap: 0;
        }
        .chapter {
          visibility: hidden;
        }
        .play {
          gap: 0 var(--space-2);
        }
        .pace {
          flex: 1 0 100%;
          flex-wrap: nowrap;
        }
        sf-transport {
          --restart: none;
        }
        sf-speed {
          flex: 1;
          max-width: none;
        }
        .side {
          --heading: none;
          --story: 0;
        }
        sf-verdicts {
          order: -1;
        }
      }
      @media (max-width: 59.99em) and (max-height: 42em) {
        sf-caption {
          display: none;
        }
        .pictures {
          height: 32svh;
        }
      }
      @media (max-width: 59.99em) {
        sf-card,
        .left {
          position: fixed;
          inset: auto 0 0;
          z-index: 4;
          width: auto;
          max-height: 52svh;
          border-radius: 12px 12px 0 0;
        }
      }
      @media (max-width: 59.99em) and (min-height: 37.5em) {
        /* The picture stays in sight while the reader goes to the sliders. */
        .figure {
          position: sticky;
          top: 0;
          z-index: 2;
          margin-inline: calc(-1 * var(--space-4));
          padding: 0 var(--space-4) var(--space-2);
          border-bottom: 1px solid var(--hairline);
          background: var(--ground);
        }
      }
      @media (min-width: 60em) {
        /* One view: the figure keeps its place, and what explains it scrolls beside it. */
        :host {
          display: grid;
          grid-template-rows: auto minmax(0, 1fr);
          height: max(100svh, 30rem);
          padding-inline: var(--space-6);
        }
        main {
          grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) clamp(23rem, 34vw, 30rem);
          gap: 0 var(--space-6);
          padding-bottom: var(--space-3);
        }
        .notices,
        sf-lab-header {
          grid-column: 1 / -1;
        }
        sf-lab-header {
          padding-bottom: var(--space-3);
        }
        .notices:not(:empty) {
          padding-bottom: var(--space-3);
        }
        .figure {
          grid-row: 3;
          grid-template-rows: auto minmax(0, 1fr) auto;
          padding-top: var(--space-1);
          border-top: 1px solid var(--hairline);
        }
        .pictures {
          height: auto;
        }
        .side {
          grid-row: 3;
          overflow: auto;
          /* The focus ring of what touches the edge. */
          margin-inline: calc(-1 * var(--space-2));
          padding: var(--space-3) var(--space-2) var(--space-6);
          border-top: 1px solid var(--hairline);
          scrollbar-width: thin;
          scrollbar-color: var(--hairline) transparent;
        }
        /* Narrower than its contents like to be: a clock that gets another digit must not move it to another line. */
        .pace {
          flex: 1 1 15rem;
          max-width: 25rem;
          margin-inline-start: auto;
        }
      }
      @media (min-width: 75.01em) {
        /* The words beside its icons. */
        .pace {
          flex-basis: 21.5rem;
        }
      }
      @media (min-width: 60em) and (max-height: 56em) {
        /* On a laptop all that explains the picture, and all that acts on it, is in the first view. */
        .side {
          --story: 5.25rem;
          --story-size: var(--text-m);
          gap: var(--space-2);
          padding-top: var(--space-2);
        }
        sf-verdicts {
          --heading: none;
        }
      }
      @media (min-width: 60em) and (max-height: 46em) {
        :host {
          --bar: 2.25rem;
        }
        sf-lab-header {
          padding-bottom: var(--space-2);
        }
        .side {
          --story: 5.5rem;
          gap: var(--space-3);
        }
      }
    `,
  ];

  /** Whether what the picture shows is open as a list. */
  declare listed: boolean;
  /** Where there is room for the card beside what it is about. */
  declare cardSide: 'left' | 'right';

  /** The card that is shown, to notice another one. */
  #shown: unknown;

  constructor() {
    super();
    this.listed = false;
    this.cardSide = 'right';
    this.addEventListener('list', () => {
      this.listed = !this.listed;
    });
    this.addEventListener('select-at', (event) => {
      this.cardSide = event instanceof CustomEvent && event.detail > 0.5 ? 'left' : 'right';
    });
  }

  protected override renderSession(session: Session): TemplateResult {
    const { about } = session;
    return html`
      <header>
        <a href="#/">Slowfire</a>
        <span class="chapter">${about.lab.chapter}</span>
        <sf-seed .seed=${session.state.seed}></sf-seed>
        <sf-undo .steps=${session.steps}></sf-undo>
        <sf-copy-link .address=${() => session.address}></sf-copy-link>
        <sf-theme></sf-theme>
        <button aria-label="Help" title="Help and settings (?)" @click=${this.#help}>?</button>
      </header>
      <main>
        <div class="notices">${this.#notices(session)}</div>
        <sf-lab-header .lab=${about.lab}></sf-lab-header>
        <section class="figure" aria-label="Simulation">
          <sf-views
            .view=${session.view}
            .nodes=${about.nodes}
            .perspective=${session.pictures.look.perspective}
            .listed=${this.listed}
          ></sf-views>
          ${this.#pictures(session)} ${this.#player(session)}
        </section>
        ${this.#side(session)}
      </main>
      <sf-help><sf-motion .motion=${session.settings.choices.motion}></sf-motion></sf-help>
    `;
  }

  protected override updated(): void {
    const { session } = this;
    if (!session) return;
    document.title = `${session.about.lab.title} · Slowfire`;
    const { selection } = session.pictures;
    if (selection === this.#shown) return;
    this.#shown = selection;
    const card = this.renderRoot.querySelector('sf-card');
    if (card) void card.updateComplete.then(() => card.focus());
    else if (this.listed) this.renderRoot.querySelector('sf-mirror')?.focus();
  }

  /** Scrolls to where the page begins, and what explains it. */
  toTop(): void {
    this.renderRoot.querySelector('.side')?.scrollTo(0, 0);
    window.scrollTo(0, 0);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('session')) this.#shown = undefined;
  }

  protected override obey(command: Command, session: Session): void {
    if (command === 'help') this.#help();
    else if (this.#sheet?.open) return;
    else if (command === 'close') this.#close(session);
    else super.obey(command, session);
  }

  #pictures(session: Session): TemplateResult {
    const { about, pictures, state, playing, view } = session;
    return html`
      <div class="pictures ${view}">
        ${viewsOf(view).map((each) => this.#picture(each, session))}
        <sf-mirror .state=${state} .playing=${playing} .open=${this.listed} class="left"></sf-mirror>
        ${
          pictures.card
            ? html`<sf-card
                class=${this.listed ? 'right' : this.cardSide}
                .card=${pictures.card}
                .current=${pictures.isCardCurrent}
                .names=${new Map(about.nodes.map(({ id, name }) => [id, name]))}
              ></sf-card>`
            : nothing
        }
      </div>
    `;
  }

  #picture(view: View, { about, pictures, state, playing }: Session): TemplateResult {
    const { element, caption } = VIEWS[view];
    const tag = unsafeStatic(element);
    return staticHtml`
      <${tag}
        class="picture"
        .pictures=${pictures}
        .view=${view}
        .look=${pictures.look}
        .state=${state}
        .playing=${playing}
        .caption=${caption(about.lab.title)}
      ></${tag}>
    `;
  }

  #player(session: Session): TemplateResult {
    const { state, playing } = session;
    return html`
      <div class="player">
        <sf-caption .entry=${state.log.at(-1)} .playing=${playing}></sf-caption>
        <sf-time-bar
          .time=${session.timeMs}
          .end=${state.end_ms}
          .marks=${session.marks}
        ></sf-time-bar>
        <div class="play">
          <sf-transport .playing=${playing}></sf-transport>
          <p class="time"><b>${seconds(state.time_ms)}</b> of ${state.end_ms / 1000} s</p>
          <div class="pace">
            <sf-speed .speed=${session.speed}></sf-speed>
            <sf-pace .choices=${session.settings.choices}></sf-pace>
          </div>
        </div>
      </div>
    `;
  }

  #side(session: Session): TemplateResult {
    const { about, lesson, state, playing, settings } = session;
    const explains = viewsOf(session.view).some((view) => VIEWS[view].hasEvents);
    return html`
      <div class="side">
        <sf-story .summary=${about.lab.summary} .steps=${lesson.steps}></sf-story>
        <sf-verdicts .verdicts=${state.verdicts}></sf-verdicts>
        <sf-defences .defences=${about.defences} .on=${state.defences}></sf-defences>
        <sf-controls
          .controls=${about.controls}
          .values=${state.controls}
          .groups=${settings.choices.groups}
        ></sf-controls>
        <sf-futures .futures=${session.futures}></sf-futures>
        <sf-plots
          .read=${() => session.series()}
          .time=${state.time_ms}
          .playing=${playing}
          .open=${settings.choices.plots}
        ></sf-plots>
        <sf-log .entries=${state.log} .playing=${playing} .explains=${explains}></sf-log>
        <sf-further .lesson=${lesson}></sf-further>
        <p class="facts">
          ${state.events} events so far. ${state.stopped} Digest of the run: ${playing ? '…' : session.digest()}
        </p>
      </div>
    `;
  }

  get #sheet(): SfHelp | null {
    return this.renderRoot.querySelector('sf-help');
  }

  #notices(session: Session): TemplateResult {
    return html`
      ${
        session.failure
          ? html`<sf-failure
              .failure=${session.failure}
              @dismiss=${() => session.dismissFailure()}
            ></sf-failure>`
          : nothing
      }
      <sf-problems
        .problems=${session.problems}
        .note=${session.revisionNote}
        @dismiss=${() => session.dismissProblems()}
      ></sf-problems>
    `;
  }

  #close(session: Session): void {
    if (session.pictures.selection) session.pictures.select(undefined);
    else this.listed = false;
    session.redraw();
  }

  #help(): void {
    this.#sheet?.toggle();
  }
}

define('sf-page', SfPage);

declare global {
  interface HTMLElementTagNameMap {
    'sf-page': SfPage;
  }
}
