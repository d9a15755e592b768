/** The embed: the figure with its switches, at any size from 320 by 240. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../session.ts';
import { define } from './define.ts';
import * as icons from './icons.ts';
import { SessionElement } from './session-element.ts';
import { base, buttons } from './shared.ts';
import './sf-defences.ts';
import './sf-failure.ts';
import './sf-mirror.ts';
import './sf-problems.ts';
import './sf-stage.ts';
import './sf-time-bar.ts';
import './sf-transport.ts';
import './sf-verdicts.ts';

export class SfEmbed extends SessionElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        height: 100%;
      }
      .sentence {
        padding: var(--space-4);
      }
      main {
        position: relative;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto auto;
        height: 100%;
        padding: 0 var(--space-2) var(--space-2);
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
      a:hover {
        color: var(--accent);
      }
      a svg {
        width: 1rem;
        height: 1rem;
      }
      .play {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-2);
        padding-block: var(--space-1);
      }
      .full {
        display: none;
      }
      @media (min-width: 30em) and (min-height: 26em) {
        .brief {
          display: none;
        }
        .full {
          display: block;
        }
      }
    `,
  ];

  protected override renderSession(session: Session): TemplateResult {
    const { about, state, playing } = session;
    return html`
      <main>
        <sf-stage .painter=${this.painter} caption=${`The simulation of “${about.lab.title}”`}>
          <sf-mirror .state=${state} .playing=${playing}></sf-mirror>
        </sf-stage>
        <div class="play">
          <sf-transport compact .playing=${playing}></sf-transport>
          <sf-time-bar .time=${session.timeMs} .end=${state.end_ms} .marks=${[]}></sf-time-bar>
          <sf-verdicts compact .verdicts=${state.verdicts}></sf-verdicts>
        </div>
        <sf-defences compact .defences=${about.defences} .on=${state.defences}></sf-defences>
        <a href="./${session.link}" target="_blank" rel="noopener">
          Slowfire ${icons.open}<span class="unseen">: open this run on its full page</span>
        </a>
        <div class="notices">
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
        </div>
      </main>
    `;
  }
}

define('sf-embed', SfEmbed);

declare global {
  interface HTMLElementTagNameMap {
    'sf-embed': SfEmbed;
  }
}
