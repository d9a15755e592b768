/** What stands beside the figure of a lab's page: what explains the run, and what changes it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import { VIEWS, viewsOf } from '../../session/pictures/views.ts';
import '../controls/sf-changes.ts';
import '../controls/sf-controls.ts';
import '../controls/sf-defences.ts';
import '../lesson/sf-challenges.ts';
import '../lesson/sf-fogged.ts';
import '../lesson/sf-further.ts';
import '../lesson/sf-log.ts';
import '../lesson/sf-plots.ts';
import '../lesson/sf-offers.ts';
import '../lesson/sf-story.ts';
import '../lesson/sf-tries.ts';
import '../lesson/sf-verdicts.ts';
import '../time/sf-futures.ts';
import { decisive, isNarrow } from './decisive.ts';
import { words } from '../../words.ts';

/** Room for sentences that would give a challenge away is room that tells them. */
const NOTHING_SAID: string[] = [];

/** `asked` stands before all else. */
export function side(session: Session, asked: TemplateResult): TemplateResult {
  const { about, state, playing, choices } = session;
  const { aim } = session.challenging;
  const { twin } = session.comparing;
  const halves = twin?.halves;
  const explains = viewsOf(session.view).some((view) => VIEWS[view].hasEvents);
  return html`
    <div class="side">
      ${asked}
      ${isNarrow() && !aim ? offers(session) : nothing}
      ${aim ? html`<sf-challenge .session=${session} .state=${state} .aim=${aim}></sf-challenge>` : story(session)}
      <sf-verdicts
        .verdicts=${state.verdicts}
        .perspective=${session.perspectiveName}
      ></sf-verdicts>
      <sf-defences
        .defences=${about.defences}
        .on=${state.defences}
        .next=${session.next}
        .watched=${session.player.isWatched}
        .room=${aim ? NOTHING_SAID : session.lesson.said}
        .outlook=${session.outlook}
        .end=${state.end_ms}
        .twin=${twin?.flipped}
      ></sf-defences>
      ${isNarrow() ? decisive(session) : nothing}
      ${aim ? nothing : further(session)}
      ${
        about.algorithm === null
          ? nothing
          : html`<sf-rules
              .read=${() => session.rules()}
              .algorithm=${about.algorithm}
              .on=${state.defences}
              .groups=${choices.groups}
            ></sf-rules>`
      }
      <sf-controls
        .controls=${about.controls}
        .values=${state.controls}
        .groups=${choices.groups}
      ></sf-controls>
      ${changes(session, halves)}
      <sf-futures .futures=${session.futures}></sf-futures>
      ${plots(session)}
      <sf-log .entries=${state.log} .run=${halves?.[0]} .playing=${playing} .explains=${explains}></sf-log>
      ${aim ? nothing : html`<sf-further .lesson=${session.lesson} .published=${about.algorithm !== null}></sf-further>`}
      <p class="facts">
        ${words.facts.events(state.events)} ${playing ? words.facts.unknownDigest : words.facts.digest(session.digest())}
      </p>
    </div>
  `;
}

/** What was done to the run, which no node is told. */
function changes(
  { changes: done, comparing, perspectiveName }: Session,
  halves: readonly [string, string] | undefined,
): TemplateResult | typeof nothing {
  if (perspectiveName === undefined)
    return html`<sf-changes .changes=${done} .halves=${halves} .twin=${comparing.twin?.flipped}></sf-changes>`;
  if (done.length === 0) return nothing;
  return html`<sf-fogged .label=${words.changes.label} .why=${words.fog.changes(perspectiveName)}></sf-fogged>`;
}

/** The measurements are about all nodes: in one node's perspective they lie in fog. */
function plots(session: Session): TemplateResult {
  const { state, playing, choices, perspectiveName } = session;
  if (perspectiveName !== undefined)
    return html`<sf-fogged .label=${words.plots.label} .why=${words.fog.plots(perspectiveName)}></sf-fogged>`;
  return html`<sf-plots
    .read=${() => session.series()}
    .time=${state.time_ms}
    .playing=${playing}
    .open=${choices.plots}
  ></sf-plots>`;
}

/** What the lab tells: during a challenge it would give that away. */
function story(session: Session): TemplateResult {
  const { about, lesson } = session;
  return html`
      <sf-story
        .summary=${about.lab.summary}
        .steps=${session.telling.story}
        .room=${lesson.told}
        .place=${session.telling.place}
        .never=${session.telling.isNever}
        .coming=${session.telling.coming}
        .pointsAt=${session.pointsAt}
        .perspective=${session.perspectiveName}
        .further=${lesson.tries.length + lesson.limits.length > 0}
      >${isNarrow() ? nothing : offers(session)}</sf-story>
  `;
}

/** Beside the story; where the page is narrow, that is below the first view, and they stand in it. */
function offers({ about }: Session): TemplateResult {
  return html`<sf-offers .asks=${about.lab.asks} .challenges=${about.lab.challenges}></sf-offers>`;
}

/** What there is to be done. */
function further({ about, lesson }: Session): TemplateResult {
  return html`
    <sf-tries .lesson=${lesson}></sf-tries>
    <sf-challenges .offered=${about.lab.challenges}></sf-challenges>
  `;
}
