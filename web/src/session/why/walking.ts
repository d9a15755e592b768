/** The reader's walk: what begins it, and what ends it. */
import type { Run } from '../../core/index.ts';
import type { Parts } from '../parts.ts';
import type { Rest } from '../playing/guide.ts';
import type { Player } from '../playing/player.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import type { Walk, WalkOwner } from './walk.ts';

/** Whose run it is. */
interface Owner {
  /** Whether it may be told which defence saves the run. */
  tellsDefences(): boolean;
  /** Nothing else that a reader asked for stands in the place of the pictures. */
  makeRoom(): void;
  /** Changes the run, and shows what came of that. */
  command(work: (run: Run) => void): void;
  seek(ms: number): void;
  /** The run has moved: the pictures follow. */
  onMoved(): void;
  redraw(): void;
}

export class Walking {
  /** The walk along what explains a violation, while the reader takes it. */
  walk: Walk | undefined;

  readonly #parts: Parts;
  readonly #owner: Owner;
  /** The moment at which the reader set out, and why the run rested there, if it did so by itself. */
  #from: { ms: number; rests: Rest | undefined } | undefined;

  constructor(parts: Parts, owner: Owner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Begins a walk, if there is one. */
  begin(along: (run: GuardedRun, player: Player, owner: WalkOwner) => Walk | undefined): void {
    const { core, run, player } = this.#parts;
    const rests = player.playing ? 'goal' : player.rests;
    const from = this.#from ?? { ms: run.attempt((at) => at.aim_ms()) ?? 0, rests };
    player.pause();
    this.end();
    this.#owner.makeRoom();
    this.walk = along(run, player, {
      core,
      tellsDefences: this.#owner.tellsDefences(),
      seek: (ms) => this.#owner.seek(ms),
      onMoved: () => this.#owner.onMoved(),
      onTold: () => this.#owner.redraw(),
    });
    if (this.walk) this.#from = from;
    this.walk?.tell(0);
  }

  /** The reader has seen enough: the run rests again where it did, and as it did. */
  close(): void {
    const from = this.#from;
    this.end();
    if (!from) return;
    this.#owner.seek(from.ms);
    this.#parts.player.rests = from.rests;
    this.#owner.redraw();
  }

  end(): void {
    this.forget();
    this.#owner.redraw();
  }

  /** Ends with what is shown. */
  forget(): void {
    const { walk } = this;
    this.walk = undefined;
    this.#from = undefined;
    walk?.end();
  }

  /**
   * Changes what a trial of the walk changes, and plays the same weather again from the start. Where something else waits to be done,
   * that comes first: until then the run is the one that is explained, and the walk goes on.
   */
  takeAway(place: number): void {
    const { walk } = this;
    this.#owner.command((run) => {
      if (walk?.takeAway(run, place)) run.restart();
    });
    this.#parts.player.watchAnew();
  }

  /** Ends if the run is another one than the walk explains. */
  settle(): void {
    if (this.walk && this.#parts.run.attempt((run) => this.walk?.isOf(run)) !== true) this.end();
  }
}
