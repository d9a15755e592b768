/** How far a run has come that takes long to be replayed. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import '../time/sf-way.ts';

export function way(session: Session): TemplateResult | typeof nothing {
  if (!session.isOnLongWay) return nothing;
  return html`<sf-way .time=${session.timeMs} .aim=${session.aimMs}></sf-way>`;
}
