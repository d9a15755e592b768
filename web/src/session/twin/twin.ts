/**
 * The run beside the session's own: the same seed and weather, with one defence, setting or deed flipped. It follows the session to each moment,
 * and is opened again when the session's run is changed.
 */
import {
  CoreUnavailable,
  type About,
  type Core,
  type Mark,
  type Run,
  type State,
  type Twin as Beside,
  type TwinAbout,
  type TwinFigures,
  type View,
} from '../../core/index.ts';
import { breakOff } from '../run/failure.ts';
import { moment } from '../../format.ts';
import { GuardedRun } from '../run/guarded-run.ts';
import { LONG_MS } from '../run/journey.ts';
import { Pictures } from '../pictures/pictures.ts';
import { mostListed } from '../run/readings.ts';
import { whenIdle } from '../when-idle.ts';
import { words } from './words.ts';

/** How many events are played at a time to find out where they part. */
const SLICE = 250;
/** For so long it works at a time, and for so long the other run may follow in a frame. */
const WORK_MS = 6;
const PATIENCE_MS = 500;
/** So often the words and numbers follow. */
const STATE_MS = 125;

/** What it follows: a session. */
export interface Followed {
  readonly about: About;
  readonly pictures: Pictures;
  readonly timeMs: number;
  readonly playing: boolean;
  requestFrame(): void;
  redraw(): void;
}

/** What it is made of. */
export interface TwinParts {
  core: Core;
  /** Opens a run as the session opens its own. */
  open: (link: string) => Run;
  session: Followed;
  /** The session's own run. */
  own: GuardedRun;
  /** Takes it away. */
  remove: () => void;
}

export class Twin {
  /** The defence, the setting with its value, or the deed with its moment, as links write it. */
  readonly flipped: string;
  about: TwinAbout;
  /** The other run at the session's moment; nothing before it is there. */
  state: State | undefined;
  figures: TwinFigures[] | null = null;
  /** When they part, in milliseconds: null while nobody knows, nothing if they never do. */
  partingMs: number | null | undefined = null;

  readonly #core: Core;
  readonly #session: Followed;
  readonly #own: GuardedRun;
  readonly #remove: () => void;
  readonly #other: GuardedRun;
  readonly #pictures: Pictures;
  #beside: Beside | undefined;
  /** For which comparison it waits to look where they part. */
  #seeks: Beside | undefined;
  #readAt = -Infinity;
  /** For which moment of the session it was read last. */
  #readFor = NaN;
  /** Since when the other run has been on its way to the session's moment; nothing once it is there. */
  #behindSince: number | undefined;
  #isToldOnWay = false;
  #isOver = false;
  #isBroken = false;
  #isSeen = true;

