/** The figure of a lab's page: its pictures, and the player below them. */
import { html, nothing, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import type { StoryStep, View } from '../../core/index.ts';
import type { Session } from '../../session/session.ts';
import { TOLD, VIEWS, WALKED, offered, viewsOf } from '../../session/pictures/views.ts';
import { cssValues } from '../base/css-values.ts';
import { moment, seconds, unbroken } from '../../format.ts';
import * as icons from '../base/icons.ts';
import { inline } from '../lesson/markdown.ts';
import { byGravity } from '../lesson/verdict.ts';
import '../picture/sf-caption.ts';
import '../lesson/sf-fog.ts';
import '../picture/sf-history.ts';
import '../picture/sf-legend.ts';
import '../picture/sf-mirror.ts';
import '../picture/sf-spacetime.ts';
import '../picture/sf-views.ts';
import '../picture/sf-world.ts';
import '../time/sf-pace.ts';
import '../time/sf-speed.ts';
import '../time/sf-time-bar.ts';
import { asked } from './asked.ts';
import { decisive, isNarrow } from './decisive.ts';
import { endingOf } from './ending.ts';
import { way } from './way.ts';
import '../time/sf-transport.ts';
import { words } from '../../words.ts';

/** How the figure is arranged, beside what the session says. */
export interface Arrangement {
  /** Whether what the picture shows is open as a list. */
  listed: boolean;
  /** Where there is room for the card beside what it is about. */
  cardSide: 'left' | 'right';
}

/** Few labs have servers with logs: what only these need is loaded with the first of them. */
function loadForLogs(): void {
  void import('../picture/sf-logs.ts').catch(() => undefined);
  void import('../controls/sf-rules.ts').catch(() => undefined);
}

export function figure(session: Session, arrangement: Arrangement): TemplateResult {
  const { about, view } = session;
  if (about.algorithm !== null) loadForLogs();
  return html`
    <section class="figure" aria-label=${words.figure.label}>
      <sf-views
        .view=${view}
        .offered=${offered(about)}
        .nodes=${about.nodes}
        .perspective=${session.fog.seenBy}
        .listed=${arrangement.listed}
      ></sf-views>
      ${picturesOf(session, arrangement)} ${isNarrow() ? nothing : decisive(session)} ${player(session)}
    </section>
  `;
}

/** The pictures of the view, with the card and the list of what they show. */
export function picturesOf(session: Session, { listed, cardSide }: Arrangement): TemplateResult {
  const { about, pictures, state, playing, view, perspectiveName } = session;
  const { twin } = session.comparing;
  return html`
    <div class="pictures ${view}">
      ${asked(session) ?? viewsOf(view).map((each) => picture(each, session))}
      <sf-mirror
        .state=${state}
        .other=${twin?.state}
        .halves=${twin?.halves}
        .perspective=${perspectiveName}
        .playing=${playing}
        .open=${listed}
        class="left"
      ></sf-mirror>
      ${
        pictures.card
          ? html`<sf-card
              class=${listed ? 'right' : cardSide}
              .card=${pictures.card}
              .current=${pictures.isCardCurrent}
              .names=${new Map(about.nodes.map(({ id, name }) => [id, name]))}
            ></sf-card>`
          : nothing
      }
      ${way(session)}
    </div>
  `;
}

function picture(view: View, { about, pictures, state, playing }: Session): TemplateResult {
  const { element, caption } = VIEWS[view];
  const tag = unsafeStatic(element);
  return staticHtml`
    <${tag}
      class="picture"
      .pictures=${pictures}
      .view=${view}
      .look=${pictures.look}
      .state=${state}
      .playing=${playing}
      .caption=${caption(about.lab.title)}
    ></${tag}>
  `;
}

/** The story's step, where the story itself is out of sight: until the reader looks at what has happened since. */
function stepBeside(session: Session): StoryStep | undefined {
  const { telling, state, player, perspectiveName } = session;
  if (session.challenging.aim) return undefined;
  const step = telling.story[telling.place];
  const at = step?.at_ms ?? null;
  if (at === null || perspectiveName !== undefined) return undefined;
  const isTold = player.playing || player.rests !== undefined || at >= (state.log.at(-1)?.time_ms ?? 0);
  return isTold ? step : undefined;
}

/** The views that are on stage: what a reader asked for has views of its own. */
function staged({ walking, asking, view }: Session): readonly View[] {
  if (asking.guess) return TOLD;
  return walking.walk ? WALKED : viewsOf(view);
}

function player(session: Session): TemplateResult {
  const { about, state, playing, pictures } = session;
  // A walk tells each moment itself.
  const isTold = session.walking.walk !== undefined;
  return html`
    <div class="player">
      <div class="told">
        <sf-caption
          .entry=${isTold ? undefined : state.log.at(-1)}
          .step=${isNarrow() && !isTold ? stepBeside(session) : undefined}
          .broken=${isTold ? undefined : session.broken}
          .stopped=${state.stopped}
          .ending=${endingOf(session)}
          .playing=${playing}
        ></sf-caption>
        ${session.fog.isThere ? html`<sf-fog .lifted=${session.fog.isLifted}></sf-fog>` : nothing}
        <sf-legend
          .views=${staged(session)}
          .pictures=${pictures}
          .state=${state}
          .marks=${session.marks}
          .strips=${about.defences.length > 0}
          .playing=${playing}
        ></sf-legend>
      </div>
      <sf-time-bar
        .time=${session.aimMs}
        .end=${session.endMs}
        .marks=${session.marks}
      ></sf-time-bar>
      ${isNarrow() ? verdict(session) : nothing}
      <div class="play">
        <sf-transport .playing=${playing}></sf-transport>
        <p class="time">
          <b ${cssValues({ '--digits': seconds(state.end_ms).length })}>${seconds(state.time_ms)}</b>
          <span>${words.time.ofEnd(words.time.seconds(session.endMs / 1000))}</span>
        </p>
        <div class="pace">
          <sf-speed .speed=${session.player.speed}></sf-speed>
          <sf-pace .choices=${session.choices}></sf-pace>
        </div>
      </div>
    </div>
  `;
}

function toDefences({ currentTarget }: Event): void {
  const root = currentTarget instanceof Node ? currentTarget.getRootNode() : undefined;
  const defences = root instanceof ShadowRoot ? root.querySelector('sf-defences') : null;
  defences?.scrollIntoView({ block: 'end' });
  defences?.focus({ preventScroll: true });
}

/** Where the verdicts have scrolled away: the gravest, in a line. They say it to whoever has the page read out. */
function verdict(session: Session): TemplateResult | typeof nothing {
  const { state, perspectiveName } = session;
  const [worst] = byGravity(state.verdicts);
  if (!worst) return nothing;
  if (perspectiveName !== undefined)
    return html`<p class="verdict unknown" aria-hidden="true"><span>${words.verdicts.unknown(perspectiveName)}</span></p>`;
  const { at_ms, label, state: is } = worst;
  // Where the run rests, the caption says what broke: here stands what to do about it, which is below the first view.
  if (session.player.rests === 'violation' && session.next)
    return html`<button class="verdict next ${is}" @click=${toDefences}>${icons[is]}<span>${inline(session.next)}</span></button>`;
  return html`<p class="verdict ${is}" aria-hidden="true">
    ${icons[is]}<span>${unbroken(label)}</span>${is === 'violated' && at_ms !== null ? html`<b>${words.time.at(moment(at_ms))}</b>` : nothing}
  </p>`;
}
