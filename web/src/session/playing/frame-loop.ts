/** Calls back before each repaint of the screen, while it is running. */

/** A hidden tab gets no frames; on return the run goes on from where it was seen last. */
const LONGEST_FRAME_MS = 100;

export class FrameLoop {
  readonly #onFrame: (elapsedMs: number) => void;
  #request: number | undefined;
  #last = 0;

  constructor(onFrame: (elapsedMs: number) => void) {
    this.#onFrame = onFrame;
  }

  get isRunning(): boolean {
    return this.#request !== undefined;
  }

  start(): void {
    if (this.#request !== undefined) return;
    this.#last = performance.now();
    this.#request = requestAnimationFrame(this.#tick);
  }

  stop(): void {
    if (this.#request !== undefined) cancelAnimationFrame(this.#request);
    this.#request = undefined;
  }

  readonly #tick = (now: number): void => {
    this.#request = requestAnimationFrame(this.#tick);
    const elapsed = Math.min(Math.max(now - this.#last, 0), LONGEST_FRAME_MS);
    this.#last = now;
    this.#onFrame(elapsed);
  };
}
