/** A run, and what becomes of it when the simulator breaks. */
import type { Core, Run } from '../../core/index.ts';

/** A run that breaks again so soon after it was rebuilt would break with every frame. */
const AT_ONCE_MS = 500;

/** A fault of the simulator, and the link with which somebody can look into it. */
export interface Failure {
  link: string;
  detail: string;
  /** Whether the run could be built again from its link. */
  rebuilt: boolean;
}

/** Who is told of what becomes of the run. */
interface Owner {
  /** Another run has replaced the old one. */
  onAdopt(run: Run): void;
  /** The run broke; `failure` says how, and whether there is another one. */
  onBreak(): void;
}

export class GuardedRun {
  failure: Failure | undefined;

  readonly #core: Core;
  readonly #owner: Owner;
  #run: Run;
  /** What a run is rebuilt from when it breaks. */
  #savedLink: string;
  /** The link that is being opened. */
  #opening: string | undefined;
  #rebuiltAt = -Infinity;

  constructor(core: Core, run: Run, owner: Owner) {
    this.#core = core;
    this.#owner = owner;
    this.#run = run;
    this.#savedLink = run.link();
  }

  /** Calls the run, and answers nothing where that breaks, or where there is no run left. */
  attempt<T>(work: (run: Run) => T): T | undefined {
    if (this.isLost) return undefined;
    try {
      return work(this.#run);
    } catch (fault) {
      this.#recover(fault);
      return undefined;
    }
  }

  /** Whether the run broke for good. */
  get isLost(): boolean {
    return this.failure?.rebuilt === false;
  }

  /** The link that replays the run exactly. */
  get link(): string {
    return this.attempt((run) => run.link()) ?? this.#savedLink;
  }

  /** From now on a run that breaks is rebuilt from the link of this moment, which is the answer. */
  saveLink(): string {
    this.#savedLink = this.link;
    return this.#savedLink;
  }

  /** Opens another link instead of this run. What it changes of the same lab can be undone, if that is wanted. */
  open(link: string, isUndoable: boolean): void {
    const isKept = isUndoable && !this.isLost;
    this.failure = undefined;
    this.#opening = link;
    try {
      if (isKept && this.#run.take_up(link)) this.#owner.onAdopt(this.#run);
      else this.#adopt(this.#core.open(link));
    } catch (fault) {
      this.#recover(fault);
    }
    this.#opening = undefined;
  }

  #adopt(run: Run): void {
    const old = this.#run;
    this.#run = run;
    this.#owner.onAdopt(run);
    try {
      old.free();
    } catch {
      // A run that broke off in the middle of a call cannot be freed.
    }
  }

  /**
   * A run that broke is unusable; the link saved last gives another, from its
   * beginning. One that breaks again at once is left alone.
   */
  #recover(fault: unknown): void {
    const broken = this.#opening ?? this.#savedLink;
    const isAtOnce = performance.now() < this.#rebuiltAt + AT_ONCE_MS;
    const failure = {
      link: new URL(broken, window.location.href).href,
      detail: (fault instanceof WebAssembly.RuntimeError && this.#core.lastPanic()) || String(fault),
    };
    this.#rebuiltAt = performance.now();
    this.failure = { ...failure, rebuilt: !isAtOnce };
    if (!isAtOnce) this.failure = { ...failure, rebuilt: this.#rebuild() };
    this.#owner.onBreak();
  }

  #rebuild(): boolean {
    try {
      this.#adopt(this.#core.open(this.#savedLink));
      return !this.isLost;
    } catch {
      return false;
    }
  }
}

/** What the simulator refused to do, in its own sentence. That is the reader's to mend; a panic is thrown on. */
export function refusalOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown instanceof WebAssembly.RuntimeError) throw thrown;
    return thrown.message;
  }
}
