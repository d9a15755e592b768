/** A mark for each seed of a hunt, in their order; of more seeds than a screen has room for, how many of each kind in each place. */
import { MARKS } from '../../core/beside/told.ts';

/** No more than this many places, however many seeds: on a phone, two strips stand beside each other, and each place has a pixel. */
const MOST_PLACES = 150;

export class Strip {
  readonly places: number;
  readonly #seeds: number;
  /** For each place how many runs violated a check, left one undecided, and held. */
  readonly #violated: Uint32Array;
  readonly #undecided: Uint32Array;
  readonly #holds: Uint32Array;

  constructor(seeds: number) {
    this.#seeds = seeds;
    this.places = Math.min(seeds, MOST_PLACES);
    const counts = () => new Uint32Array(this.places);
    [this.#violated, this.#undecided, this.#holds] = [counts(), counts(), counts()];
  }

  add(first: number, marks: Uint8Array): void {
    marks.forEach((mark, index) => {
      const place = Math.floor(((first + index) * this.places) / this.#seeds);
      const counts =
        mark === MARKS.violated ? this.#violated : mark === MARKS.undecided ? this.#undecided : this.#holds;
      counts[place] = (counts[place] ?? 0) + 1;
    });
  }

  /** How many runs leave a check undecided, and violate none. */
  get undecided(): number {
    return this.#undecided.reduce((sum, count) => sum + count, 0);
  }

  /** The parts of each place's runs, from the violated ones on; all are zero where none was run yet. */
  parts(place: number): { violated: number; undecided: number; holds: number } {
    const [violated, undecided, holds] = [this.#violated, this.#undecided, this.#holds].map(
      (counts) => counts[place] ?? 0,
    ) as [number, number, number];
    const all = violated + undecided + holds || 1;
    return { violated: violated / all, undecided: undecided / all, holds: holds / all };
  }
}
