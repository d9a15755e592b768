/** Moves of controls, on their way from the reader's hand to the run. */

/** Moves of a control that follow each other faster than this are one step. */
const DRAG_MS = 600;

/** Who takes the moves. */
interface Taker {
  /** The value that counts of each control that was moved. */
  onMoves(values: ReadonlyMap<string, number>): void;
  /** The next move is another step to undo. */
  onDragEnd(): void;
}

export class ControlMoves {
  readonly #taker: Taker;
  #waiting = new Map<string, number>();
  #frame: number | undefined;
  #dragEnd: ReturnType<typeof setTimeout> | undefined;

  constructor(taker: Taker) {
    this.#taker = taker;
  }

  /** A control moves before the next frame; of the values that come until then the last one counts. */
  move(control: string, value: number): void {
    clearTimeout(this.#dragEnd);
    this.#waiting.set(control, value);
    this.#frame ??= requestAnimationFrame(() => this.flush());
  }

  /** Hands over what still waits. */
  flush(): void {
    const values = this.#takeWaiting();
    if (values.size > 0) this.#taker.onMoves(values);
  }

  /** A control was let go: the drag is over, unless another move follows at once. */
  letGo(): void {
    this.flush();
    clearTimeout(this.#dragEnd);
    this.#dragEnd = setTimeout(() => this.#taker.onDragEnd(), DRAG_MS);
  }

  /** Nothing of this is meant for the run any more. */
  forget(): void {
    this.#takeWaiting();
    clearTimeout(this.#dragEnd);
  }

  #takeWaiting(): ReadonlyMap<string, number> {
    const values = this.#waiting;
    this.#waiting = new Map();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    return values;
  }
}
