/** The only door to the simulator: nothing outside this folder imports the generated module. */
import {
  Run,
  __wbg_reset_state,
  doors,
  doors_told,
  fresh_seed,
  hunt_add,
  hunt_found,
  hunt_link,
  hunt_link_at,
  hunt_link_with,
  initSync,
  last_panic,
  meant,
  unread,
  type Guess,
  type Json,
  type Twin,
  type Why,
} from './pkg/slowfire.js';
import moduleUrl from './pkg/slowfire_bg.wasm?url';
import { Gate, Waits } from './gate.ts';
import { compile, firstViewOf, Parts, type Asked } from './parts.ts';
import type { Modules } from './beside/told.ts';
import { nextTask } from './task.ts';
import type { HuntFound, LabEntry } from './wire.ts';
import { CoreUnavailable, Replaced, unavailable } from './unavailable.ts';
import { words } from '../words.ts';

export { CoreUnavailable, Replaced, Waits, unavailable };
export type { Asked, Guess, Json, Run, Twin, Why };
export { nextTask } from './task.ts';
export { arrive, goOn } from './way.ts';
export type * from './wire.ts';

/** What the page needs of the simulator once it is loaded. */
export interface Core {
  /**
   * Opens a link such as `#/double-charge?seed=7`; the empty one opens the default lab. The run may take `memoryMiB` with its
   * past and its checks, 256 MiB if nothing is said. The parts that it needs must be there.
   */
  open(link: string, memoryMiB?: number): Run;
  /**
   * Gives back a run, or what was made of runs; what an earlier module made is gone with that. Memory of a module never
   * shrinks: where it is heavy and this was its last run, a fresh one takes its place.
   */
  close(made: Run | Made): void;
  /** Keeps what was made of runs until it is given back, or gone. */
  keep<T extends Made>(made: T): T;
  /** Whether that may still be called. */
  keeps(made: Made): boolean;
  /** Whether the module has taken so much memory that figures out of sight should give their runs back. */
  readonly isHeavy: boolean;
  /** Whether it can be told already if a link names a run. */
  knows(link: string): boolean;
  /** Loads what it takes for that. Fails with `CoreUnavailable` where it cannot be loaded. */
  learn(link: string): Promise<void>;
  /** Why a link names no run that is there; nothing if it names one, or is empty. Only of links that it knows. */
  unread(link: string): Unread | undefined;
  /** Whether the parts are there that the run of a link needs. */
  isReady(link: string): boolean;
  /** Loads the parts that the run of a link needs. Fails with `CoreUnavailable` where they cannot be loaded. */
  prepare(link: string): Promise<void>;
  /**
   * Whether runs are more than first views. A lab as it is opens before that is loaded; until then calls that no first view makes
   * throw `Waits`, and happen nowhere: see `gate.ts`.
   */
  readonly isWhole: boolean;
  /** Tells when that is so. */
  whenWhole(work: () => void): void;
  /** Loads what it takes for that. Fails with `CoreUnavailable` where it cannot be loaded. */
  makeWhole(): Promise<void>;
  /** Whether all is there that can be asked of a run: see `later` in `crates/xtask/src/split/doors.rs`. */
  readonly isComplete: boolean;
  /** Loads that. Fails with `CoreUnavailable` where it cannot be loaded. */
  complete(): Promise<void>;
  /** Loads what a reader asks of a run. Fails as `complete` does. */
  load(asked: Asked): Promise<void>;
  /** What runs a link beside the page needs, once that was loaded here too. */
  modules(link: string, asked: Asked): Modules;
  /** What is asked of many runs; its part must be there. */
  readonly hunting: Hunting;
  freshSeed(): number;
  /** All labs, chapter by chapter. Fails with `CoreUnavailable` where the list cannot be loaded. */
  labs(): Promise<LabEntry[]>;
  /** What the simulator said when it broke last; empty when it never did. */
  lastPanic(): string;
  /** Begins anew with a fresh module and fresh memory. Runs of an earlier generation are gone. */
  renew(): void;
  /** How often it has begun anew. */
  readonly generation: number;
}

/** What is asked of many runs of a link. */
export interface Hunting {
  /** The link of the same run, without its seed and how it is seen. */
  link(link: string): string;
  /** The same with a defence on or off; nothing if there is no such defence. */
  linkWith(link: string, defence: string, isOn: boolean): string | undefined;
  /** The same with a control at a value, in its unit; nothing where it cannot be there. */
  linkAt(link: string, control: string, value: number): string | undefined;
  /** What the runs of both came to; nothing where some were counted twice. No numbers stand for no runs. */
  add(link: string, one: Float64Array, other: Float64Array): Float64Array | undefined;
  /** That in words and shares. */
  found(link: string, found: Float64Array): HuntFound | null;
}

/** What is made of runs. */
export type Made = Guess | Twin | Why;

/** What is to be said of a link that names no run. */
export interface Unread {
  sentences: string[];
  /** The link that is probably meant. */
  meant: string | undefined;
}

/** Documents cross the border as text, which the simulator checks. */
export function json<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}

/** A module that has taken more memory than this is heavy. */
const HEAVY_MIB = 128;

let loading: Promise<void> | undefined;
/** The main module, once it is there. */
let main: WebAssembly.Module;
const parts = new Parts();
const gate = new Gate();
/** After so long the rest that could not be loaded is asked for again. */
const AGAIN_MS = 5000;
/** All runs of the module as it is. */
const runs = new Set<Run>();
/** All that was made of them. */
const made = new Set<Made>();

