/** What stands beside the figure of a lab's page: what explains the run, and what changes it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../../session/session.ts';
import { VIEWS, viewsOf } from '../../session/pictures/views.ts';
import '../controls/sf-changes.ts';
import '../controls/sf-controls.ts';
import '../controls/sf-defences.ts';
import '../lesson/sf-further.ts';
import '../lesson/sf-log.ts';
import '../lesson/sf-plots.ts';
import '../lesson/sf-story.ts';
import '../lesson/sf-tries.ts';
import '../lesson/sf-verdicts.ts';
import '../time/sf-futures.ts';
import { decisive, isNarrow } from './decisive.ts';
import { words } from '../../words.ts';

/** `asked` stands before all else. */
export function side(session: Session, asked: TemplateResult): TemplateResult {
  const { about, lesson, state, playing, choices } = session;
  const explains = viewsOf(session.view).some((view) => VIEWS[view].hasEvents);
  return html`
    <div class="side">
      ${asked}
      <sf-story
        .summary=${about.lab.summary}
        .steps=${session.telling.story}
        .room=${lesson.told}
        .place=${session.telling.place}
        .never=${session.telling.isNever}
        .coming=${session.telling.coming}
        .pointsAt=${session.pointsAt}
        .perspective=${session.perspectiveName}
        .asks=${about.lab.asks}
        .further=${lesson.tries.length + lesson.limits.length > 0}
      ></sf-story>
      <sf-verdicts
        .verdicts=${state.verdicts}
        .perspective=${session.perspectiveName}
      ></sf-verdicts>
      <sf-defences
        .defences=${about.defences}
        .on=${state.defences}
        .next=${session.next}
        .watched=${session.player.isWatched}
        .room=${lesson.said}
        .outlook=${session.outlook}
        .end=${state.end_ms}
        .twin=${session.comparing.twin?.flipped}
      ></sf-defences>
      ${isNarrow() ? decisive(session) : nothing}
      <sf-tries .lesson=${lesson}></sf-tries>
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
      <sf-changes .changes=${session.changes}></sf-changes>
      <sf-futures .futures=${session.futures}></sf-futures>
      <sf-plots
        .read=${() => session.series()}
        .time=${state.time_ms}
        .playing=${playing}
        .open=${choices.plots}
      ></sf-plots>
      <sf-log .entries=${state.log} .playing=${playing} .explains=${explains}></sf-log>
      <sf-further .lesson=${lesson} .published=${about.algorithm !== null}></sf-further>
      <p class="facts">
        ${words.facts.events(state.events)} ${playing ? words.facts.unknownDigest : words.facts.digest(session.digest())}
      </p>
    </div>
  `;
}
