/** A figure that is awake: a run, what its attributes ask for, and what its page hears of it. */
import type { Core } from '../core/index.ts';
import type { SfEmbed } from '../components/page/sf-embed.ts';
import type { LinkHolder } from '../session/address.ts';
import { Device } from '../session/choices.ts';
import { open, openAnyway } from '../session/opening.ts';
import { placeOf } from '../session/place.ts';
import { notLoaded, unreadOf, type Failure } from '../session/run/failure.ts';
import type { Opening, Session } from '../session/session.ts';
import { start } from '../session/start.ts';
import type { FigureEvents, Tell } from './events.ts';
import { LATEST_MS, momentOf, readSettings, type Attributes, type Settings } from './settings.ts';
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
  /** An address in the folder of the full page. */
  home: string;
  attributes: Attributes;
  scenario: string | undefined;
  /** Keeps the link of the run; given the link that the attributes name. */
  holder: (link: string) => LinkHolder;
  left?: Left | undefined;
  tell: Tell;
}

/** How much memory the run of a figure may take: the page is somebody else's, and may have many figures. */
const MEMORY_MIB = 64;

/** Loads the simulator and opens the run; nothing where there is no simulator, which `error` has told then. */
export async function wake(placing: Placing): Promise<Figure | undefined> {
  const { embed, tell, left } = placing;
  let figure: Figure | undefined;
  const link = left?.link ?? readSettings(placing.attributes, placing.scenario).link;
  // In a task apart from what is loaded here: all at once would hold up the page.
  const shown = import('../components/page/sf-embed.ts');
  await start(embed, link, shown, async (core) => {
    // One that is in no document yet is not made an element of ours by itself.
    customElements.upgrade(embed);
    figure = new Figure(placing, core);
    await figure.opened;
  });
  if (embed.unavailable !== undefined) tell('error', { message: embed.unavailable });
  return figure;
}

export class Figure {
  /** Done once the first run was opened, or could not be. */
  readonly opened: Promise<void>;
  readonly #embed: SfEmbed;
  readonly #opening: Opening;
  readonly #tell: Tell;
  readonly #listening = new AbortController();
  #settings: Settings;
  /** Those that the run was made to follow last. */
  #taken: Settings | undefined;
  /** The run that is followed. */
  #session: Session | undefined;
  /** What was told last. */
  #told: FigureEvents['timechange'] | undefined;
  #violated = new Set<string>();
  /** The link that was to be shown last. */
  #asked: string | undefined;

  constructor({ embed, home, attributes, scenario, holder, left, tell }: Placing, core: Core) {
    const settings = readSettings(attributes, scenario);
    this.#embed = embed;
    // What is set before an element is made ours counts only from its first picture on.
    embed.home = home;
    this.#tell = tell;
    this.#settings = settings;
    this.#opening = {
      core,
      address: holder(left?.link ?? settings.link),
      device: new Device('guest'),
      autoplay: settings.autoplay,
      memoryMiB: MEMORY_MIB,
    };
    const { signal } = this.#listening;
    embed.addEventListener('open-anyway', () => this.#again(), { signal });
    const { link } = this.#opening.address;
    const openFirst = () => this.#openFirst(left, scenario);
    this.opened = core.knows(link) ? openFirst() : core.learn(link).then(openFirst, openFirst);
  }

  async #openFirst(left: Left | undefined, scenario: string | undefined): Promise<void> {
    const { core, address } = this.#opening;
    // Of what could not be loaded, opening tells.
    const unread = core.knows(address.link) ? this.#unread(address.link, scenario) : undefined;
    if (unread) {
      this.#embed.unavailable = unread.join(' ');
      return;
    }
    await open(this.#embed, this.#opening);
    this.#begin(left);
  }

