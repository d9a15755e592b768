/** A lab's page for a wall: the picture, what happened last, and the gravest verdict, in large type. */
import { html, type TemplateResult } from 'lit';
import { modifiedOf, saidInFull, saidOf } from '../../session/algorithm.ts';
import type { Session } from '../../session/session.ts';
import * as icons from '../base/icons.ts';
import '../lesson/sf-worst.ts';
import '../picture/sf-caption.ts';
import { endingOf } from './ending.ts';
import { picturesOf, type Arrangement } from './figure.ts';
import { notices } from './notices.ts';
import { words } from '../../words.ts';

/** The parameter before the `#` that asks for it. */
const PARAMETER = 'present';

export function presentation(
  session: Session,
  arrangement: Arrangement,
  leave: () => void,
): TemplateResult {
  const { about, state, playing, perspectiveName } = session;
  return html`
    <main class="presentation" tabindex="-1" aria-busy=${session.isLoading}>
      <h1 class="unseen">${about.lab.question}</h1>
      <button class="leave" aria-label=${words.present.leave} title=${words.present.leaveHint} @click=${leave}>${icons.close}</button>
      ${picturesOf(session, arrangement)}
      ${modifiedOf(about, state).map((algorithm) => html`<p class="modified" title=${saidInFull(algorithm)}>${saidOf(algorithm)}</p>`)}
      <sf-caption .entry=${state.log.at(-1)} .broken=${session.broken} .stopped=${state.stopped} .ending=${endingOf(session)} .playing=${playing}></sf-caption>
      <sf-worst .verdicts=${state.verdicts} .perspective=${perspectiveName}></sf-worst>
      <div class="notices">${notices(session, session.notices.revision)}</div>
    </main>
  `;
}

/** Whether the address asks for it. */
export function isAskedFor(): boolean {
  return new URLSearchParams(window.location.search).has(PARAMETER);
}

/** Writes into the address whether the page is a presentation: whoever loads it again, or has its link, sees the same. */
export function ask(isPresented: boolean): void {
  const { hash, pathname, search } = window.location;
  const others = new URLSearchParams(search);
  others.delete(PARAMETER);
  const parameters = [isPresented ? PARAMETER : '', others.toString()].filter((each) => each !== '');
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  window.history.replaceState(window.history.state, '', pathname + query + hash);
}

/** All of the page is as large as the root's type. */
export function enlarge(isPresented: boolean): void {
  document.documentElement.toggleAttribute('data-presented', isPresented);
}
