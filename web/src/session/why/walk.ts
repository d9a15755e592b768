/**
 * The walk along the chain of events that explains a violation: each link is a moment of the run, lit in all pictures, forwards
 * and back. Meanwhile it is found out, in idle time, what the run would be without each of the faults, with other settings, and with
 * each defence on.
 */
import type { Core, Run, Why, WhyChain, WhyLink, WhyTrial } from '../../core/index.ts';
import type { Player } from '../playing/player.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import { whenIdle } from '../when-idle.ts';

/** How many events are played at a time to find out what would be. */
const SLICE = 250;
/** For so long it works at a time. */
const WORK_MS = 10;
/** How long a busy page may put it off. */
const PATIENCE_MS = 500;
/** So long, in the reader's time, the last part of a lost message's way is watched. */
const DYING_MS = 1100;

/** Whose run it is. */
export interface WalkOwner {
  readonly core: Core;
  /** Whether it may be told which defence saves the run: it would give a challenge away. */
  readonly tellsDefences: boolean;
  /** Takes the run to a moment, and shows it. */
  seek(ms: number): void;
  /** The run has moved: the pictures follow. */
  onMoved(): void;
  /** Another link is told, or more is known of what would be. */
  onTold(): void;
}

/** What would come of the run without a fault: nothing of it is known yet, or how it ends. */
export type Ending = 'unknown' | 'saved' | 'open' | 'later' | 'same';

/** The best one first. */
const ENDINGS: readonly Ending[] = ['saved', 'open', 'later', 'same', 'unknown'];

const isKnown = ({ state }: WhyTrial): boolean => state !== null;

/** What is one fault, or one setting that is not as usual. */
const BEFALLEN: ReadonlySet<WhyTrial['change']> = new Set(['fault', 'setting']);

/** What changes the run for good, rather than what befell it once. */
const SETTINGS: ReadonlySet<WhyTrial['change']> = new Set(['setting', 'switch']);

export class Walk {
  readonly check: string;
  readonly chain: WhyChain;
  trials: WhyTrial[];
  /** Which link is told, from 0. */
  place = 0;

  readonly #why: Why;
  readonly #run: GuardedRun;
  readonly #player: Player;
  readonly #owner: WalkOwner;
  #isOver = false;
  #isSeen = true;
  #isFindingOut = false;
  /** The way of a dying message that is shown. */
  #glide = 0;

  /** The walk along what explains `check`; nothing unless that is violated at this moment. */
  static along(check: string, run: GuardedRun, player: Player, owner: WalkOwner): Walk | undefined {
    const why = run.attempt((present) => present.why(check));
    if (!why) return undefined;
    owner.core.keep(why);
    const chain = run.attempt((present) => (owner.core.keeps(why) ? why.chain(present) : undefined));
    if (chain && chain.links.length > 0) return new Walk(check, why, chain, run, player, owner);
    owner.core.close(why);
    return undefined;
  }

  private constructor(
    check: string,
    why: Why,
    chain: WhyChain,
    run: GuardedRun,
    player: Player,
    owner: WalkOwner,
  ) {
    this.check = check;
    this.chain = chain;
    this.#why = why;
    this.#run = run;
    this.#player = player;
    this.#owner = owner;
    this.trials = [];
    this.trials = this.#readTrials();
    this.#findOut();
  }

  get link(): WhyLink | undefined {
    return this.chain.links[this.place];
  }

  get isAtEnd(): boolean {
    return this.place === this.chain.links.length - 1;
  }

