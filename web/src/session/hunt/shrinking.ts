/** A search for the smallest run that still fails: in a worker beside the page, or on the page itself, in slices. */
import type { Core, ShrinkProgress, SmallestRun } from '../../core/index.ts';
import { Helper, Refused } from '../../core/beside/helper.ts';
import { NoFailure, shrink, type Shrunk } from '../../core/beside/work.ts';
import { breakOff } from '../run/failure.ts';
import { Gone, Slicing } from './slicing.ts';

const TOLD_MS = 100;

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
  #helper: Helper | undefined;
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
      this.#take(await this.#beside());
    } catch (cause) {
      if (cause instanceof Refused && !this.#isOver) await this.#sliced();
      else this.#fail(cause);
    }
    this.#helper?.end();
    this.#tell();
  }

  /** It ends with the smallest so far. */
  stop(): void {
    this.#isStopped = true;
    this.#helper?.stop();
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#isOver = true;
    this.#isStopped = true;
    this.#helper?.end();
  }

  async #beside(): Promise<Shrunk> {
    this.#helper = new Helper(this.#core.modules(this.link, 'shrink'));
    return this.#helper.shrink(this.link, this.#check, (progress) => {
      this.progress = progress;
      this.#tell();
    });
  }

  async #sliced(): Promise<void> {
    const slicing = new Slicing(this.#core);
    let toldAt = performance.now();
    try {
      const shrunk = await shrink(this.link, this.#check, (progress) => {
        const pause = slicing.pause();
        if (!pause) return true;
        if (performance.now() - toldAt >= TOLD_MS) {
          toldAt = performance.now();
          this.progress = progress();
          this.#tell();
        }
        return pause.then(() => !this.#isStopped);
      });
      this.#take(shrunk);
    } catch (fault) {
      const isBroken = !(fault instanceof Gone || fault instanceof NoFailure);
      if (isBroken) breakOff(this.#core, fault, this.link);
      this.#fail(fault);
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
