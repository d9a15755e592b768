/** A worker that runs links beside the page, as the page sees it. */
import address from './beside.worker.ts?worker&url';
import { trustedAddress } from '../trusted-address.ts';
import type { Asked, Hunted, Modules, Seeds, Told } from './told.ts';
import type { ShrinkProgress } from '../wire.ts';
import { NoFailure, type Shrunk } from './work.ts';

/** This page may have no worker: its host, or the page around it, refuses. */
export class Refused extends Error {}

/** A worker that has not answered for so long is taken to be dead: a run of a million events takes a second. */
const DEAD_MS = 60_000;

interface Waiting {
  onTold: (told: Told) => void;
  onDeath: (reason: Error) => void;
}

export class BesideWorker {
  readonly #worker: Worker;
  /** Who waits for an answer, in the order in which they asked. */
  readonly #waiting: Waiting[] = [];
  #isReady = false;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #deathOf: Error | undefined;

  /** Throws `Refused` where that is known at once. */
  constructor(modules: Modules) {
    try {
      this.#worker = new Worker(trustedAddress(address), { type: 'module' });
    } catch (cause) {
      throw new Refused(undefined, { cause });
    }
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Told>) => this.#hear(data));
    this.#worker.addEventListener('messageerror', () => this.#die(''));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die(event.message);
    });
    this.#ask({ kind: 'begin', modules });
    this.#keepWatch();
  }

  /** Rejects with `Refused` if there never was a worker, and with another error if it died. */
  hunt(seeds: Seeds): Promise<Hunted> {
    return this.#answer({ kind: 'hunt', seeds }, (told) =>
      told.kind === 'hunted' ? told.hunted : undefined,
    );
  }

  /** Rejects as `hunt` does, and with `NoFailure` where the run does not fail. */
  shrink(
    link: string,
    check: string | undefined,
    onProgress: (progress: ShrinkProgress) => void,
  ): Promise<Shrunk> {
    return this.#answer({ kind: 'shrink', link, check }, (told) => {
      if (told.kind === 'smallest') return told;
      if (told.kind === 'refused') throw new NoFailure(told.sentence);
      if (told.kind === 'progress') onProgress(told.progress);
      return undefined;
    });
  }

  /** What is being made smaller stays as small as it is. */
  stop(): void {
    this.#ask({ kind: 'stop' });
  }

  end(): void {
    this.#die('');
  }

  #ask(asked: Asked): void {
    this.#worker.postMessage(asked);
  }

  /** Asks, and takes as the answer what `read` makes of what is told, once that is anything. */
  #answer<T>(asked: Asked, read: (told: Told) => T | undefined): Promise<T> {
    if (this.#deathOf) return Promise.reject(this.#deathOf);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { onTold: () => undefined, onDeath: reject };
      waiting.onTold = (told) => {
        try {
          const answer = read(told);
          if (answer === undefined) return;
          resolve(answer);
        } catch (refusal) {
          reject(refusal instanceof Error ? refusal : new Error(String(refusal)));
        }
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      };
      this.#waiting.push(waiting);
      this.#ask(asked);
      this.#keepWatch();
    });
  }

  #hear(told: Told): void {
    this.#isReady = true;
    if (told.kind !== 'ready') this.#waiting[0]?.onTold(told);
    this.#keepWatch();
  }

  #keepWatch(): void {
    clearTimeout(this.#watch);
    if (this.#waiting.length > 0) this.#watch = setTimeout(() => this.#die(''), DEAD_MS);
  }

  #die(message: string): void {
    clearTimeout(this.#watch);
    this.#deathOf ??= this.#isReady ? new Error(message) : new Refused(message);
    this.#worker.terminate();
    for (const { onDeath } of this.#waiting.splice(0)) onDeath(this.#deathOf);
  }
}
