/** The curve that decides what happened: below the picture from the start, or among the lesson where the page is narrow. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import '../lesson/sf-fogged.ts';
import '../lesson/sf-plots.ts';
import { words } from '../../words.ts';

const narrow = window.matchMedia('(max-width: 59.99em)');

/** Whether the picture leaves no room for it. */
export const isNarrow = (): boolean => narrow.matches;

/** Tells of each change of that, until `signal` ends it. */
export function watchNarrow(onChange: () => void, signal: AbortSignal): void {
  narrow.addEventListener('change', onChange, { signal });
}

export function decisive(session: Session): TemplateResult | typeof nothing {
  const { about, state, playing, perspectiveName } = session;
  const { decides } = about.lab;
  if (decides === null) return nothing;
  if (perspectiveName !== undefined)
    return html`<sf-fogged
      class="decisive"
      .label=${decides}
      .why=${words.fog.plots(perspectiveName)}
    ></sf-fogged>`;
  return html`
    <sf-plots
      class="decisive"
      .read=${() => session.series()}
      .only=${decides}
      .open=${true}
      .time=${state.time_ms}
      .playing=${playing}
    ></sf-plots>
  `;
}
