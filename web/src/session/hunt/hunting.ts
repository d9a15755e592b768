/**
 * A hunt: the same run with many seeds, for one link or for several that are compared. In workers beside the page; where the page may
 * have none, on the page itself, in slices.
 */
import type { Core, HuntFound } from '../../core/index.ts';
import { BesideWorker, Refused } from '../../core/beside/worker.ts';
import type { Hunted, Modules } from '../../core/beside/told.ts';
import { Hunter } from '../../core/beside/work.ts';
import { breakOff } from '../run/failure.ts';
import { Dealing, type Block } from './dealing.ts';
import { Gone, Slicing } from './slicing.ts';
import { Strip } from './strip.ts';

/** So often it is told how far it has come. */
const TOLD_MS = 150;
/** A worker has one block in hand, and one that waits for it. */
const LANES = 2;
/** A block that was the end of so many workers is at fault itself. */
const MOST_DEATHS = 3;
/** Each has a simulator of its own, with its memory. */
const MOST_WORKERS = 16;

/** What is run, and what readers call it. */
export interface Quarry {
  name: string;
  link: string;
  /** The value of the control whose values are compared. */
  value?: number;
}

export interface Result extends Quarry {
  /** What its runs came to so far. */
  found: HuntFound | undefined;
  strip: Strip;
}

export type HuntState = 'going' | 'done' | 'stopped' | 'broken';

export class Hunting {
  readonly results: readonly Result[];
  /** How many seeds are run of each, from 0 on. */
  readonly seeds: number;
  state: HuntState = 'going';
  /** How many runs were done. */
  done = 0;
  /** How many workers died and were replaced. */
  deaths = 0;
  /** Whether it runs on the page itself. */
  isSliced = false;

  readonly #core: Core;
  readonly #workers: number;
  readonly #onChange: () => void;
  readonly #dealing: Dealing;
  readonly #numbers: Float64Array[];
  readonly #begun = performance.now();
  #took: number | undefined;
  #toldAt = -Infinity;
  readonly #running = new Set<BesideWorker>();
  /** What runs on the page itself, and of which simulator that is. */
  #hunter = new Hunter();
  #hunterOf = -1;

  constructor(
    core: Core,
    quarries: readonly Quarry[],
    seeds: number,
    onChange: () => void,
    workers?: number,
  ) {
    this.#core = core;
    this.#onChange = onChange;
    this.#workers = workers ?? spareCores();
    this.seeds = seeds;
    this.results = quarries.map((quarry) => ({ ...quarry, found: undefined, strip: new Strip(seeds) }));
    this.#numbers = quarries.map(() => new Float64Array());
    this.#dealing = new Dealing(
      quarries.map(({ link }) => link),
      seeds,
    );
  }

  get all(): number {
    return this.seeds * this.results.length;
  }

  /** Runs a second, over all of its time. */
  get rate(): number {
    const ms = this.#took ?? performance.now() - this.#begun;
    return (1000 * this.done) / Math.max(ms, 1);
  }

  /** Runs all seeds; the parts of the simulator must be there. Settles when there is nothing left to do. */
  async run(): Promise<void> {
    const modules = this.#core.modules(this.results[0]?.link ?? '', 'hunt');
    const slots = Array.from({ length: this.#workers }, () => new Slot(modules, this.#running));
    await Promise.all(slots.flatMap((slot) => Array.from({ length: LANES }, () => this.#lane(slot))));
    if (this.#goes) await this.#slices();
    if (this.#goes) this.state = 'done';
    this.#end();
  }

  /** What was found until now stays. */
  stop(): void {
    if (!this.#goes) return;
    this.state = 'stopped';
    this.#end();
  }

  get #goes(): boolean {
    return this.state === 'going';
  }

  #end(): void {
    this.#took ??= performance.now() - this.#begun;
    for (const worker of this.#running) worker.end();
    this.#running.clear();
    this.#tell();
  }

  async #lane(slot: Slot): Promise<void> {
    for (let block = this.#deal(); block; block = this.#deal()) {
      let worker: BesideWorker | undefined;
      let hunted: Hunted;
      try {
        worker = slot.worker();
        hunted = await worker.hunt(block.seeds);
      } catch (cause) {
        this.#dealing.giveBack(block);
        if (!this.#goes || cause instanceof Refused) return;
        if (slot.replace(worker)) this.deaths += 1;
        block.deaths += 1;
        if (block.deaths >= MOST_DEATHS) this.#break();
        continue;
      }
      this.#count(block, hunted);
    }
  }

  /** What cannot be counted here is no fault of whoever ran it. */
  #count(block: Block, hunted: Hunted): void {
    try {
      this.#take(block, hunted);
    } catch (fault) {
      this.#breakOver(fault, block);
    }
  }

  #breakOver(fault: unknown, { seeds: { link } }: Block): void {
    if (fault instanceof WebAssembly.RuntimeError) breakOff(this.#core, fault, link);
    else reportError(fault);
    this.#break();
  }

  #deal(): Block | undefined {
    return this.#goes ? this.#dealing.deal(this.#workers * LANES) : undefined;
  }

  async #slices(): Promise<void> {
    for (let block = this.#deal(); block; block = this.#deal()) {
      this.isSliced = true;
      // Those of a simulator that is gone are gone with it.
      const isGone = this.#hunterOf !== this.#core.generation;
      if (isGone) [this.#hunter, this.#hunterOf] = [new Hunter(), this.#core.generation];
      try {
        this.#take(block, await this.#hunter.hunt(block.seeds, new Slicing(this.#core).pause));
      } catch (fault) {
        if (!(fault instanceof Gone)) this.#breakOver(fault, block);
        this.#dealing.giveBack(block);
      }
    }
    if (this.#hunterOf === this.#core.generation) this.#hunter.end();
  }

  #take(block: Block, { marks, found, ms }: Hunted): void {
    if (!this.#goes) return;
    const { place, seeds } = block;
    const sum = this.#core.hunting.add(seeds.link, this.#numbers[place] ?? new Float64Array(), found);
    if (!sum) throw new RangeError(seeds.link);
    this.#numbers[place] = sum;
    this.#dealing.note(block, ms);
    this.results[place]?.strip.add(seeds.first, marks);
    this.done += marks.length;
    if (performance.now() - this.#toldAt >= TOLD_MS) this.#tell();
  }

  #tell(): void {
    this.#toldAt = performance.now();
    this.results.forEach((result, place) => {
      const numbers = this.#numbers[place] ?? new Float64Array();
      result.found = this.#core.hunting.found(result.link, numbers) ?? undefined;
    });
    this.#onChange();
  }

  #break(): void {
    this.state = 'broken';
    this.#end();
  }
}

/** A place for a worker: another one takes it if the first dies. */
class Slot {
  readonly #modules: Modules;
  readonly #running: Set<BesideWorker>;
  #worker: BesideWorker | undefined;

  constructor(modules: Modules, running: Set<BesideWorker>) {
    this.#modules = modules;
    this.#running = running;
  }

  worker(): BesideWorker {
    this.#worker ??= new BesideWorker(this.#modules);
    this.#running.add(this.#worker);
    return this.#worker;
  }

  /** Whether this one was still in its place. */
  replace(dead: BesideWorker | undefined): boolean {
    if (!dead || this.#worker !== dead) return false;
    dead.end();
    this.#running.delete(dead);
    this.#worker = undefined;
    return true;
  }
}

/** As many as there are cores, fewer by the page's own. */
function spareCores(): number {
  return Math.max(1, Math.min(MOST_WORKERS, (navigator.hardwareConcurrency || 2) - 1));
}
