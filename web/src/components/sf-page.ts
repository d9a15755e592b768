/** The page: the lab's question, its figure, and everything that acts on it. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { moment, seconds } from '../format.ts';
import type { Command } from '../keyboard.ts';
import type { Session } from '../session.ts';
import { define } from './define.ts';
import { SessionElement } from './session-element.ts';
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
        min-height: 2.75rem;
      }
      header a {
        margin-inline-end: auto;
        font-weight: 600;
        text-decoration: none;
      }
      .first {
        display: grid;
        gap: var(--space-3);
      }
      sf-lab-header {
        --summary: none;
      }
      .figure {
        display: grid;
        gap: var(--space-1);
        min-width: 0;
      }
      sf-stage {
        height: clamp(13rem, 38svh, 26rem);
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
          grid-template: auto auto auto 1fr / minmax(0, 1fr) 24rem;
          gap: 0 var(--space-6);
          min-height: min(100svh, 62rem);
          padding-bottom: var(--space-4);
        }
        header,
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
        .pace {
          flex: none;
          margin-inline-start: auto;
          gap: var(--space-5);
        }
        .summary {
          display: none;
        }
      }
    `,
  ];

  protected override renderSession(session: Session): TemplateResult {
    const { about, state, playing } = session;
    return html`
      <div class="first">
        <header>
          <a href="./">Slowfire</a>
          <sf-copy-link .address=${() => session.address}></sf-copy-link>
          <sf-theme></sf-theme>
          <button aria-label="Keys" title="Keys (?)" @click=${this.#help}>?</button>
        </header>
        <div class="notices">${this.#notices(session)}</div>
        <sf-lab-header .lab=${about.lab}></sf-lab-header>
        <section class="figure" aria-label="Simulation">
          <sf-stage .painter=${this.painter} caption=${`The simulation of “${about.lab.title}”`}>
            <sf-mirror .state=${state} .playing=${playing}></sf-mirror>
          </sf-stage>
          <sf-caption .entry=${state.log.at(-1)} .speaks=${!playing}></sf-caption>
          <sf-time-bar
            .time=${session.timeMs}
            .end=${state.end_ms}
            .marks=${violations(session)}
          ></sf-time-bar>
          <div class="play">
            <sf-transport .playing=${playing}></sf-transport>
            <p class="time"><b>${seconds(state.time_ms)}</b> of ${moment(state.end_ms)}</p>
            <div class="pace">
              <sf-speed .speed=${session.speed}></sf-speed>
              <sf-seed .seed=${state.seed}></sf-seed>
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
      <sf-help></sf-help>
    `;
  }

  protected override obey(command: Command, session: Session): void {
    if (command === 'help') this.#help();
    else super.obey(command, session);
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
    this.renderRoot.querySelector<SfHelp>('sf-help')?.toggle();
  }
}

function violations({ state }: Session): number[] {
  return state.verdicts
    .filter(({ state }) => state === 'violated')
    .flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
}

define('sf-page', SfPage);

declare global {
  interface HTMLElementTagNameMap {
    'sf-page': SfPage;
  }
}
