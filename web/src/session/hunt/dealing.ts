/** Which seeds are run next: of each link in turn, in blocks that take about as long each. */
import type { Seeds } from '../../core/beside/told.ts';

/** So long a block is to take: long enough that handing it out costs nothing, short enough that a hunt stops soon. */
const BLOCK_MS = 60;
const FIRST_BLOCK = 4;
const MOST_IN_BLOCK = 4096;
/** A block grows by no more than this at a time: the first runs say little. */
const GROWTH = 4;

/** Some seeds of one of the links. */
export interface Block {
  /** The link's place among all. */
  place: number;
  seeds: Seeds;
  /** How many workers it has outlived. */
  deaths: number;
}

export class Dealing {
  readonly #links: readonly string[];
  readonly #seeds: number;
  /** For each link the first seed that was not dealt. */
  readonly #next: number[];
  readonly #again: Block[] = [];
  #turn = 0;
  #size = FIRST_BLOCK;

  constructor(links: readonly string[], seeds: number) {
    this.#links = links;
    this.#seeds = seeds;
    this.#next = links.map(() => 0);
  }

  /** The next block for one of so many who ask; nothing if all are dealt. */
  deal(askers: number): Block | undefined {
    const again = this.#again.pop();
    if (again) return again;
    const places = this.#links.map((_, offset) => (this.#turn + offset) % this.#links.length);
    const place = places.find((one) => (this.#next[one] ?? 0) < this.#seeds);
    if (place === undefined) return undefined;
    this.#turn = place + 1;
    return this.#cut(place, this.#next[place] ?? 0, askers);
  }

  /** Whoever had it died, or never was. */
  giveBack(block: Block): void {
    this.#again.push(block);
  }

  /** A block took so long. */
  note({ seeds: { first, end } }: Block, ms: number): void {
    const fitting = ((end - first) * BLOCK_MS) / Math.max(ms, 0.1);
    this.#size = Math.max(1, Math.min(Math.floor(fitting), this.#size * GROWTH, MOST_IN_BLOCK));
  }

  /** The last blocks are small, so that all who ask come to the end at about the same time. */
  #cut(place: number, first: number, askers: number): Block {
    const fair = Math.ceil((this.#seeds - first) / (2 * askers));
    const end = Math.min(this.#seeds, first + Math.max(1, Math.min(this.#size, fair)));
    this.#next[place] = end;
    return { place, seeds: { link: this.#links[place] ?? '', first, end }, deaths: 0 };
  }
}
