/** Leads a reader through a playing run: where it rests by itself, and how long a step of its story stands. */
import type { Run, StoryStep } from '../../core/index.ts';

/**
 * Why a run rests by itself: something is violated, the moment has come that was asked for, there is no more to see, or it
 * was brought back to its start.
 */
export type Rest = 'violation' | 'goal' | 'end' | 'start';

/** So many words per second are read by somebody who also watches the picture. */
const WORDS_PER_S = 5.5;
/** The longest way to a moment that was asked for, in the reader's time. */
const LONGEST_WAY_MS = 5000;

export class Guide {
  /** The moment to play to. */
  #goal: { ms: number; speed: number } | undefined;
  /** Under which defences the run has rested at a violation: nobody is stopped twice by the same thing. */
  readonly #stoppedWith = new Set<string>();
  /** The steps of the story that a reader has had before them, by their texts. */
  readonly #told = new Set<string>();
  /** How much longer the step that is told is to stand, in the reader's time. */
  #unreadMs = 0;

  /** Another lab is read. */
  forget(): void {
    this.#goal = undefined;
    this.#unreadMs = 0;
    this.#stoppedWith.clear();
    this.#told.clear();
  }

  /** The run begins to play, or was brought elsewhere. */
  setOut(): void {
    this.#goal = undefined;
  }

  /** The run has come to its moment: a check that is violated there already does not stop it. */
  arrive(run: Run, defences: Readonly<Record<string, boolean>>): void {
    if (run.violation_ms() !== undefined) this.#stoppedWith.add(nameOf(defences));
  }

  /** The reader tries something out: what comes of that stops nobody. */
  letGo(defences: Readonly<Record<string, boolean>>): void {
    this.#stoppedWith.add(nameOf(defences));
  }

  /** The reader asks to see what these defences are worth: what they let through stops the run, as if for the first time. */
  watchAnew(defences: Readonly<Record<string, boolean>>): void {
    this.#stoppedWith.delete(nameOf(defences));
  }

  /** Plays to a moment, and a long way faster than the reader's speed. */
  headFor(ms: number, run: Run, speed: number): void {
    this.#goal = { ms, speed: Math.max(speed, (ms - run.time_ms()) / LONGEST_WAY_MS) };
  }

  /** Whether nothing is left to read before the run may go on at its own pace. */
  get isRead(): boolean {
    return this.#goal !== undefined || this.#unreadMs <= 0;
  }

  /** The speed at which the next `elapsedMs` of the reader's time are played: the next step comes once this one is read. */
  speed(elapsedMs: number, speed: number, run: Run, story: readonly StoryStep[]): number {
    if (this.#goal) return this.#goal.speed;
    if (isSeenByOne(run)) return speed;
    this.#unreadMs = Math.max(0, this.#unreadMs - elapsedMs);
    if (this.#unreadMs === 0) return speed;
    const now = run.time_ms();
    const next = comingMs(run, story).find((ms) => ms > now) ?? Infinity;
    const left = justBefore(next) - now;
    return Math.max(0, Math.min(speed, left / this.#unreadMs));
  }

  /** A step of the story is told. One that is told again, or where the run rests, need not stand any longer. */
  tells(text: string): void {
    this.#unreadMs = this.#told.has(text) ? 0 : (text.split(/\s+/).length / WORDS_PER_S) * 1000;
    this.#told.add(text);
  }

  /**
   * Brings a run that set out from `fromMs`, and has come to a step of the story too early, back to just before it; answers
   * whether it has. Of two steps that come at once the first is told before the other comes.
   */
  holdsBack(run: Run, story: readonly StoryStep[], fromMs: number): boolean {
    if (this.#goal || isSeenByOne(run)) return false;
    const coming = comingMs(run, story);
    const [next = Infinity, second = Infinity] = coming.filter((ms) => ms > fromMs);
    // One that has come is about to be told.
    const isTold = coming.every((ms) => ms > fromMs);
    const tooEarly = this.isRead && isTold ? second : next;
    if (run.time_ms() < tooEarly) return false;
    run.seek(justBefore(tooEarly));
    return true;
  }

  /** Brings a run that has gone past the first moment where it is to rest back to it, and answers why it rests. */
  rest(run: Run, defences: Readonly<Record<string, boolean>>): Rest | undefined {
    const name = nameOf(defences);
    const isStopped = !isSeenByOne(run) && !this.#stoppedWith.has(name);
    const violation = isStopped ? run.violation_ms() : undefined;
    const goal = this.#goal && run.time_ms() >= this.#goal.ms ? this.#goal.ms : undefined;
    if (violation !== undefined && violation <= (goal ?? Infinity)) {
      this.#stoppedWith.add(name);
      run.seek(violation);
      return 'violation';
    }
    if (goal === undefined) return undefined;
    run.seek(goal);
    return 'goal';
  }
}

/** Whether the run is seen as one node sees it, which knows of no violation and of little that the story tells. */
function isSeenByOne(run: Run): boolean {
  return run.perspective() !== undefined;
}

/** The moments of the steps that have not been told yet, in order, as far as they are known. */
function comingMs(run: Run, story: readonly StoryStep[]): number[] {
  const moments = story.flatMap(({ at_ms }, place) => (at_ms === null ? (run.step_ms(place) ?? []) : []));
  return [...new Set(moments)].sort((a, b) => a - b);
}

/** The last whole millisecond before a moment, so that links stay short. */
function justBefore(ms: number): number {
  return Math.max(0, Math.ceil(ms) - 1);
}

function nameOf(defences: Readonly<Record<string, boolean>>): string {
  const on = Object.keys(defences).filter((id) => defences[id]);
  return on.sort().join();
}

/**
 * The step that a moment of the run tells, from 0: the latest whose moment has come, or else the first. At the run's end
 * it is the last one, with what happened instead.
 */
export function placeOf(story: readonly StoryStep[], isAtEnd: boolean): number {
  if (isAtEnd && story.at(-1)?.is_never) return story.length - 1;
  const reached = [...story.entries()].filter(([, { at_ms }]) => at_ms !== null);
  const later = ([, a]: [number, StoryStep], [, b]: [number, StoryStep]) => (a.at_ms ?? 0) - (b.at_ms ?? 0);
  return reached.toSorted(later).at(-1)?.[0] ?? 0;
}