  /** The run; none where the first one could not be opened. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The address of the run as it stands, on the full page. */
  get link(): string {
    const link = this.#session?.link ?? this.#opening.address.link;
    return new URL(`./${link}`, this.#embed.home).href;
  }

  /** What it takes to show the same again. */
  get left(): Left | undefined {
    if (!this.#session) return undefined;
    const { link, notices } = this.#session;
    return { link, revision: notices.revision };
  }

  get timeMs(): number {
    return this.#session?.timeMs ?? 0;
  }

  get endMs(): number {
    return this.#session?.endMs ?? 0;
  }

  /** The attributes may have other values. What stayed the same is left as the reader has it. */
  show(attributes: Attributes, scenario: string | undefined): void {
    const old = this.#settings;
    const settings = readSettings(attributes, scenario);
    this.#settings = settings;
    const isOther = settings.link !== old.link;
    const take = (taken?: Settings) => {
      this.#take(this.#settings, taken);
      if (settings.autoplay && !old.autoplay) this.#session?.player.playUnasked();
    };
    const takeAll = () => {
      take();
      this.#tellReady();
    };
    // Of a link that is refused, too, the other attributes count; those of one that is being loaded count once it is there.
    const takeOthers = () => {
      if (!this.#session?.isLoading) take(this.#taken);
    };
    if (isOther && this.#show(settings.link, takeAll, scenario, takeOthers)) return;
    takeOthers();
    if (!isOther && JSON.stringify(settings.bad) !== JSON.stringify(old.bad)) this.#report();
  }

  /** Opens the run of a link. */
  open(link: string): void {
    this.#show(link, () => this.#tellReady());
  }

  play(): void {
    this.#session?.player.play();
  }

  pause(): void {
    this.#session?.player.pause();
  }

  /** Goes to a moment: virtual milliseconds, or as links write it. */
  seek(moment: number | string): void {
    const ms = msOf(moment);
    if (ms === undefined || !(ms >= 0 && ms <= LATEST_MS)) {
      throw new RangeError(words.element.bad('seek', spelled(moment), words.element.moment));
    }
    this.#session?.travel.seek(ms);
  }

  /** Shows what the attributes ask for, whatever the reader has made of it. */
  reset(): void {
    this.pause();
    this.#show(this.#settings.link, () => {
      this.#take(this.#settings);
      this.#report();
    });
  }

  /** Gives back all that it holds. */
  end(): void {
    this.#listening.abort();
    this.#session?.end();
  }

  /**
   * Shows the run of a link, and then does something with it; the first one, if no link gave one before. Answers whether the
   * link names one, or may: where that is not known yet, `onRefusal` hears if it does not.
   */
  #show(
    link: string,
    onOpen: () => void,
    scenario?: string,
    onRefusal = () => {
      // Nobody waits for it.
    },
  ): boolean {
    const { core } = this.#opening;
    this.#asked = link;
    if (!core.knows(link)) {
      this.#session?.player.stop();
      const isWanted = () => this.#asked === link && !this.#listening.signal.aborted;
      const show = () => {
        if (isWanted() && !this.#show(link, onOpen, scenario)) onRefusal();
      };
      core.learn(link).then(show, (fault: unknown) => {
        if (isWanted()) this.#tellNotLoaded(notLoaded(link, fault));
      });
      return true;
    }
    const unread = this.#unread(link, scenario);
    if (unread) this.#refuse(link, unread);
    else if (this.#session) void this.#session.open(link, onOpen);
    else void this.#openAnyway(link).then(onOpen);
    return !unread;
  }

  #tellNotLoaded(failure: Failure): void {
    this.#session?.notices.tell(failure);
    this.#tell('error', { message: failure.detail });
  }

  /** Why a link names no run, or a scenario is none, in sentences; nothing if it names one. */
  #unread(link: string, scenario: string | undefined): string[] | undefined {
    if (['opened', 'path'].includes(placeOf(link))) return [words.element.noRun];
    const unread = unreadOf(this.#opening.core, link);
    const isMarkup = /<\/?p>|&quot;/.test(scenario ?? '');
    return unread && (isMarkup ? [...unread.sentences, words.element.markup] : unread.sentences);
  }

  /** The run that there is stays, and none comes that another link named before. */
  #refuse(link: string, sentences: string[]): void {
    if (this.#session) {
      this.#session.forgetAwaited();
      this.#session.notices.problems = sentences;
      this.#report();
      return;
    }
    for (const message of sentences) this.#tell('error', { message });
    this.#opening.address.show(link);
    this.#embed.failure = undefined;
    this.#embed.unavailable = sentences.join(' ');
  }

  async #openAnyway(link: string): Promise<void> {
    this.#embed.unavailable = undefined;
    this.#opening.address.show(link);
    await openAnyway(this.#embed, this.#opening);
    this.#begin();
  }

  /** Tries again to open what could not be opened. */
  #again(): void {
    if (this.#session) void this.#session.openAgain();
    else void this.#openAnyway(this.#opening.address.link);
  }

  /** Follows the run, if there is one now, and tells of it. */
  #begin(left?: Left): void {
    const { session } = this.#embed;
    if (!session || session === this.#session) return;
    const { signal } = this.#listening;
    if (signal.aborted) {
      session.end();
      return;
    }
    this.#session = session;
    session.addEventListener('frame', () => this.#follow(), { signal });
    session.addEventListener('change', () => this.#follow(), { signal });
    this.#take(left ? { ...this.#settings, momentMs: undefined } : this.#settings);
    if (left) session.notices.revision = left.revision;
    this.#tellReady();
    this.#follow();
  }

  /** The run is there, the first one or another. */
  #tellReady(): void {
    if (!this.#session) return;
    this.#tell('ready', { link: this.link });
    this.#report();
  }

  /** Does what the settings say, as far as they differ from the old ones. */
  #take(settings: Settings, old?: Settings): void {
    const { controls, readonly, view, speed, momentMs } = settings;
    Object.assign(this.#embed, { controls, readonly });
    const session = this.#session;
    if (session) this.#taken = this.#settings;
    if (view !== undefined && view !== old?.view) session?.choose({ view });
    if (speed !== undefined && speed !== old?.speed) session?.player.setSpeed(speed);
    if (momentMs !== undefined && momentMs !== old?.momentMs) session?.travel.seek(momentMs);
  }

  /** What could not be used is said in the figure, and told. */
  #report(): void {
    const session = this.#session;
    if (!session) return;
    const { bad } = this.#settings;
    const ofLink = session.notices.problems;
    for (const { attribute, value, sentence } of bad) {
      this.#tell('error', { message: sentence, attribute, value });
    }
    for (const message of ofLink) this.#tell('error', { message });
    session.notices.problems = [...bad.map(({ sentence }) => sentence), ...ofLink];
    session.redraw();
  }

  #follow(): void {
    this.#tellViolations();
    const now = { timeMs: this.timeMs, endMs: this.endMs, playing: this.#session?.playing ?? false };
    const { timeMs, endMs, playing } = this.#told ?? {};
    if (timeMs === now.timeMs && endMs === now.endMs && playing === now.playing) return;
    this.#told = now;
    this.#tell('timechange', now);
  }

  #tellViolations(): void {
    const verdicts = this.#session?.state.verdicts ?? [];
    const violated = verdicts.filter(({ state }) => state === 'violated');
    for (const { check, sentence, at_ms } of violated) {
      if (!this.#violated.has(check)) this.#tell('violation', { check, sentence, atMs: at_ms });
    }
    this.#violated = new Set(violated.map(({ check }) => check));
  }
}

/** A moment as it was given, in virtual milliseconds; scripts may give anything. */
function msOf(moment: unknown): number | undefined {
  if (typeof moment === 'number') return moment;
  return typeof moment === 'string' ? momentOf(moment.trim()) : undefined;
}

/** Not everything can be made a text: an object may have no way to. */
function spelled(value: unknown): string {
  return typeof value === 'object' && value !== null ? words.element.object : String(value);
}
