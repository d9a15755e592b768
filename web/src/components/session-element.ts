/** What the page and the embed have in common: a session, its keys, and what components ask of it. */
import { LitElement, html, type TemplateResult } from 'lit';
import type { State } from '../core/index.ts';
import { commandFor, type Command } from '../keyboard.ts';
import type { Session } from '../session.ts';
import type { Painter } from './sf-stage.ts';
import type { DefenceSwitch } from './sf-switch.ts';
import type { ControlMove } from './sf-slider.ts';

/** What components send, and with what. */
interface Requests {
  'control-move': ControlMove;
  'defence-switch': DefenceSwitch;
  hold: undefined;
  'new-seed': undefined;
  palette: string;
  release: undefined;
  restart: undefined;
  seek: number;
  speed: number;
  step: undefined;
  'step-back': undefined;
  toggle: undefined;
}

type Handlers = { [K in keyof Requests]: (session: Session, detail: Requests[K]) => void };

const HANDLERS: Handlers = {
  'control-move': (session, { control, value }) => session.set(control, value),
  'defence-switch': (session, { defence, on }) => session.defend(defence, on),
  hold: (session) => session.hold(),
  'new-seed': (session) => session.newSeed(),
  palette: (session, palette) => session.setPalette(palette),
  release: (session) => session.release(),
  restart: (session) => session.restart(),
  seek: (session, moment) => session.seek(moment),
  speed: (session, speed) => session.setSpeed(speed),
  step: (session) => session.step(),
  'step-back': (session) => session.stepBack(),
  toggle: (session) => session.toggle(),
};

export abstract class SessionElement extends LitElement {
  static override properties = {
    session: { attribute: false },
    unavailable: { type: String },
  };

  /** The run; a curious reader, or a test, may ask it for its `digest()`. */
  declare session: Session | undefined;
  /** Why there is no run. */
  declare unavailable: string | undefined;

  protected readonly painter: Painter = (context, width, height) =>
    this.session?.paint(context, width, height);

  readonly #onKey = (event: KeyboardEvent): void => {
    const command = commandFor(event);
    if (!command || !this.session) return;
    event.preventDefault();
    this.obey(command, this.session);
  };

  constructor() {
    super();
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

  /** Shows a run, from its first picture on. */
  show(session: Session): void {
    this.session = session;
    session.addEventListener('change', () => this.requestUpdate());
    session.addEventListener('frame', () => this.onFrame(session));
  }

  protected abstract renderSession(session: Session): TemplateResult;

  protected onFrame(session: Session): void {
    this.renderRoot.querySelector('sf-stage')?.paint();
    const bar = this.renderRoot.querySelector('sf-time-bar');
    if (bar) bar.time = session.timeMs;
  }

  protected obey(command: Command, session: Session): void {
    if (command === 'toggle') session.toggle();
    else if (command === 'step') session.step();
    else if (command === 'step-back') session.stepBack();
    else if (command === 'faster') session.faster();
    else if (command === 'slower') session.slower();
  }

  protected override render() {
    if (this.session) return this.renderSession(this.session);
    if (this.unavailable !== undefined) return html`<p class="sentence">${this.unavailable}</p>`;
    return html`<slot></slot>`;
  }

  #serve(type: string, handler: (session: Session, detail: never) => void): void {
    this.addEventListener(type, (event) => {
      if (this.session && event instanceof CustomEvent) handler(this.session, event.detail as never);
    });
  }
}

/** The moments at which a check was violated. */
export function violations({ verdicts }: State): number[] {
  return verdicts
    .filter(({ state }) => state === 'violated')
    .flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
}
