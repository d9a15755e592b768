/** Takes a run to another moment. */
import type { Run } from '../../core/index.ts';
import type { Player } from './player.ts';

export class Travel {
  readonly #player: Player;
  readonly #command: (work: (run: Run) => void) => void;

  /** `command` takes the run elsewhere, and shows what is there. */
  constructor(player: Player, command: (work: (run: Run) => void) => void) {
    this.#player = player;
    this.#command = command;
  }

  step(): void {
    this.#player.pause();
    this.#command((run) => run.step());
  }

  stepBack(): void {
    this.#player.pause();
    this.#command((run) => run.step_back());
  }

  nextInteresting(): void {
    this.#player.pause();
    this.#command((run) => run.next_interesting());
  }

  previousInteresting(): void {
    this.#player.pause();
    this.#command((run) => run.previous_interesting());
  }

  seek(ms: number): void {
    this.#command((run) => run.seek(ms));
  }

  /** Plays from the start, if the run was watched. One that the reader had paused rests there. */
  restart(): void {
    const { isWatched } = this.#player;
    this.#command((run) => run.restart());
    if (isWatched) this.#player.play();
    else this.#player.rests = 'start';
  }

  /** Stays where the run is, on its way to somewhere else. */
  stay(): void {
    this.#player.pause();
    this.#command((run) => run.stay());
  }
}
