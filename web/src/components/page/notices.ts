/** What the page and the embed have to say of a run that broke, and of a link that could not be used. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import './sf-failure.ts';
import './sf-problems.ts';

/** `note` says why the run may differ from what its author saw, unless that is said elsewhere. */
export function notices(session: Session, note: string[]): TemplateResult {
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
      .note=${note}
      @dismiss=${() => session.dismissProblems()}
      @dismiss-note=${() => session.dismissNote()}
    ></sf-problems>
  `;
}
