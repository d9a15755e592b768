/** A search for the smallest run that still fails: in a worker beside the page, or on the page itself, in slices. */
import type { Core, ShrinkProgress, SmallestRun } from '../../core/index.ts';
import { BesideWorker, Refused } from '../../core/beside/worker.ts';
import { NoFailure, shrink, type Shrunk } from '../../core/beside/work.ts';
import { breakOff } from '../run/failure.ts';
import { Gone, Slicing } from './slicing.ts';

const TOLD_MS = 100;
/** A search that was the end of so many workers is at fault itself. */
const MOST_DEATHS = 2;

export type ShrinkState = 'going' | 'done' | 'stopped' | 'refused' | 'broken';

export class ShrinkSearch {
  /** The run that is made smaller. */
  readonly link: string;
  state: ShrinkState = 'going';
  progress: ShrinkProgress | undefined;
  smallest: SmallestRun | undefined;
  /** Why the run cannot be made smaller. */
  refusal = '';

  readonly #core: Core;
  readonly #check: string | undefined;
  readonly #onChange: () => void;
  #worker: BesideWorker | undefined;
  /** Whether it runs on the page itself. */
  #isSliced = false;
  #isStopped = false;
  #isOver = false;

  constructor(core: Core, link: string, check: string | undefined, onChange: () => void) {
    this.#core = core;
    this.link = link;
    this.#check = check;
    this.#onChange = onChange;
  }

  /** The parts of the simulator must be there. */
  async run(): Promise<void> {
    try {
      this.#take(await this.#found());
    } catch (cause) {
      this.#fail(cause);
    }
    this.#worker?.end();
    this.#tell();
  }

  /** Where what ran it is gone, as after a sleep of the machine, it begins again: it comes to the same. */
  async #found(): Promise<Shrunk> {
    let deaths = 0;
    for (;;) {
      try {
        return await (this.#isSliced ? this.#sliced() : this.#beside());
      } catch (cause) {
        if (this.#isOver || cause instanceof NoFailure) throw cause;
        if (cause instanceof Refused) this.#isSliced = true;
        else if (!(cause instanceof Gone)) {
          deaths += 1;
          if (this.#isSliced || deaths >= MOST_DEATHS) throw cause;
        }
      }
    }
  }

  /** It ends with the smallest so far. */
  stop(): void {
    this.#isStopped = true;
    this.#worker?.stop();
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#isOver = true;
    this.#isStopped = true;
    this.#worker?.end();
  }

  async #beside(): Promise<Shrunk> {
    this.#worker = new BesideWorker(this.#core.modules(this.link, 'shrink'));
    const shrunk = this.#worker.shrink(this.link, this.#check, (progress) => {
      this.progress = progress;
      this.#tell();
    });
    if (this.#isStopped) this.#worker.stop();
    return shrunk;
  }

  async #sliced(): Promise<Shrunk> {
    const slicing = new Slicing(this.#core);
    let toldAt = performance.now();
    try {
      return await shrink(this.link, this.#check, (progress) => {
        const pause = slicing.pause();
        if (!pause) return true;
        if (performance.now() - toldAt >= TOLD_MS) {
          toldAt = performance.now();
          this.progress = progress();
          this.#tell();
        }
        return pause.then(() => !this.#isStopped);
      });
    } catch (fault) {
      const isBroken = !(fault instanceof Gone || fault instanceof NoFailure);
      if (isBroken) breakOff(this.#core, fault, this.link);
      throw fault;
    }
  }

  #take({ smallest, isStopped }: Shrunk): void {
    this.smallest = smallest;
    this.state = isStopped ? 'stopped' : 'done';
  }

  #fail(cause: unknown): void {
    if (this.state !== 'going') return;
    const isRefused = cause instanceof NoFailure;
    this.refusal = isRefused ? cause.message : '';
    this.state = isRefused ? 'refused' : 'broken';
  }

  #tell(): void {
    if (!this.#isOver) this.#onChange();
  }
}
