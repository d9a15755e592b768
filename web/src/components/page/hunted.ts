/** What the full page alone runs beside itself: hunts, and searches for the smallest run. It is loaded when it is asked for. */
import { html, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import type { SfHunt } from '../hunt/sf-hunt.ts';
import type { SfShrink } from '../hunt/sf-shrink.ts';
import { told } from './asked.ts';

/** What was asked for: the page keeps it, with all that it has found, while there is no room for it. */
export interface Kept {
  hunt: SfHunt | undefined;
  shrink: SfShrink | undefined;
}

/** What stands before what explains the run, once it is asked for. */
export function hunted(session: Session, { hunt, shrink }: Kept): TemplateResult {
  if (shrink) shrink.session = session;
  if (hunt) Object.assign(hunt, { session, mark: markOf(session) });
  return html`${shrink} ${hunt}`;
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
