/** What a challenge demands, what of the run counts, and whether it is met. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { ChallengeClaim, Contest, State } from '../../core/index.ts';
import { best, scored } from '../../session/challenge/best.ts';
import type { Aim } from '../../session/challenge/challenging.ts';
import { words } from '../../session/challenge/words.ts';
import type { Session } from '../../session/session.ts';
import { moment } from '../../format.ts';
import { define } from '../base/define.ts';
import * as icons from '../base/icons.ts';
import { base, buttons, folds } from '../base/shared.ts';
import '../base/sf-copy.ts';

class SfChallenge extends LitElement {
  static override properties = {
    session: { attribute: false },
    state: { attribute: false },
    aim: { type: String },
  };

  static override styles = [
    base,
    buttons,
    folds,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3) var(--space-3);
        border: 1px solid var(--line);
        border-inline-start: 3px solid var(--accent);
        border-radius: 8px;
        background: var(--surface);
        font-size: var(--text-s);
        line-height: 1.4;
        outline: none;
      }
      section:focus-visible {
        outline: 2px solid var(--accent);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
      }
      h2 {
        font-family: var(--serif);
        font-size: var(--text-m);
        font-weight: 400;
      }
      h3 {
        margin: 0;
        font-size: var(--text-s);
        font-weight: 600;
      }
      li {
        padding-block: 0.125rem;
        overflow-wrap: anywhere;
      }
      .muted {
        color: var(--muted);
      }
      .beyond,
      .against {
        color: var(--danger);
      }
      .outcome {
        font-size: var(--text-m);
      }
      .met {
        color: var(--ok);
        font-weight: 600;
      }
      /* As high as ever, however much there is: nothing below it moves as faults are added. */
      .so-far {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--space-2);
        height: 11rem;
        overflow: auto;
        padding-top: var(--space-2);
        border-top: 1px solid var(--hairline);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .row button {
        border: 1px solid var(--line);
      }
    `,
  ];

  declare session: Session;
  /** What changes as the run goes on. */
  declare state: State;
  declare aim: Aim;

  #contest: Contest | undefined;
  /** Whether it was seen unmet. */
  #wasOpen = false;

  override focus(): void {
    this.renderRoot.querySelector('section')?.focus({ preventScroll: true });
  }

  protected override willUpdate(): void {
    this.#contest = this.session.challenging.contest();
    // A link may hold what somebody else has done: what counts was not met yet when this reader saw it first.
    const isMet = this.#contest?.standing === 'met';
    this.#wasOpen ||= this.#contest !== undefined && !isMet;
    if (this.#wasOpen && this.#contest && isMet)
      scored(this.session.about.lab.id, this.aim, this.#contest.score);
  }

  protected override render() {
    const { aim } = this;
    const contest = this.#contest;
    if (!contest) return nothing;
    return html`
      <section tabindex="-1" aria-label=${words.title[aim]}>
        <div class="head">
          <h2>${words.title[aim]}</h2>
          <button aria-label=${words.close} title=${words.closeHint} @click=${() => this.session.challenging.end()}>
            ${icons.close}
          </button>
        </div>
        ${this.#rules(contest)}
        <div class="so-far" role="group" tabindex="0" aria-label=${words.counted}>
          ${this.#outcome(contest)}
          <div class="against" role="status">${contest.against.map((sentence) => html`<p>${sentence}</p>`)}</div>
          <div class="row">
            <button @click=${() => this.session.challenging.begin(aim)}>${words.again}</button>
            ${contest.standing === 'met' ? this.#share(contest.score) : nothing}
          </div>
          ${this.#counted(contest)}
        </div>
      </section>
    `;
  }

  #rules({ most, most_beyond }: Contest): TemplateResult {
    const claims = this.session.challenging.claims();
    const says = ({ label, withstands }: ChallengeClaim) =>
      this.aim === 'break' ? html`<details><summary>${label}</summary>${withstands}</details>` : label;
    return html`
      <p>${words.rules[this.aim](most, most_beyond)}</p>
      <ul class="muted">${claims.map((claim) => html`<li>${says(claim)}</li>`)}</ul>
    `;
  }

  #counted({ score, faults }: Contest): TemplateResult {
    return html`
      <h3>${words.counted}: ${words.score(this.aim, score)}</h3>
      ${faults.length === 0 && this.aim === 'break' ? html`<p class="muted">${words.none.break}</p>` : nothing}
      <ul>
        ${faults.map(
          ({ says, at_ms, times, is_claimed }) => html`<li>
            ${words.fault(says, at_ms === null ? undefined : moment(at_ms), times)}:
            <span class=${is_claimed ? 'muted' : 'beyond'}>${is_claimed ? words.within : words.beyond}</span>
          </li>`,
        )}
      </ul>
    `;
  }

  #outcome(contest: Contest): TemplateResult {
    const { aim, session } = this;
    const known = best(session.about.lab.id, aim);
    const { toBeat } = session.challenging;
    return html`
      <p class="outcome ${contest.standing}" role="status">${said(aim, contest, this.state.end_ms)}</p>
      ${known === undefined ? nothing : html`<p>${words.best(aim, known)}</p>`}
      ${toBeat === undefined ? nothing : html`<p>${words.toBeat(aim, toBeat)}</p>`}
    `;
  }

  /** The link begins the same challenge: what was done stays a secret. */
  #share(score: number): TemplateResult {
    const { session, aim } = this;
    return html`<sf-copy
      .text=${() => session.addressOf(session.challenging.linkOf(aim, score) ?? session.link)}
      label=${words.share}
      hint=${words.shareHint}
      otherwise=${words.shareOtherwise}
    ></sf-copy>`;
  }
}

/** How the run stands, and why it does not meet the challenge if that is so. */
function said(aim: Aim, { standing, score, checks }: Contest, endMs: number): string {
  switch (standing) {
    case 'met':
      return words.met(aim, score);
    case 'open':
      return words.open[aim](moment(endMs));
    case 'uncounted':
      return words.uncounted(aim);
    case 'held':
      return words.held;
    case 'violated':
      return words.violated(checks);
    case 'undecided':
      return words.undecided(aim, checks);
  }
}

define('sf-challenge', SfChallenge);

declare global {
  interface HTMLElementTagNameMap {
    'sf-challenge': SfChallenge;
  }
}
