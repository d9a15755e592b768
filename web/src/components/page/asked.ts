/** What a reader asks for that few ask for at once: it is loaded then. */
import { html, type TemplateResult } from 'lit';
import { unavailable } from '../../core/index.ts';
import type { Aim } from '../../session/challenge/challenging.ts';
import type { Session } from '../../session/session.ts';
import { words } from '../../words.ts';

/** A figure in somebody else's page. */
interface Guest {
  /** Whether the reader may change nothing. */
  readonly: boolean;
}

/** What a reader asked for stands in the place of the pictures; `guest` in a figure of somebody else's page. */
export function asked(session: Session, guest?: Guest): TemplateResult | undefined {
  const { state } = session;
  const { walk } = session.walking;
  const { twin } = session.comparing;
  const { guess } = session.asking;
  if (guess)
    return html`<sf-guess
      class="picture"
      .session=${session}
      .guess=${guess}
      .state=${state}
      .question=${guess.question}
      .truth=${guess.truth}
      .isEmpty=${guess.isEmpty}
      .isThere=${guess.isThere}
      .time=${session.timeMs}
    ></sf-guess>`;
  if (walk)
    return html`<sf-why
      class="picture"
      ?compact=${guest !== undefined}
      ?readonly=${guest?.readonly ?? false}
      .session=${session}
      .walk=${walk}
      .place=${walk.place}
      .trials=${walk.trials}
    ></sf-why>`;
  if (!twin) return undefined;
  return html`<sf-twin
    class="picture"
    ?guest=${guest !== undefined}
    .session=${session}
    .twin=${twin}
    .state=${state}
    .figures=${twin.figures}
    .isOnWay=${twin.isOnWay}
    .parting=${twin.partingMs}
  ></sf-twin>`;
}

/** Loads what shows the card of whatever a reader picked. */
export function loadCard(session: Session): Promise<boolean> {
  return told(session, () => import('../picture/sf-card.ts'));
}

/** Walks along what explains a check's violation. */
export function explain(session: Session, check: string): Promise<boolean> {
  const isWanted = session.want();
  return told(session, async () => (await import('../why/sf-why.ts')).explain(session, check, isWanted));
}

/** Sets the run beside the same run with a defence or a deed flipped; asked again, it stands alone. */
export function compare(session: Session, flipped: string): Promise<boolean> {
  if (session.comparing.twin?.flipped === flipped) {
    session.comparing.end();
    return Promise.resolve(true);
  }
  const isWanted = session.want();
  return told(session, async () =>
    (await import('../twin/sf-twin.ts')).compare(session, flipped, isWanted),
  );
}

/** Loads what judges a challenge. */
export function loadChallenge(session: Session): Promise<boolean> {
  return told(session, async () => {
    // What shows it asks what judges it.
    await session.load('contest');
    await import('../challenge/sf-challenge.ts');
  });
}

/** Challenges the reader. */
export async function challenge(session: Session, aim: Aim): Promise<void> {
  const isWanted = session.want();
  if ((await loadChallenge(session)) && isWanted()) session.challenging.begin(aim);
}

/** Asks first, and tells afterwards. */
export async function guessFirst(session: Session): Promise<void> {
  const { asking } = session;
  const { asked } = asking;
  const isWanted = () => asking.asked === asked;
  await told(session, async () => (await import('../guess/sf-guess.ts')).guessFirst(session, isWanted));
  // What could not be loaded asks nothing.
  if (asking.asked && isWanted()) asking.askNothing();
}

/** Answers whether it could be done. Whoever wants to try again presses the same button. */
export async function told(session: Session, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (cause) {
    session.notices.tellProblem((await unavailable(cause, words.unavailable.pageNotLoaded)).message);
    return false;
  }
}
