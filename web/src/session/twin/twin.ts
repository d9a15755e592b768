/**
 * The run beside the session's own: the same seed and weather, with one defence flipped. It follows the session to each moment,
 * and is opened again when the session's run is changed.
 */
import type { About, Core, Mark, Run, ShownVerdict, Twin as Beside, TwinFigures, View } from '../../core/index.ts';
import { GuardedRun } from '../run/guarded-run.ts';
import { Pictures } from '../pictures/pictures.ts';
import { whenIdle } from '../when-idle.ts';
import { words as page } from '../../words.ts';
import { words } from './words.ts';

/** How many events are played at a time to find out where they part. */
const SLICE = 250;
/** For so long it works at a time, and for so long the other run may follow in a frame. */
const WORK_MS = 6;
const PATIENCE_MS = 500;
/** So often the words and numbers follow. */
const STATE_MS = 125;

/** What it follows: a session. */
interface Followed {
  readonly about: About;
  readonly pictures: Pictures;
  readonly timeMs: number;
  endTwin(): void;
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
}

export class Twin {
  readonly defence: string;
  verdicts: ShownVerdict[] = [];
  figures: TwinFigures[] | null = null;
  /** When they part, in milliseconds: null while nobody knows, nothing if they never do. */
  partingMs: number | null | undefined = null;

  readonly #core: Core;
  readonly #session: Followed;
  readonly #own: GuardedRun;
  readonly #other: GuardedRun;
  readonly #pictures: Pictures;
  #beside: Beside | undefined;
  #readAt = -Infinity;
  #isOver = false;

  /** The run beside the session's, with this defence flipped; nothing if there is no such defence. */
  static of(defence: string, parts: TwinParts): Twin | undefined {
    const link = parts.own.attempt((run) => run.flipped_link(defence));
    return link === undefined ? undefined : new Twin(defence, parts, link);
  }

  private constructor(defence: string, { core, open, session, own }: TwinParts, link: string) {
    this.defence = defence;
    this.#core = core;
    this.#session = session;
    this.#own = own;
    this.#other = new GuardedRun(core, open, open(link), {
      onAdopt: () => this.#adopt(),
      onBreak: () => session.endTwin(),
      onHeldUp: () => session.endTwin(),
    });
    this.#pictures = new Pictures(this.#other.attempt.bind(this.#other), this.#other.attemptAwake, () => {
      // The legend is the session's.
    });
    this.#adopt();
  }

  /** Brings the other run to the session's moment, as far as it comes in a frame, and compares them. */
  follow(): void {
    if (this.#isOver) return;
    if (!this.#isCurrent()) this.#open();
    const ms = this.#session.timeMs;
    this.#other.attempt((run) => {
      if (run.aim_ms() !== ms) run.seek(ms);
    });
    this.#other.goOn(WORK_MS);
    this.#both((own, other) => this.#beside?.compare(own, other));
    if (performance.now() - this.#readAt >= STATE_MS) this.read();
  }

  /** Reads the words and numbers of the moment. */
  read(): void {
    this.#readAt = performance.now();
    this.verdicts = this.#other.attempt((run) => run.state(0).verdicts) ?? [];
    this.figures = this.#both((own, other) => this.#beside?.figures(own, other)) ?? this.figures;
  }

  /** Paints the other run, as the session's own is looked at. */
  paint(view: View, context: CanvasRenderingContext2D, width: number, height: number): void {
    this.#pictures.show(this.#session.pictures.lookNow);
    this.#other.attempt((run) => run.paint(view, context, width, height));
  }

  setPalette(palette: Parameters<Pictures['setPalette']>[0]): void {
    this.#pictures.setPalette(palette);
  }

  /** Where they part, on the time bar. */
  get marks(): Mark[] {
    const { partingMs } = this;
    if (typeof partingMs !== 'number') return [];
    const time = page.time.seconds((partingMs / 1000).toFixed(2));
    return [{ kind: 'fork', time_ms: partingMs, sentence: words.parting(time) }];
  }

  /** The link of the other run alone. */
  get link(): string {
    return this.#other.link;
  }

  /** What the other run did so far, for whoever compares. */
  digest(): string {
    return this.#other.attempt((run) => run.digest()) ?? '';
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#own.attemptAwake((run) => this.#beside?.leave(run));
    this.#other.end();
  }

  #isCurrent(): boolean {
    return this.#both((own, other) => this.#beside?.is_of(own, other)) ?? false;
  }

  #open(): void {
    const link = this.#own.attempt((run) => run.flipped_link(this.defence));
    if (link === undefined || !this.#core.isReady(link)) {
      this.#session.endTwin();
      return;
    }
    this.#other.open(link, false);
  }

  /** Another run is beside the session's: both are compared anew. */
  #adopt(): void {
    this.#pictures.adopt(false, this.#session.about);
    this.#beside = this.#both((own, other) => own.beside(other));
    this.partingMs = null;
    this.figures = null;
    this.#readAt = -Infinity;
    this.#seekParting();
  }

  #both<T>(work: (own: Run, other: Run) => T): T | undefined {
    return this.#own.attempt((own) => this.#other.attempt((other) => work(own, other)));
  }

  #seekParting(): void {
    const beside = this.#beside;
    whenIdle(() => {
      if (this.#isOver || beside !== this.#beside) return;
      const until = performance.now() + WORK_MS;
      let isKnown: boolean | undefined;
      do isKnown = this.#other.attemptAwake(() => beside?.go_on(SLICE));
      while (isKnown === false && performance.now() < until);
      if (isKnown === false) {
        this.#seekParting();
        return;
      }
      this.partingMs = this.#other.attemptAwake(() => beside?.parting_ms());
      this.#session.redraw();
    }, PATIENCE_MS);
  }
}
