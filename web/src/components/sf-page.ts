/** The page: the lab's question, its figure, and everything that acts on it. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { seconds } from '../format.ts';
import type { Command } from '../keyboard.ts';
import type { Session } from '../session.ts';
import { define } from './define.ts';
import { SessionElement, violations } from './session-element.ts';
import { base, buttons } from './shared.ts';
import type { SfHelp } from './sf-help.ts';
import './sf-caption.ts';
import './sf-controls.ts';
import './sf-copy-link.ts';
import './sf-defences.ts';
import './sf-failure.ts';
import './sf-help.ts';
import './sf-lab-header.ts';
import './sf-log.ts';
import './sf-mirror.ts';
import './sf-problems.ts';
import './sf-seed.ts';
import './sf-speed.ts';
import './sf-stage.ts';
import './sf-theme.ts';
import './sf-time-bar.ts';
import './sf-transport.ts';
import './sf-verdicts.ts';

export class SfPage extends SessionElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        --bar: 2.75rem;
        padding-inline: var(--space-4);
        max-width: 92rem;
        margin-inline: auto;
      }
      .sentence {
        max-width: 36em;
        margin: 20vh auto 0;
        font-family: var(--serif);
        font-size: var(--text-l);
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
      .first {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
      }
      sf-lab-header {
        --summary: none;
      }
      .figure {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
      }
      .player {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-1);
      }
      sf-stage {
        height: clamp(12rem, 36svh, 26rem);
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
        align-items: center;
        justify-content: space-between;
        gap: var(--space-3);
      }
      .side {
        display: grid;
        align-content: start;
        gap: var(--space-4);
      }
      .below {
        display: grid;
        gap: var(--space-5);
        padding-block: var(--space-6);
      }
      .summary {
        font-family: var(--serif);
      }
      .facts {
        color: var(--muted);
        font-size: var(--text-s);
      }
      @media (max-width: 39.99em) {
        .chapter {
          visibility: hidden;
        }
        .side {
          --heading: none;
        }
      }
      @media (max-width: 59.99em) and (max-height: 42em) {
        sf-caption {
          display: none;
        }
      }
      @media (min-width: 40em) and (max-width: 59.99em) {
        .side {
          grid-template-columns: 1fr 1fr;
        }
        sf-controls {
          grid-column: 1 / -1;
        }
      }
      @media (max-width: 59.99em) and (min-height: 37.5em) {
        /* The picture stays in sight while the reader goes to the sliders. */
        .figure {
          position: sticky;
          top: 0;
          z-index: 1;
          margin-inline: calc(-1 * var(--space-4));
          padding: 0 var(--space-4) var(--space-2);
          border-bottom: 1px solid var(--hairline);
          background: var(--ground);
        }
      }
      @media (min-width: 60em) {
        :host {
          padding-inline: var(--space-6);
        }
        .first {
          grid-template: auto auto 1fr / minmax(0, 1fr) clamp(24rem, 30vw, 27rem);
          gap: 0 var(--space-6);
          min-height: calc(min(100svh, 62rem) - var(--bar));
          padding-bottom: var(--space-3);
        }
        .notices,
        sf-lab-header {
          grid-column: 1 / -1;
        }
        sf-lab-header {
          --summary: block;
          padding-bottom: var(--space-4);
        }
        .notices:not(:empty) {
          padding-bottom: var(--space-4);
        }
        .figure {
          grid-template-rows: minmax(16rem, 1fr);
          padding-top: var(--space-2);
          border-top: 1px solid var(--hairline);
        }
        .side {
          padding-top: var(--space-3);
          border-top: 1px solid var(--hairline);
        }
        sf-stage {
          height: auto;
        }
        /* In a low window the picture may end below the fold, but never the play button. */
        .player {
          position: sticky;
          bottom: 0;
          padding-bottom: var(--space-1);
          background: var(--ground);
        }
        .pace {
          flex: none;
          margin-inline-start: auto;
          gap: var(--space-5);
        }
        .summary {
          display: none;
        }
      }
      @media (min-width: 60em) and (max-height: 46em) {
        :host {
          --bar: 2.25rem;
        }
        sf-lab-header {
          --summary: none;
          padding-bottom: var(--space-2);
        }
        /* The side may be longer than the window; the figure is not. */
        .figure {
          position: sticky;
          top: 0;
          align-self: start;
          height: calc(100svh - var(--bar) - 3.75rem);
        }
        .side {
          gap: var(--space-2);
          padding-top: var(--space-2);
        }
        .summary {
          display: block;
        }
      }
    `,
  ];

  protected override renderSession(session: Session): TemplateResult {
    const { about, state, playing } = session;
    return html`
      <header>
        <a href="./">Slowfire</a>
        <span class="chapter">${about.lab.chapter}</span>
        <sf-copy-link .address=${() => session.address}></sf-copy-link>
        <sf-theme></sf-theme>
        <button aria-label="Keys" title="Keys (?)" @click=${this.#help}>?</button>
      </header>
      <main>
        <div class="first">
          <div class="notices">${this.#notices(session)}</div>
          <sf-lab-header .lab=${about.lab}></sf-lab-header>
          <section class="figure" aria-label="Simulation">
            <sf-stage .painter=${this.painter} caption=${`The simulation of “${about.lab.title}”`}>
              <sf-mirror .state=${state} .playing=${playing}></sf-mirror>
            </sf-stage>
            <div class="player">
              <sf-caption .entry=${state.log.at(-1)} .speaks=${!playing}></sf-caption>
              <sf-time-bar
                .time=${session.timeMs}
                .end=${state.end_ms}
                .marks=${violations(state)}
              ></sf-time-bar>
              <div class="play">
                <sf-transport .playing=${playing}></sf-transport>
                <p class="time"><b>${seconds(state.time_ms)}</b> of ${state.end_ms / 1000} s</p>
                <div class="pace">
                  <sf-speed .speed=${session.speed}></sf-speed>
                  <sf-seed .seed=${state.seed}></sf-seed>
                </div>
              </div>
            </div>
          </section>
          <div class="side">
            <sf-verdicts .verdicts=${state.verdicts}></sf-verdicts>
            <sf-defences .defences=${about.defences} .on=${state.defences}></sf-defences>
            <sf-controls .controls=${about.controls} .values=${state.controls}></sf-controls>
          </div>
        </div>
        <div class="below">
          <p class="summary">${about.lab.summary}</p>
          <sf-log .entries=${state.log}></sf-log>
          <p class="facts">
            ${state.events} events so far. Digest of the run: ${playing ? '…' : session.digest()}
          </p>
        </div>
      </main>
      <sf-help></sf-help>
    `;
  }

  protected override updated(): void {
    if (this.session) document.title = `${this.session.about.lab.title} · Slowfire`;
  }

  protected override obey(command: Command, session: Session): void {
    if (command === 'help') this.#help();
    else if (!this.#sheet?.open) super.obey(command, session);
  }

  get #sheet(): SfHelp | null {
    return this.renderRoot.querySelector('sf-help');
  }

  #notices(session: Session) {
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
        @dismiss=${() => session.dismissProblems()}
      ></sf-problems>
    `;
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
