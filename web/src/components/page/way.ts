/** How far a run has come that takes long to be replayed. */
import { html, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import '../time/sf-way.ts';

/** It is there always, so that it can say where the focus goes that its button had. */
export function way(session: Session): TemplateResult {
  return html`<sf-way
    .time=${session.timeMs}
    .aim=${session.aimMs}
    .isLong=${session.isOnLongWay}
  ></sf-way>`;
}