  /** Tells a link, from 0. */
  tell(place: number): void {
    const { links } = this.chain;
    const link = links[place];
    if (!link) return;
    this.place = place;
    this.#player.pause();
    this.#light();
    cancelAnimationFrame(this.#glide);
    const ms = this.momentOf(place);
    if (link.kind === 'loss' && link.from_ms !== null && this.#player.glides)
      this.#showDying(link.from_ms, ms);
    else this.#owner.seek(ms);
    this.#owner.onTold();
  }

  /** When a link is shown: the last one where the violation is seen. */
  momentOf(place: number): number {
    const isLast = place === this.chain.links.length - 1;
    return isLast ? this.chain.seen_ms : (this.chain.links[place]?.time_ms ?? 0);
  }

  /** Takes away for good what a trial is without. Answers whether it could be. */
  takeAway(run: Run, place: number): boolean {
    return this.#isKept && run.take_away(this.#why, place);
  }

  trialOf(id: number): WhyTrial | undefined {
    return this.trials.find((trial) => trial.id === id);
  }

  /** What comes of the run without a fault, as far as this check says. */
  endingOf({ state, violated_ms }: WhyTrial): Ending {
    if (state === null) return 'unknown';
    // What is never decided does not hold.
    if (violated_ms === null) return state === 'holds' ? 'saved' : 'open';
    return violated_ms > this.chain.seen_ms ? 'later' : 'same';
  }

  /**
   * Each change that was tried, the best first: those that save the run, the smallest of them first, then those of which that is not
   * decided, then those that avert this violation for a while, and then the others. None before all are known.
   */
  get ranked(): WhyTrial[] {
    if (!this.areKnown) return [];
    const { trials } = this;
    const rank = (trial: WhyTrial) => [
      ENDINGS.indexOf(this.endingOf(trial)),
      Number(trial.breaks !== null),
      trial.size,
    ];
    const better = (one: WhyTrial, other: WhyTrial) => {
      const there = rank(other);
      const differences = rank(one).map((value, place) => value - (there[place] ?? 0));
      return differences.find((difference) => difference !== 0) ?? 0;
    };
    // Links that one deed made share what comes of it.
    const once = trials.filter(
      ({ place }, at) => trials.findIndex((other) => other.place === place) === at,
    );
    // A setting or a pair with which nothing is averted is no news.
    const isNews = (trial: WhyTrial) => trial.change === 'fault' || this.endingOf(trial) !== 'same';
    return once.filter(isNews).toSorted(better);
  }

  /**
   * The smallest change that saves the run, or else the best that averts this violation; nothing if none does. What befell this run
   * comes before what would have been a precaution.
   */
  get best(): WhyTrial | undefined {
    const averting = this.ranked.filter((trial) => this.endingOf(trial) !== 'same');
    return averting.find(({ change }) => BEFALLEN.has(change)) ?? averting[0];
  }

  /** Whether a single fault could be taken away, and none of them averts this violation. */
  get isNoFaultAlone(): boolean {
    const faults = this.trials.filter(({ change }) => change === 'fault');
    return faults.length > 0 && faults.every((trial) => this.endingOf(trial) === 'same');
  }

  /** What was tried beside single faults: settings or defences, and two changes together. */
  get hasTried(): { settings: boolean; pairs: boolean } {
    const has = (is: (trial: WhyTrial) => boolean) => this.trials.some(is);
    return {
      settings: has(({ change }) => SETTINGS.has(change)),
      pairs: has(({ change }) => change === 'both'),
    };
  }

  /** The defences that are off and each keep this check whole in this run, as far as that is known. */
  get missing(): string[] {
    const saving = this.trials.filter(
      (trial) => trial.change === 'switch' && this.endingOf(trial) === 'saved',
    );
    return saving.map(({ says }) => says ?? '');
  }

  /** What is changed in a trial, in words: one thing, or two. */
  saidOf({ id, says, both }: WhyTrial): string[] {
    if (both)
      return both.flatMap((place) => {
        const trial = this.trials.find((other) => other.place === place);
        return trial ? this.saidOf(trial) : [];
      });
    return [says ?? this.chain.links.find((link) => link.id === id)?.sentence ?? ''];
  }

  /** Of what kind a trial's change is; of two, each is of that kind. */
  changeOf({ change, both }: WhyTrial): WhyTrial['change'] {
    const [first] = both ?? [];
    return this.trials.find(({ place }) => place === first)?.change ?? change;
  }

  get areKnown(): boolean {
    return this.trials.every(isKnown);
  }

  /** Whether a fault is part of it, whether or not it can be taken away alone. */
  get hasFault(): boolean {
    return this.chain.links.some(({ kind }) => kind === 'loss' || kind === 'fault');
  }

  /** Whether the run is still the one that is explained. */
  isOf(run: Run): boolean {
    return !this.#isOver && this.#isKept && this.#why.is_of(run);
  }

  /** Whether anybody sees the run: unseen nothing is found out. */
  see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen) this.#findOut();
  }

  /** Nothing is lit any more. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    cancelAnimationFrame(this.#glide);
    this.#owner.core.close(this.#why);
    this.#run.attemptAwake((run) => run.light(new Uint32Array(), undefined));
  }

  get #isKept(): boolean {
    return this.#owner.core.keeps(this.#why);
  }

  #light(): void {
    const ids = this.chain.links.map(({ id }) => id);
    this.#run.attemptAwake((run) => run.light(Uint32Array.from(ids), this.link?.id));
  }

  /** A message that is lost is seen on its way, and dying, unless the run is changed, plays or is brought elsewhere meanwhile. */
  #showDying(sentMs: number, lostMs: number): void {
    const fromMs = Math.max(sentMs, lostMs - DYING_MS * this.#player.speed);
    let begun: number | undefined;
    let aimMs = this.#run.aimMs;
    const isElsewhere = (run: Run) => this.#player.playing || run.aim_ms() !== aimMs || !this.isOf(run);
    const step = (now: number) => {
      if (this.#run.attemptAwake(isElsewhere) !== false) return;
      begun ??= now;
      const share = Math.min(1, (now - begun) / DYING_MS);
      if (share >= 1) {
        this.#owner.seek(lostMs);
        return;
      }
      this.#run.attemptAwake((run) => {
        run.seek(fromMs + share * (lostMs - fromMs));
        aimMs = run.aim_ms();
      });
      this.#run.goOn(WORK_MS);
      this.#owner.onMoved();
      this.#glide = requestAnimationFrame(step);
    };
    this.#glide = requestAnimationFrame(step);
  }

  #findOut(): void {
    if (this.areKnown || this.#isFindingOut) return;
    this.#isFindingOut = true;
    whenIdle(() => {
      this.#isFindingOut = false;
      if (this.#isOver || !this.#isSeen) return;
      const until = performance.now() + WORK_MS;
      let isDone: boolean | undefined;
      do isDone = this.#run.attemptAwake(() => (this.#isKept ? this.#why.go_on(SLICE) : undefined));
      while (isDone === false && performance.now() < until);
      const trials = this.#readTrials();
      const isNews = trials.filter(isKnown).length > this.#known;
      this.trials = trials;
      if (isNews) this.#owner.onTold();
      if (isDone === false) this.#findOut();
    }, PATIENCE_MS);
  }

  get #known(): number {
    return this.trials.filter(isKnown).length;
  }

  #readTrials(): WhyTrial[] {
    const all = this.#run.attemptAwake((run) => (this.isOf(run) ? this.#why.trials(run) : undefined));
    if (!all) return this.trials;
    const isOfDefences = ({ change, both }: WhyTrial): boolean =>
      change === 'switch' || all.some(({ place, change }) => change === 'switch' && both?.includes(place));
    return this.#owner.tellsDefences ? all : all.filter((trial) => !isOfDefences(trial));
  }
}
