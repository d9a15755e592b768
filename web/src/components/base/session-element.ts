/** What the page and the embed have in common: a session, its keys, and what components ask of it. */
import { LitElement, html, type PropertyValues, type TemplateResult } from 'lit';
import type { Json, Palette } from '../../core/index.ts';
import type { Choices } from '../../session/settings.ts';
import type { Selection } from '../../session/selection.ts';
import { commandFor, type Command } from '../../session/keyboard.ts';
import type { Session } from '../../session/session.ts';
import type { DefenceSwitch } from '../controls/sf-switch.ts';
import type { ControlMove } from '../controls/sf-slider.ts';

/** What components send, and with what. */
interface Requests {
  act: string[];
  choose: Partial<Choices>;
  'control-end': undefined;
  'control-move': ControlMove;
  'defence-switch': DefenceSwitch;
  future: number;
  hold: undefined;
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
  speed: number;
  step: undefined;
  'step-back': undefined;
  tell: number | undefined;
  toggle: undefined;
  undo: undefined;
}

type Handlers = { [K in keyof Requests]: (session: Session, detail: Requests[K]) => void };

const HANDLERS: Handlers = {
  act: (session, deeds) => session.act(...deeds),
  choose: (session, choices) => session.choose(choices),
  'control-end': (session) => session.endDrag(),
  'control-move': (session, { control, value }) => session.set(control, value),
  'defence-switch': (session, { defence, on }) => session.defend(defence, on),
  future: (session, place) => session.switchFuture(place),
  hold: (session) => session.hold(),
  light: (session, selection) => {
    session.pictures.light(selection);
    session.redraw();
  },
  'new-seed': (session) => session.newSeed(),
  next: (session) => session.nextInteresting(),
  palette: (session, palette) => session.setPalette(palette),
  perspective: (session, node) => {
    session.pictures.show({ perspective: node });
    session.redraw();
  },
  preset: (session, values) => session.setAll(values),
  previous: (session) => session.previousInteresting(),
  redo: (session) => session.redo(),
  release: (session) => session.release(),
  restart: (session) => session.restart(),
  seek: (session, moment) => session.seek(moment),
  select: (session, selection) => {
    session.pictures.select(selection);
    session.redraw();
  },
  speed: (session, speed) => session.setSpeed(speed),
  step: (session) => session.step(),
  'step-back': (session) => session.stepBack(),
  tell: (session, place) => session.tell(place),
  toggle: (session) => session.toggle(),
  undo: (session) => session.undo(),
};

/** A canvas, or what holds one. */
interface Picture extends Element {
  paint(): void;
}

export abstract class SessionElement extends LitElement {
  static override properties = {
    session: { attribute: false },
    unavailable: { type: String },
    ownKeys: { type: Boolean },
  };

  /** The run; a curious reader, or a test, may ask it for its `digest()`. */
  declare session: Session | undefined;
  /** Why there is no run. */
  declare unavailable: string | undefined;
  /** Whether keys count only where this element has the focus: for a figure among others on a page. */
  declare ownKeys: boolean;

  #unlisten: AbortController | undefined;

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.ownKeys && !event.composedPath().includes(this)) return;
    const command = commandFor(event);
    if (!command || !this.session) return;
    if (command !== 'close') event.preventDefault();
    this.obey(command, this.session);
  };

  constructor() {
    super();
    this.ownKeys = false;
    for (const [type, handler] of Object.entries(HANDLERS)) this.#serve(type, handler);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('session')) this.#listen(this.session);
  }

  protected abstract renderSession(session: Session): TemplateResult;

  protected onFrame(session: Session): void {
    for (const picture of this.renderRoot.querySelectorAll<Picture>('.picture')) picture.paint();
    const bar = this.renderRoot.querySelector('sf-time-bar');
    if (bar) bar.time = session.timeMs;
  }

  protected obey(command: Command, session: Session): void {
    if (command === 'toggle') session.toggle();
    else if (command === 'step') session.step();
    else if (command === 'step-back') session.stepBack();
    else if (command === 'next') session.nextInteresting();
    else if (command === 'previous') session.previousInteresting();
    else if (command === 'undo') session.undo();
    else if (command === 'redo') session.redo();
    else if (command === 'faster') session.faster();
    else if (command === 'slower') session.slower();
  }

  protected override render() {
    if (this.session) return this.renderSession(this.session);
    if (this.unavailable !== undefined) return html`<p class="sentence">${this.unavailable}</p>`;
    return html`<slot></slot>`;
  }

  #listen(session: Session | undefined): void {
    this.#unlisten?.abort();
    if (!session) return;
    this.#unlisten = new AbortController();
    const { signal } = this.#unlisten;
    session.addEventListener('change', () => this.requestUpdate(), { signal });
    session.addEventListener('frame', () => this.onFrame(session), { signal });
  }

  #serve(type: string, handler: (session: Session, detail: never) => void): void {
    this.addEventListener(type, (event) => {
      if (this.session && event instanceof CustomEvent) handler(this.session, event.detail as never);
    });
  }
}
