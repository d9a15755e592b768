/** A run, and what becomes of it when the simulator breaks, or when it has to make room for others. */
import { goOn, Waits, type Core, type Run } from '../../core/index.ts';
import { breakOff, isFault, type Failure } from './failure.ts';

/** A run that breaks again so soon after it was rebuilt would break with every frame. */
const AT_ONCE_MS = 500;
/**
 * How far towards its moment a run is taken that was built again. One that broke goes no further: no way may lead into the same
 * fault for ever.
 */
const AGAIN_MS = 30;
/** A call that takes so long holds up the page, and nothing can end it: if another one does too before a slice of the way is done
 * in time. A busy machine may hold up one call for as long as that, and the next is done at once. */
const TOO_LONG_MS = 3000;

/** Who is told of what becomes of the run. */
interface Owner {
  /** Another run has replaced the old one. */
  onAdopt(run: Run): void;
  /** The run broke; `failure` says how, and whether there is another one. */
  onBreak(): void;
  /** Calls hold up the page; the latest did for so long. */
  onHeldUp(ms: number): void;
  /** Something waits until all of the simulator is there: only where that may not be so. */
  onWait?(): void;
  /** All that waited is done. */
  onCaughtUp?(): void;
}

/** The runs that nobody sees, of all figures on the page. */
const unseen = new Set<GuardedRun>();

export class GuardedRun {
  failure: Failure | undefined;

  readonly #core: Core;
  readonly #open: (link: string) => Run;
  readonly #owner: Owner;
  #run: Run;
  /** Of which simulator the run is: another figure on the page may have broken that one. */
  #generation: number;
  /** What a run is rebuilt from when it breaks. */
  #savedLink: string;
  /** The link that is being opened. */
  #opening: string | undefined;
  #rebuiltAt = -Infinity;
  #isEnded = false;
  /** The moment that the run is at, or is bound for, while it is given back. */
  #restsAtMs: number | undefined;
  #depth = 0;
  /** Whether a call took too long, and no slice was done in time since. */
  #isSlow = false;
  /** What is to be done once all of the simulator is there, in order. */
  #waiting: ((run: Run) => unknown)[] = [];

  /** `open` opens any run that takes the place of this one, too. */
  constructor(core: Core, open: (link: string) => Run, run: Run, owner: Owner) {
    this.#core = core;
    this.#open = open;
    this.#owner = owner;
    this.#run = run;
    this.#generation = core.generation;
    this.#savedLink = run.link();
  }

  /**
   * Calls the run, and answers nothing where that breaks, where it is refused, or where there is no run left. What the simulator
   * cannot do yet is done when it can.
   */
  attempt<T>(work: (run: Run) => T): T | undefined {
    return this.#attempt(work, () => this.#await(work));
  }

  /** The same for who tries again with the next frame: what the simulator cannot do yet is left undone. */
  attemptNow<T>(work: (run: Run) => T): T | undefined {
    return this.#attempt(work, () => undefined);
  }

  /** Does something to the run: after all that waits. */
  act(work: (run: Run) => void): void {
    if (this.isWaiting) this.#await(work);
    else this.attempt(work);
  }

  /** Whether something is to be done once all of the simulator is there. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** What waits is not to be done any more. */
  forgetWaiting(): void {
    this.#waiting = [];
  }

  #await(work: (run: Run) => unknown): void {
    this.#waiting.push(work);
    if (this.#waiting.length > 1) return;
    this.#core.whenWhole(() => this.#catchUp());
    this.#owner.onWait?.();
  }

