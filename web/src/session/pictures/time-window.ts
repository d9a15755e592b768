/** The stretch of time that a picture with a time axis shows. */

const SHORTEST_MS = 20;
/** Where in the window the present stands while the run goes on. */
const PRESENT = 0.8;

export class TimeWindow {
  from = 0;
  span: number;
  /** Whether the window goes along with the present. */
  follows = true;

  constructor(span: number) {
    this.span = span;
  }

  get to(): number {
    return this.from + this.span;
  }

  /** Brings the present into the window, if it is to follow it. */
  keep(now: number, end: number): void {
    if (!this.follows) return;
    this.#take(this.span, end);
    const late = now - PRESENT * this.span;
    const early = now - (1 - PRESENT) * this.span;
    if (this.from < late) this.from = late;
    else if (this.from > early) this.from = early;
    this.#within(end);
  }

  pan(ms: number, end: number): void {
    this.follows = false;
    this.from += ms;
    this.#within(end);
  }

  /** Shows `factor` times as much time; the moment at this share of the width stays where it is. */
  zoom(factor: number, share: number, end: number): void {
    const fixed = this.from + share * this.span;
    this.#take(this.span * factor, end);
    this.from = fixed - share * this.span;
    this.#within(end);
  }

  /** A run may end where it begins; even then the picture has some width. */
  #take(span: number, end: number): void {
    this.span = Math.max(Math.min(span, end), SHORTEST_MS);
  }

  #within(end: number): void {
    this.from = Math.max(0, Math.min(this.from, end - this.span));
  }
}
