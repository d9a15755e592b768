/** What a reader changes of a run: its seed, its defences, its controls, and what is done to it. */
import { json, type Run } from '../../core/index.ts';
import type { DrawnCut, Pictures } from '../pictures/pictures.ts';
import type { Player } from '../playing/player.ts';
import { ControlMoves } from './control-moves.ts';
import { refusalOf, type GuardedRun } from './guarded-run.ts';

interface Parts {
  run: GuardedRun;
  player: Player;
  pictures: Pictures;
  freshSeed(): number;
}

/** Whose run it is. */
interface Owner {
  /** Changes the run, and shows what came of that. */
  command(work: (run: Run) => void): void;
  /** The simulator refuses something, in its own sentence. */
  refuse(refusal: string): void;
  /** A control has moved the run, and is still held. */
  onMoved(): void;
  /** Everything shown is to agree with the run. */
  settle(): void;
}

export class Edits {
  readonly #parts: Parts;
  readonly #owner: Owner;
  readonly #moves = new ControlMoves({
    onMoves: (values) => this.#onMoves(values),
    onDragEnd: () => this.#parts.run.attempt((run) => run.end_drag()),
  });

  constructor(parts: Parts, owner: Owner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  newSeed(): void {
    this.#owner.command((run) => run.reseed(this.#parts.freshSeed()));
  }

  /**
   * Switches a defence. The same weather is watched again from the start, whether the run plays or rests by itself; where the
   * reader has paused it or gone to a moment, that moment is shown as it is now.
   */
  defend(id: string, on: boolean): void {
    const { player } = this.#parts;
    const { isWatched } = player;
    this.#owner.command((run) => {
      run.defend(id, on);
      if (isWatched) run.restart();
    });
    if (isWatched) player.watchAnew();
  }

  /** Does deeds now, in the words of links: `crash:bank`. */
  act(...deeds: string[]): void {
    this.#owner.command((run) => {
      for (const deed of deeds) this.#refusable(() => run.act(deed));
    });
  }

  /** Cuts the links that a line across the world crosses. */
  cut({ line, width, height }: DrawnCut): void {
    const { x1, y1, x2, y2 } = line;
    this.#owner.command((run) => this.#refusable(() => run.cut_across(x1, y1, x2, y2, width, height)));
  }

  /** Takes a change back, by its place in the list. */
  takeBack(place: number): void {
    this.#owner.command((run) => run.take_back(place));
  }

  /** Moves a change to another moment. */
  moveTo(place: number, ms: number): void {
    this.#owner.command((run) => run.move_to(place, ms));
  }

  takeAllBack(): void {
    this.#owner.command((run) => run.take_all_back());
  }

  /** Moves a control, before the next frame. */
  set(control: string, value: number): void {
    this.#moves.move(control, value);
  }

  /** Moves several controls at once, as one step. */
  setAll(values: ReadonlyMap<string, number>): void {
    this.#owner.command((run) => this.#refusable(() => run.set_many(json(Object.fromEntries(values)))));
  }

  /** A control was let go: its next move is another step to undo, unless it follows at once. */
  endDrag(): void {
    this.#moves.letGo();
    this.#owner.settle();
  }

  undo(): void {
    this.#owner.command((run) => run.undo());
  }

  redo(): void {
    this.#owner.command((run) => run.redo());
  }

  switchFuture(place: number): void {
    this.#owner.command((run) => run.switch_future(place));
  }

  /** Hands over what controls still hold back. */
  flush(): void {
    this.#moves.flush();
  }

  /** Nothing of what controls hold back is meant for the run any more. */
  forget(): void {
    this.#moves.forget();
  }

  #refusable(work: () => void): void {
    const refusal = refusalOf(work);
    if (refusal !== undefined) this.#owner.refuse(refusal);
  }

  #onMoves(values: ReadonlyMap<string, number>): void {
    const { run: guarded, player, pictures } = this.#parts;
    player.letGo();
    pictures.window.follows = true;
    guarded.attempt((run) => {
      for (const [control, value] of values) this.#refusable(() => run.set(control, value));
    });
    this.#owner.onMoved();
  }
}
