/** The curve that decides what happened: below the picture from the start, or among the lesson where the page is narrow. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import '../lesson/sf-plots.ts';

const narrow = window.matchMedia('(max-width: 59.99em)');

/** Whether the picture leaves no room for it. */
export const isNarrow = (): boolean => narrow.matches;

/** Tells of each change of that, until `signal` ends it. */
export function watchNarrow(onChange: () => void, signal: AbortSignal): void {
  narrow.addEventListener('change', onChange, { signal });
}

export function decisive(session: Session): TemplateResult | typeof nothing {
  const { about, state, playing } = session;
  if (about.lab.decides === null) return nothing;
  return html`
    <sf-plots
      class="decisive"
      .read=${() => session.series()}
      .only=${about.lab.decides}
      .open=${true}
      .time=${state.time_ms}
      .playing=${playing}
    ></sf-plots>
  `;
}
