/**
 * The one gate to a simulator of which not all is there yet: until then only what first views call of a run may be called.
 *
 * Whatever else is called is refused before anything happens in the module, so a run is never left in the middle of a call. Whoever
 * is refused asks again once all is there: `GuardedRun` does, in order.
 */
import { FIRST, isFirstLook } from './first.mjs';
import { Run } from './pkg/slowfire.js';
import type { FirstView } from './pkg/needed.js';

/** What is called must wait until all of the simulator is there. */
export class Waits extends Error {}

type Method = (...given: never[]) => unknown;

const refuse = () => {
  throw new Waits();
};

/** What is asked of the arguments of those that may be called. */
const ASKED: Record<string, (view: FirstView, ...given: never[]) => boolean> = {
  look: (_, json: string) => isFirstLook(json),
  paint: ({ view }, shown: string) => shown === view,
  seek: ({ untilMs }, ms: number) => ms <= untilMs,
};

export class Gate {
  /** The methods of runs as they are. */
  readonly #methods = new Map<string, Method>();
  #waiting: (() => void)[] = [];
  #view: FirstView | undefined;

  /** From now on runs are first views. */
  shut(): void {
    if (this.#methods.size > 0) return;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Run.prototype))) {
      if (typeof value !== 'function' || name === 'constructor' || name.startsWith('_')) continue;
      this.#methods.set(name, value as Method);
      this.#put(name, this.#guarded(name, value as Method));
    }
  }

  /** The run that is opened shows this one. */
  show(view: FirstView): void {
    this.#view = view;
  }

  /** All is there: whoever waits is told, in order. */
  open(): void {
    for (const [name, method] of this.#methods) this.#put(name, method);
    this.#methods.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const work of waiting) work();
  }

  /** Tells when all is there. */
  whenOpen(work: () => void): void {
    this.#waiting.push(work);
  }

  #put(name: string, value: Method): void {
    Object.defineProperty(Run.prototype, name, { value, writable: true, configurable: true });
  }

  #guarded(name: string, method: Method): Method {
    if (!FIRST.includes(name)) return refuse;
    const isMeant = ASKED[name];
    if (!isMeant) return method;
    const viewNow = () => this.#view;
    return function (this: Run, ...given: never[]) {
      const view = viewNow();
      return view && isMeant(view, ...given) ? method.apply(this, given) : refuse();
    };
  }
}