/** The bindings' own way to load it would hold the memory of this first module for good, whatever takes its place. */
async function load(): Promise<void> {
  main = await compile(moduleUrl);
  parts.renew(initSync({ module: main }));
  gate.shut();
}

/** Loads what first views do not need, as long as it takes, once the first one is there. */
async function loadRest(): Promise<void> {
  while (!core.isWhole) {
    await nextTask();
    const isThere = await core.makeWhole().then(
      () => true,
      () => false,
    );
    if (!isThere) await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

/** Loads the simulator; and beside it what `link` is likely to need, if it names a lab. */
export async function loadCore(link: string): Promise<Core> {
  if (typeof WebAssembly !== 'object') {
    throw new CoreUnavailable(words.unavailable.noWebAssembly);
  }
  parts.loadAhead(link);
  try {
    // Figures of one page that wake together share one module.
    await (loading ??= load());
  } catch (cause) {
    loading = undefined;
    const { refused, notLoaded } = words.unavailable;
    throw await unavailable(cause, isRefused(cause) ? refused : notLoaded);
  }
  await core.learn(link);
  return core;
}

/** Whether a policy of the page does not allow WebAssembly: browsers say so in the error alone. */
function isRefused(cause: unknown): boolean {
  return (
    cause instanceof WebAssembly.CompileError && /Content Security Policy|unsafe-eval/i.test(cause.message)
  );
}

async function loaded(loading: Promise<void>): Promise<void> {
  try {
    await loading;
  } catch (cause) {
    throw await unavailable(cause, words.unavailable.partsNotLoaded);
  }
  if (core.isWhole) gate.open();
}

/** What a link needs that is not there yet. */
function missingOf(link: string): Promise<void> {
  const view = core.firstView(link);
  if (view) return parts.loadView(view);
  return core.isWhole ? parts.load(doors(link)) : parts.loadOfAll();
}

/** What must be there before it can be told of a link. If the simulator breaks over that, whoever asks what is to be told meets it. */
function doorsTold(link: string): Iterable<number> {
  try {
    return doors_told(link);
  } catch {
    return [];
  }
}

const HUNTING: Hunting = {
  link: hunt_link,
  linkWith: hunt_link_with,
  linkAt: hunt_link_at,
  add: hunt_add,
  found: hunt_found,
};

/** Refuses what needs all of the simulator before that is there. */
function whole(): void {
  if (!core.isWhole) throw new Waits();
}

/** One for all that is on the page: the module is loaded once. */
const core = {
  generation: 0,
  open: (link: string, memoryMiB?: number) => {
    if (!core.isReady(link)) throw new CoreUnavailable(words.unavailable.partsNotLoaded);
    const view = core.firstView(link);
    if (view) {
      gate.show(view);
      void loadRest();
    }
    const run = new Run(link, memoryMiB);
    runs.add(run);
    return run;
  },
  close: (one: Run | Made) => {
    const isRun = runs.delete(one as Run);
    // Those of an earlier module are gone with it: freed, they would be cut out of the memory of this one.
    if (!isRun && !made.delete(one as Made)) return;
    one.free();
    if (isRun && runs.size === 0 && core.isHeavy) core.renew();
  },
  keep: <T extends Made>(one: T) => {
    made.add(one);
    return one;
  },
  keeps: (one: Made) => made.has(one),
  get isHeavy() {
    return parts.memoryBytes > HEAVY_MIB * 2 ** 20;
  },
  get isWhole() {
    return parts.areOfAll;
  },
  whenWhole: (work: () => void) => gate.whenOpen(work),
  makeWhole: () => loaded(parts.loadOfAll()),
  knows: (link: string) => (core.isWhole ? parts.has(doorsTold(link)) : firstViewOf(link) !== undefined),
  learn: async (link: string) => {
    if (!core.knows(link)) await core.makeWhole();
    if (!core.knows(link)) await loaded(parts.load(doorsTold(link)));
  },
  /** The first view that a link is opened as while not all is there: one alone, since the gate knows one. */
  firstView: (link: string) => (core.isWhole || runs.size > 0 ? undefined : firstViewOf(link)),
  unread: (link: string) => {
    if (!core.isWhole && firstViewOf(link)) return undefined;
    whole();
    const sentences = unread(link);
    return sentences.length === 0 ? undefined : { sentences, meant: meant(link) };
  },
  isReady: (link: string) => {
    const view = core.firstView(link);
    return view ? parts.hasView(view) : core.isWhole && parts.has(doors(link));
  },
  prepare: async (link: string) => {
    // Once a lab's text is there, it says what else its run needs.
    while (!core.isReady(link)) await loaded(missingOf(link));
  },
  get isComplete() {
    return parts.areComplete;
  },
  complete: () => loaded(parts.complete('later')),
  load: (asked: Asked) => loaded(parts.complete(asked)),
  modules: (link: string, asked: Asked) => ({ main, parts: parts.compiled(doors(link), asked) }),
  get hunting() {
    whole();
    return HUNTING;
  },
  freshSeed: fresh_seed,
  labs: async () => {
    try {
      return (await import('./pkg/labs.js')).LABS;
    } catch (cause) {
      throw await unavailable(cause, words.unavailable.partsNotLoaded);
    }
  },
  lastPanic: () => {
    const missing = parts.missing;
    return missing === undefined ? last_panic() : words.unavailable.missing(missing);
  },
  renew: () => {
    core.generation += 1;
    runs.clear();
    made.clear();
    __wbg_reset_state();
    parts.renew(initSync(undefined as never));
  },
};
