/** What the full page alone runs beside itself: hunts, and searches for the smallest run. It is loaded when it is asked for. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import type { Failing } from '../hunt/sf-shrink.ts';
import { told } from './asked.ts';

/** What stands before what explains the run, once it is asked for. */
export function hunted(session: Session, hunts: boolean, shrinks: Failing | undefined): TemplateResult {
  return html`
    ${shrinks ? html`<sf-shrink .session=${session} .failing=${shrinks}></sf-shrink>` : nothing}
    ${hunts ? html`<sf-hunt .session=${session} .mark=${markOf(session)}></sf-hunt>` : nothing}
  `;
}

/** What the run is, but for its seed: what a hunt of it would run. */
function markOf({ core, link }: Session): string {
  return core.hunting.link(link);
}

/** Loads what hunts. Answers whether it is there. */
export function loadHunt(session: Session): Promise<boolean> {
  return told(session, () => Promise.all([import('../hunt/sf-hunt.ts'), session.load('hunt')]));
}

/** Loads what makes a failing run smaller. Answers whether it is there. */
export function loadShrink(session: Session): Promise<boolean> {
  return told(session, () => Promise.all([import('../hunt/sf-shrink.ts'), session.load('shrink')]));
}
