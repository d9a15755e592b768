/** What components ask of the session. A new request is a line in `Requests` and one in `HANDLERS`. */
import type { Json, Palette } from '../../core/index.ts';
import type { DrawnCut } from '../../session/pictures/pictures.ts';
import type { Aim } from '../../session/challenge/challenging.ts';
import type { Selection } from '../../session/pictures/selection.ts';
import type { Session } from '../../session/session.ts';
import type { Choices } from '../../session/choices.ts';
import type { ControlMove } from '../controls/sf-control.ts';
import { challenge, compare, explain } from './asked.ts';
import type { DefenceSwitch } from '../controls/sf-switch.ts';

/** What components send, and with what. */
interface Requests {
  act: string[];
  challenge: Aim;
  choose: Partial<Choices>;
  compare: string;
  'control-end': undefined;
  'control-move': ControlMove;
  cut: DrawnCut;
  'defence-switch': DefenceSwitch;
  explain: string;
  faster: undefined;
  future: number;
  'guess-first': undefined;
  hold: undefined;
  'lift-fog': undefined;
  'move-to': { place: number; ms: number };
  light: Selection | undefined;
  'new-seed': undefined;
  next: undefined;
  palette: Json<Palette>;
  perspective: string | null;
  preset: ReadonlyMap<string, number>;
  previous: undefined;
  redo: undefined;
  release: undefined;
  restart: undefined;
  seek: number;
  select: Selection | undefined;
  slower: undefined;
  speed: number;
  stay: undefined;
  step: undefined;
  'step-back': undefined;
  'take-all-back': undefined;
  'take-back': number;
  tell: number;
  toggle: undefined;
  'toggle-fog': undefined;
  undo: undefined;
  'watch-next': undefined;
}

type Handlers = { [K in keyof Requests]: (session: Session, detail: Requests[K]) => void };

const HANDLERS: Handlers = {
  act: (session, deeds) => session.edits.act(...deeds),
  challenge: (session, aim) => void challenge(session, aim),
  choose: (session, choices) => session.choose(choices),
  compare: (session, flipped) => void compare(session, flipped),
  'control-end': (session) => session.edits.endDrag(),
  'control-move': (session, { control, value }) => session.edits.set(control, value),
  cut: (session, cut) => session.edits.cut(cut),
  'defence-switch': (session, { defence, on }) => session.edits.defend(defence, on),
  explain: (session, check) => void explain(session, check),
  faster: (session) => session.player.faster(),
  future: (session, place) => session.edits.switchFuture(place),
  'guess-first': (session) => session.asking.askFirst(),
  hold: (session) => session.player.hold(),
  'lift-fog': (session) => session.fog.lift(),
  'move-to': (session, { place, ms }) => session.edits.moveTo(place, ms),
  light: (session, selection) => {
    session.pictures.light(selection);
    session.redraw();
  },
  'new-seed': (session) => session.newSeed(),
  next: (session) => session.travel.nextInteresting(),
  palette: (session, palette) => session.setPalette(palette),
  perspective: (session, node) => session.seeAs(node),
  preset: (session, values) => session.edits.setAll(values),
  previous: (session) => session.travel.previousInteresting(),
  redo: (session) => session.edits.redo(),
  release: (session) => session.player.release(),
  restart: (session) => session.travel.restart(),
  seek: (session, moment) => session.travel.seek(moment),
  select: (session, selection) => {
    session.pictures.select(selection);
    session.redraw();
  },
  slower: (session) => session.player.slower(),
  speed: (session, speed) => session.player.setSpeed(speed),
  stay: (session) => session.travel.stay(),
  step: (session) => session.travel.step(),
  'step-back': (session) => session.travel.stepBack(),
  'take-all-back': (session) => session.edits.takeAllBack(),
  'take-back': (session, place) => session.edits.takeBack(place),
  tell: (session, place) => session.telling.tell(place),
  toggle: (session) => session.player.toggle(),
  'toggle-fog': (session) => session.fog.toggle(),
  undo: (session) => session.edits.undo(),
  'watch-next': (session) => session.watchNext(),
};

/** Answers a request that comes with nothing. */
export function answer(request: Plain, session: Session): void {
  HANDLERS[request](session, undefined);
}

/** The requests that come with nothing. */
type Plain = { [K in keyof Requests]: Requests[K] extends undefined ? K : never }[keyof Requests];

/** Answers what the components inside an element ask for, as long as it has a session. */
export function answerAll(element: EventTarget, sessionOf: () => Session | undefined): void {
  for (const [type, handler] of Object.entries(HANDLERS)) listen(element, type, handler, sessionOf);
}

function listen(
  element: EventTarget,
  type: string,
  handler: (session: Session, detail: never) => void,
  sessionOf: () => Session | undefined,
): void {
  element.addEventListener(type, (event) => {
    const session = sessionOf();
    if (session && event instanceof CustomEvent) handler(session, event.detail as never);
  });
}