  #catchUp(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0 || this.isLost) return;
    for (const work of waiting) this.attempt(work);
    this.#owner.onCaughtUp?.();
  }

  #attempt<T>(work: (run: Run) => T, onWait: () => void): T | undefined {
    if (this.isLost) return undefined;
    const isGone = this.isResting || this.#generation !== this.#core.generation;
    if (isGone && !this.#rebuild()) return undefined;
    try {
      return this.#timed(work);
    } catch (thrown) {
      if (thrown instanceof Waits) onWait();
      else if (isFault(thrown)) this.#recover(thrown);
      // Whoever may be refused asks with `refusalOf`: this is the page's own mistake, and no reason to lose the run.
      else reportError(thrown);
      return undefined;
    }
  }

  /** The same for whoever merely shows the run: that builds none again that rests, and asks again when all is there. */
  readonly attemptAwake = <T>(work: (run: Run) => T): T | undefined =>
    this.isResting ? undefined : this.attemptNow(work);

  /** Takes the run on for about so long. Answers whether it is where it is bound for; nothing if it broke. */
  goOn(ms: number): boolean | undefined {
    const begun = performance.now();
    const isThere = this.attempt((run) => goOn(run, ms));
    if (performance.now() - begun <= TOO_LONG_MS) this.#isSlow = false;
    return isThere;
  }

  /** Whether there is no run any more: it broke for good, or its time is over. */
  get isLost(): boolean {
    return this.#isEnded || this.failure?.outcome === 'none';
  }

  /**
   * Whether anybody sees the run. Where the module is heavy, all that nobody sees are given back; each is built again from its
   * link when it is called the next time.
   */
  see(isSeen: boolean): void {
    if (this.#isEnded) return;
    if (isSeen) unseen.delete(this);
    else unseen.add(this);
    if (this.#core.isHeavy) for (const run of unseen) run.#rest();
  }

  /** Whether it is given back until somebody calls it. */
  get isResting(): boolean {
    return this.#restsAtMs !== undefined;
  }

  /** Where it is, in virtual milliseconds. */
  get timeMs(): number | undefined {
    return this.#restsAtMs ?? this.attempt((run) => run.time_ms());
  }

  /** Where it is bound for, in virtual milliseconds. */
  get aimMs(): number | undefined {
    return this.#restsAtMs ?? this.attempt((run) => run.aim_ms());
  }

  /** The link that replays the run exactly. */
  get link(): string {
    if (this.isResting) return this.#savedLink;
    return this.attempt((run) => run.link()) ?? this.#savedLink;
  }

  /** From now on a run that breaks is rebuilt from the link of this moment, which is the answer. */
  saveLink(): string {
    this.#savedLink = this.link;
    return this.#savedLink;
  }

  /** Opens another link instead of this run. What it changes of the same lab can be undone, if that is wanted. */
  open(link: string, isUndoable: boolean): void {
    const isKept =
      isUndoable && !this.isLost && !this.isResting && this.#generation === this.#core.generation;
    this.failure = undefined;
    this.forgetWaiting();
    this.#opening = link;
    try {
      if (isKept && this.#run.take_up(link)) this.#owner.onAdopt(this.#run);
      else this.#replace(link);
    } catch (fault) {
      this.#recover(fault);
    }
    this.#opening = undefined;
  }

  /** Gives back the memory that the run holds. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    unseen.delete(this);
    this.#core.close(this.#run);
  }

  #rest(): void {
    if (this.isLost || this.isResting) return;
    this.saveLink();
    const { aimMs } = this;
    if (aimMs === undefined) return;
    this.#restsAtMs = aimMs;
    this.#core.close(this.#run);
  }

  /** The outermost call alone is timed: what it calls in turn is a part of it. */
  #timed<T>(work: (run: Run) => T): T {
    const begun = performance.now();
    this.#depth += 1;
    try {
      return work(this.#run);
    } finally {
      this.#depth -= 1;
      const took = performance.now() - begun;
      if (this.#depth === 0 && took > TOO_LONG_MS) this.#noteSlow(took);
    }
  }

  #noteSlow(ms: number): void {
    if (this.#isSlow) this.#owner.onHeldUp(ms);
    this.#isSlow = !this.#isSlow;
  }

  /** The run of another link: two at once would need twice the memory, and none of a heavy module is given back before the last. */
  #replace(link: string): void {
    if (this.#core.isHeavy) this.#core.close(this.#run);
    this.#adopt(this.#open(link));
  }

  #adopt(run: Run): void {
    const old = this.#run;
    this.#run = run;
    this.#generation = this.#core.generation;
    this.#restsAtMs = undefined;
    this.#core.close(old);
    this.#owner.onAdopt(run);
  }

  /**
   * A run that broke is unusable, and so is its simulator; the link saved last gives another one. One that breaks again at
   * once is left alone.
   */
  #recover(fault: unknown): void {
    const isAtOnce = performance.now() < this.#rebuiltAt + AT_ONCE_MS;
    const told = breakOff(this.#core, fault, this.#opening ?? this.#savedLink);
    this.failure = { ...told, outcome: 'none' };
    const outcome = this.#opening === undefined ? 'rebuilt' : 'before';
    if (!this.#core.isWhole) this.#core.whenWhole(() => this.#rebuildWhole());
    else if (!isAtOnce && this.#rebuild()) this.failure = { ...told, outcome };
    this.#owner.onBreak();
  }

  /** A run that broke before all was there: what it lacked is there now. */
  #rebuildWhole(): void {
    if (this.#isEnded || !this.#rebuild()) return;
    this.failure = undefined;
    this.#owner.onCaughtUp?.();
  }

  #rebuild(): boolean {
    this.#rebuiltAt = performance.now();
    try {
      const run = this.#open(this.#savedLink);
      goOn(run, AGAIN_MS);
      if (!this.isResting) run.stay();
      const told = this.failure;
      this.failure = undefined;
      this.#adopt(run);
      // What takes it over may have broken it.
      if (this.isLost) return false;
      this.failure = told;
      return true;
    } catch (fault) {
      this.failure = { ...breakOff(this.#core, fault, this.#savedLink), outcome: 'none' };
      return false;
    }
  }
}

/** What the simulator refused to do, in its own sentence. That is the reader's to mend; a panic is thrown on. */
export function refusalOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (isFault(thrown) || !(thrown instanceof Error)) throw thrown;
    return thrown.message;
  }
}
