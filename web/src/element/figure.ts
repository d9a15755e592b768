/** A figure that is awake: a run, what its attributes ask for, and what its page hears of it. */
import '../components/page/sf-embed.ts';
import type { SfEmbed } from '../components/page/sf-embed.ts';
import type { LinkHolder } from '../session/address.ts';
import { Device } from '../session/choices.ts';
import { open, openAnyway } from '../session/opening.ts';
import type { Session } from '../session/session.ts';
import { start } from '../session/start.ts';
import type { FigureEvents, Tell } from './events.ts';
import { momentOf, readSettings, type Attributes, type Settings } from './settings.ts';
import { words } from '../words.ts';

/** A run as it was left, which is shown again when its element is put back. */
export interface Left {
  /** The link of its moment. */
  link: string;
  /** What was said of the link that its author gave. */
  revision: string[];
}

/** Where a figure is, and what it shows. */
interface Placing {
  embed: SfEmbed;
  attributes: Attributes;
  scenario: string | undefined;
  /** Keeps the link of the run; given the link that the attributes name. */
  holder: (link: string) => LinkHolder;
  left?: Left | undefined;
  tell: Tell;
}

/** Loads the simulator and opens the run; nothing where there is none, which `error` has told then. */
/** How much memory the run of a figure may take: the page is somebody else's, and may have many figures. */
const MEMORY_MIB = 64;

export async function wake(placing: Placing): Promise<Figure | undefined> {
  const { embed, left, tell } = placing;
  let figure: Figure | undefined;
  const settings = readSettings(placing.attributes, placing.scenario);
  const link = left?.link ?? settings.link;
  await start(embed, link, async (core) => {
    const address = placing.holder(link);
    const opening = {
      core,
      address,
      device: new Device('guest'),
      autoplay: settings.autoplay,
      memoryMiB: MEMORY_MIB,
    };
    const show = () => {
      if (embed.session) figure = new Figure(embed, embed.session, settings, tell, left);
    };
    embed.addEventListener('open-anyway', () => {
      if (figure) void figure.session.openAgain();
      else void openAnyway(embed, opening).then(show);
    });
    await open(embed, opening);
    show();
  });
  if (embed.unavailable !== undefined) tell('error', { message: embed.unavailable });
  return figure;
}

export class Figure {
  readonly session: Session;
  readonly #embed: SfEmbed;
  readonly #tell: Tell;
  readonly #listening = new AbortController();
  #settings: Settings;
  /** What was told last. */
  #told: FigureEvents['timechange'] | undefined;
  #violated = new Set<string>();

  constructor(embed: SfEmbed, session: Session, settings: Settings, tell: Tell, left?: Left) {
    this.#embed = embed;
    this.session = session;
    this.#settings = settings;
    this.#tell = tell;
    const { signal } = this.#listening;
    session.addEventListener('frame', () => this.#follow(), { signal });
    session.addEventListener('change', () => this.#follow(), { signal });
    this.#take(left ? { ...settings, momentMs: undefined } : settings);
    if (left) session.notices.revision = left.revision;
    tell('ready', { link: this.link });
    this.#report();
    this.#follow();
  }

  /** The address of the run as it stands, on the full page. */
  get link(): string {
    return new URL(`./${this.session.link}`, this.#embed.home).href;
  }

  /** What it takes to show the same again. */
  get left(): Left {
    const { link, notices } = this.session;
    return { link, revision: notices.revision };
  }

  get timeMs(): number {
    return this.session.timeMs;
  }

  get endMs(): number {
    return this.session.endMs;
  }

  /** The attributes may have other values. What stayed the same is left as the reader has it. */
  show(attributes: Attributes, scenario: string | undefined): void {
    const old = this.#settings;
    const settings = readSettings(attributes, scenario);
    this.#settings = settings;
    const isOther = settings.link !== old.link;
    const take = () => {
      this.#take(settings, isOther ? undefined : old);
      if (settings.autoplay && !old.autoplay) this.session.player.playUnasked();
      if (isOther || JSON.stringify(settings.bad) !== JSON.stringify(old.bad)) this.#report();
    };
    if (isOther) void this.session.open(settings.link, take);
    else take();
  }

  /** Opens the run of a link. */
  open(link: string): void {
    void this.session.open(link, () => this.#report());
  }

  play(): void {
    this.session.player.play();
  }

  pause(): void {
    this.session.player.pause();
  }

  /** Goes to a moment: virtual milliseconds, or as links write it. */
  seek(moment: number | string): void {
    const ms = typeof moment === 'number' ? moment : momentOf(moment.trim());
    if (ms === undefined || !(ms >= 0)) {
      throw new RangeError(words.element.bad('seek', String(moment), words.element.moment));
    }
    this.session.travel.seek(ms);
  }

  /** Shows what the attributes ask for, whatever the reader has made of it. */
  reset(): void {
    this.session.player.pause();
    void this.session.open(this.#settings.link, () => {
      this.#take(this.#settings);
      this.#report();
    });
  }

  /** Gives back all that it holds. */
  end(): void {
    this.#listening.abort();
    this.session.end();
  }

  /** Does what the settings say, as far as they differ from the old ones. */
  #take(settings: Settings, old?: Settings): void {
    const { controls, readonly, view, speed, momentMs } = settings;
    Object.assign(this.#embed, { controls, readonly });
    if (view !== undefined && view !== old?.view) this.session.choose({ view });
    if (speed !== undefined && speed !== old?.speed) this.session.player.setSpeed(speed);
    if (momentMs !== undefined && momentMs !== old?.momentMs) this.session.travel.seek(momentMs);
  }

  /** What could not be used is said in the figure, and told. */
  #report(): void {
    const { bad } = this.#settings;
    const ofLink = this.session.notices.problems;
    for (const { attribute, value, sentence } of bad) {
      this.#tell('error', { message: sentence, attribute, value });
    }
    for (const message of ofLink) this.#tell('error', { message });
    this.session.notices.problems = [...bad.map(({ sentence }) => sentence), ...ofLink];
    if (bad.length > 0) this.session.redraw();
  }

  #follow(): void {
    this.#tellViolations();
    const now = { timeMs: this.timeMs, endMs: this.endMs, playing: this.session.playing };
    const { timeMs, endMs, playing } = this.#told ?? {};
    if (timeMs === now.timeMs && endMs === now.endMs && playing === now.playing) return;
    this.#told = now;
    this.#tell('timechange', now);
  }

  #tellViolations(): void {
    const violated = this.session.state.verdicts.filter(({ state }) => state === 'violated');
    for (const { check, sentence, at_ms } of violated) {
      if (!this.#violated.has(check)) this.#tell('violation', { check, sentence, atMs: at_ms });
    }
    this.#violated = new Set(violated.map(({ check }) => check));
  }
}
