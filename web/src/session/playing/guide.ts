/** Leads a reader through a playing run: where it rests by itself, and where it lingers. */
import type { Run, StoryStep } from '../../core/index.ts';

/** Why a run rests by itself: something is violated, the moment has come that was asked for, or there is no more to see. */
export type Rest = 'violation' | 'goal' | 'end';

/** A new step of the story slows the run down for so long, so that it can be read in its moment. */
const LINGER_MS = 1600;
const LINGER_SHARE = 0.25;
/** The longest way to a moment that was asked for, in the reader's time. */
const LONGEST_WAY_MS = 5000;

export class Guide {
  /** The moment to play to. */
  #goal: { ms: number; speed: number } | undefined;
  /** Under which defences the run has rested at a violation: nobody is stopped twice by the same thing. */
  readonly #stoppedWith = new Set<string>();
  readonly #lingeredAt = new Set<number>();
  #lingerMs = 0;

  /** Another lab is read. */
  forget(): void {
    this.#goal = undefined;
    this.#lingerMs = 0;
    this.#stoppedWith.clear();
    this.#lingeredAt.clear();
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

  /** Plays to a moment, and a long way faster than the reader's speed. */
  headFor(ms: number, run: Run, speed: number): void {
    this.#goal = { ms, speed: Math.max(speed, (ms - run.time_ms()) / LONGEST_WAY_MS) };
  }

  /** The speed at which the next `elapsedMs` of the reader's time are played. */
  speed(elapsedMs: number, speed: number): number {
    if (this.#goal) return this.#goal.speed;
    if (this.#lingerMs <= 0) return speed;
    this.#lingerMs -= elapsedMs;
    return speed * LINGER_SHARE;
  }

  /** A step of the story is told, from 0: the first time it is, the run lingers. */
  tells(place: number): void {
    if (this.#lingeredAt.has(place)) return;
    this.#lingeredAt.add(place);
    this.#lingerMs = LINGER_MS;
  }

  /** Brings a run that has gone past the first moment where it is to rest back to it, and answers why it rests. */
  rest(run: Run, defences: Readonly<Record<string, boolean>>): Rest | undefined {
    const name = nameOf(defences);
    const violation = this.#stoppedWith.has(name) ? undefined : run.violation_ms();
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