  /** The run beside the session's, with this flipped; nothing if it cannot be, or that run breaks at once. */
  static of(flipped: string, parts: TwinParts): Twin | undefined {
    const link = parts.own.attempt((run) => run.flipped_link(flipped));
    if (link === undefined) return undefined;
    try {
      const twin = new Twin(flipped, parts, parts.open(link));
      if (!twin.#isBroken) return twin;
      twin.end();
      return undefined;
    } catch (fault) {
      if (fault instanceof CoreUnavailable) throw fault;
      breakOff(parts.core, fault, link);
      return undefined;
    }
  }

  private constructor(flipped: string, { core, open, session, own, remove }: TwinParts, other: Run) {
    this.flipped = flipped;
    this.about = { says: flipped, differs: 'deed', values: null, is_here: false };
    this.#core = core;
    this.#session = session;
    this.#own = own;
    this.#remove = remove;
    this.#other = new GuardedRun(core, open, other, {
      onAdopt: () => this.#adopt(),
      onBreak: () => this.#onBreak(),
      onHeldUp: remove,
    });
    this.#pictures = new Pictures(this.#other.attempt.bind(this.#other), this.#other.attemptAwake, () => {
      // The legend is the session's.
    });
    this.#adopt();
  }

  /** Brings the other run to the session's moment, as far as it comes in a frame, and compares them. */
  follow(): void {
    if (!this.#isOver && !this.#isCurrent()) this.#open();
    // The session's run may have been built again.
    if (this.#isOver) return;
    const ms = this.#session.timeMs;
    this.#other.attempt((run) => {
      if (run.aim_ms() !== ms) run.seek(ms);
    });
    if (this.#other.goOn(WORK_MS) === false) {
      this.#stayBehind();
      return;
    }
    // At rest nothing else has the page follow.
    const isNews = this.#behindSince !== undefined || (!this.#session.playing && this.#readFor !== ms);
    this.#behindSince = undefined;
    this.#isToldOnWay = false;
    this.#compared((beside, own, other) => beside.compare(own, other));
    if (isNews || this.figures === null || performance.now() - this.#readAt >= STATE_MS) this.read();
    if (isNews) this.#session.redraw();
  }

  /** How the two runs differ, in a word: the session's own first. */
  get states(): [string, string] {
    const { differs, values, is_here } = this.about;
    if (values) return [values[0] ?? '', values[1] ?? ''];
    const [has = '', lacks = ''] = differs === 'value' ? [] : words.states[differs];
    return is_here ? [has, lacks] : [lacks, has];
  }

  /** What is flipped, for readers. */
  get says(): string {
    return this.about.says || words.message;
  }

  /** What the two runs are called. */
  get halves(): [string, string] {
    const [own, other] = lowered(this.states);
    return [words.half(this.says, own), words.half(this.says, other)];
  }

  /** Whether the other run has been on its way for so long that a reader wants to know. */
  get isOnWay(): boolean {
    return this.#behindSince !== undefined && performance.now() - this.#behindSince >= LONG_MS;
  }

  /** The session may rest: the next frame takes the other run on. What is compared meanwhile would be two moments. */
  #stayBehind(): void {
    this.#behindSince ??= performance.now();
    if (this.isOnWay && !this.#isToldOnWay) {
      this.#isToldOnWay = true;
      this.#session.redraw();
    } else this.#session.requestFrame();
  }

  /** Reads the words and numbers of the moment. */
  read(): void {
    if (this.#behindSince !== undefined) return;
    this.#readAt = performance.now();
    // Its words, too, are of what the node knows in whose perspective the session is seen.
    this.#pictures.show(this.#session.pictures.lookNow);
    const most = mostListed(this.#session.playing);
    this.state = this.#other.attempt((run) => run.state(most)) ?? this.state;
    this.#readFor = this.#session.timeMs;
    // A message has a name once it is sent.
    if (this.about.says === '') this.#readAbout();
    const wasKnown = this.figures !== null;
    this.figures = this.#compared((beside, own, other) => beside.figures(own, other)) ?? null;
    // A call counts a part of a long way.
    if (this.figures === null && !this.#isOver) this.#session.requestFrame();
    else if (!wasKnown) this.#session.redraw();
  }

  /** Paints the other run, as the session's own is looked at. */
  paint(view: View, context: CanvasRenderingContext2D, width: number, height: number): void {
    const { palette, lookNow } = this.#session.pictures;
    if (palette !== undefined) this.#pictures.setPalette(palette);
    this.#pictures.show(lookNow);
    this.#other.attempt((run) => run.paint(view, context, width, height));
  }

  /** Where they part, on the time bar. */
  get marks(): Mark[] {
    const { partingMs } = this;
    if (typeof partingMs !== 'number') return [];
    return [{ kind: 'fork', time_ms: partingMs, sentence: words.parting(moment(partingMs)) }];
  }

  /** The link of the other run alone. */
  get link(): string {
    return this.#other.link;
  }

  /** Where the other run is. */
  get timeMs(): number | undefined {
    return this.#other.timeMs;
  }

  /** The colours that it is painted in. */
  get palette(): Pictures['palette'] {
    return this.#pictures.palette;
  }

  /** What the other run did so far, for whoever compares. */
  digest(): string {
    return this.#other.attempt((run) => run.digest()) ?? '';
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#own.attemptAwake((run) => this.#kept?.leave(run));
    this.#giveBack();
    this.#other.end();
  }

  /** Whether anybody sees the run: unseen it goes nowhere. */
  see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    this.#other.see(isSeen);
    if (isSeen) this.#seekParting();
  }

  /** It would break again with the next frame. */
  #onBreak(): void {
    this.#isBroken = true;
    this.#remove();
  }

  #giveBack(): void {
    if (this.#beside) this.#core.close(this.#beside);
    this.#beside = undefined;
  }

  /** What compares them, unless its module is gone. */
  get #kept(): Beside | undefined {
    return this.#beside && this.#core.keeps(this.#beside) ? this.#beside : undefined;
  }

  #isCurrent(): boolean {
    return this.#compared((beside, own, other) => beside.is_of(own, other)) ?? false;
  }

  #open(): void {
    const link = this.#own.attempt((run) => run.flipped_link(this.flipped));
    if (link === undefined || !this.#core.isReady(link)) {
      if (!this.#isOver) this.#remove();
      return;
    }
    if (this.#isOver) return;
    this.#other.open(link, false);
  }

  /** Another run is beside the session's: both are compared anew. */
  #adopt(): void {
    this.#pictures.adopt(false, this.#session.about);
    this.#giveBack();
    const beside = this.#both((own, other) => this.#core.keep(own.beside(other)));
    if (this.#isOver) return;
    this.#beside = beside;
    this.#readAbout();
    this.partingMs = null;
    this.figures = null;
    this.#readAt = -Infinity;
    this.#seekParting();
  }

  #readAbout(): void {
    this.about = this.#own.attempt((run) => run.about_flipped(this.flipped)) ?? this.about;
  }

  #both<T>(work: (own: Run, other: Run) => T): T | undefined {
    return this.#own.attempt((own) => this.#other.attempt((other) => work(own, other)));
  }

  /** The two runs, and what compares them: whatever was built again meanwhile is compared by nothing yet. */
  #compared<T>(work: (beside: Beside, own: Run, other: Run) => T): T | undefined {
    return this.#both((own, other) => this.#kept && work(this.#kept, own, other));
  }

  #seekParting(): void {
    const beside = this.#beside;
    if (this.partingMs !== null || this.#seeks === beside) return;
    this.#seeks = beside;
    whenIdle(() => {
      if (this.#seeks === beside) this.#seeks = undefined;
      if (this.#isOver || !this.#isSeen || beside !== this.#beside) return;
      const until = performance.now() + WORK_MS;
      let isKnown: boolean | undefined;
      do isKnown = this.#other.attemptAwake(() => this.#kept?.go_on(SLICE));
      while (isKnown === false && performance.now() < until);
      if (isKnown === false) {
        this.#seekParting();
        return;
      }
      if (isKnown === undefined) return;
      this.partingMs = this.#other.attemptAwake(() => this.#kept?.parting_ms());
      this.#session.redraw();
    }, PATIENCE_MS);
  }
}

/** Both states, in the middle of a sentence. */
export const lowered = ([own, other]: [string, string]): [string, string] => [lower(own), lower(other)];

const lower = (state: string): string => state.charAt(0).toLowerCase() + state.slice(1);
