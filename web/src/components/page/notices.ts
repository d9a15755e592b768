/** What the page and the embed have to say of a run that broke, and of a link that could not be used. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import './sf-failure.ts';
import './sf-problems.ts';

/**
 * `note` says why the run may differ from what its author saw, unless that is said elsewhere; `home` is where the full page is,
 * unless this is it.
 */
export function notices(session: Session, note: string[], home?: string): TemplateResult {
  return html`
    ${
      session.notices.failure
        ? html`<sf-failure
            .failure=${session.notices.failure}
            .home=${home}
            @dismiss=${() => session.notices.dismissFailure()}
          ></sf-failure>`
        : nothing
    }
    <sf-problems
      .problems=${session.notices.problems}
      .note=${note}
      .home=${home}
      @dismiss=${() => session.notices.dismissProblems()}
      @dismiss-note=${() => session.notices.dismissRevision()}
    ></sf-problems>
  `;
}
