/**
 * The parts of the simulator that are loaded when a run needs them: a protocol, a check, what several of them share.
 *
 * All share the memory and the table of the main module (`crates/xtask/src/split`). A part is compiled once; each fresh
 * main module gets instances of its own.
 */
import { labAsItIs } from './first.mjs';
import { NEEDED, type FirstView } from './pkg/needed.js';
import { PARTS } from './pkg/parts.js';
import { Missing, isMissing } from './unavailable.ts';

type Exports = Record<string, WebAssembly.ExportValue>;

/** For each door, by its slot in the table: the part behind it, by its place in the list. */
const partOf = new Map(PARTS.flatMap(({ doors }, place) => doors.map((door) => [door, place] as const)));

/** The parts behind some doors, and what these parts need, in an order in which they can be made. */
function behind(doors: Iterable<number>): number[] {
  const wanted = new Set<number>();
  for (const door of doors) {
    const place = partOf.get(door);
    if (place === undefined) continue;
    wanted.add(place);
    for (const needed of PARTS[place]?.needs ?? []) wanted.add(needed);
  }
  return [...wanted].sort((one, other) => one - other);
}

/** What is asked of any run: once its first picture is there, or when a reader wants to know. */
export type Asked = 'later' | 'why' | 'guess' | 'twin' | 'hunt' | 'shrink' | 'contest';

const doorsOf = (asked: Asked) => PARTS.filter(({ name }) => name === asked).flatMap(({ doors }) => doors);
const LATER = doorsOf('later');

/** What is called of any run, beyond the first views of most labs; of most runs that is little. */
const OF_ALL = PARTS.flatMap(({ name }, place) => (['more', 'rest'].includes(name) ? [place] : []));

/** The first view of a link that names a lab as it is. */
export function firstViewOf(link: string): FirstView | undefined {
  const lab = labAsItIs(link);
  // A link may name what every object has: `#/constructor`.
  return lab !== undefined && Object.hasOwn(NEEDED, lab) ? NEEDED[lab] : undefined;
}

export class Parts {
  /** What parts import: all exports of the main module, and of the parts that are there. */
  #exports: Exports = {};
  readonly #compiled = new Map<number, WebAssembly.Module>();
  readonly #loading = new Map<number, Promise<void>>();
  readonly #present = new Set<number>();

  /** Begins to load what a link needs, while the main module is still on its way. */
  loadAhead(link: string): void {
    const [lab = ''] = /^#\/[\w-]+/.exec(link) ?? [];
    const ofAll = firstViewOf(link) ? [] : OF_ALL;
    for (const place of [...(firstViewOf(lab)?.parts ?? []), ...ofAll]) {
      this.#load(place).catch(() => {
        // Who needs the part loads it again, and tells.
      });
    }
  }

  /** Whether any run can be opened, and everything be called of it that has no part of its own. */
  get areOfAll(): boolean {
    return this.#areThere(OF_ALL);
  }

  /** Loads what it takes for that. */
  loadOfAll(): Promise<void> {
    return this.#loadAll(OF_ALL);
  }

  /** Whether all is there that a first view needs. */
  hasView({ parts }: FirstView): boolean {
    return this.#areThere(parts);
  }

  loadView({ parts }: FirstView): Promise<void> {
    return this.#loadAll(parts);
  }

  /** Whether all parts behind these doors are there. */
  has(doors: Iterable<number>): boolean {
    return this.#areThere(behind(doors));
  }

  /** Loads the parts behind these doors, all at once. Fails if one of them cannot be loaded; the next call tries again. */
  load(doors: Iterable<number>): Promise<void> {
    return this.#loadAll(behind(doors));
  }

  /** Whether all is there that is asked of any run. */
  get areComplete(): boolean {
    return this.areOfAll && this.has(LATER);
  }

  /** Loads what is asked of any run. */
  complete(asked: Asked): Promise<void> {
    return this.#loadAll([...OF_ALL, ...behind(doorsOf(asked))]);
  }

  /** What is compiled of the parts behind these doors, and of what is asked; runs that nobody sees draw no logs. */
  compiled(doors: Iterable<number>, asked: Asked): WebAssembly.Module[] {
    const drawn = new Set(PARTS.filter(({ name }) => name === 'logs').flatMap((part) => part.doors));
    const places = behind([...[...doors].filter((door) => !drawn.has(door)), ...doorsOf(asked)]);
    return [...OF_ALL, ...places].flatMap((place) => this.#compiled.get(place) ?? []);
  }

  /** There is a main module with these exports; all parts that the one before it had are made for it, too. */
  renew(exports: object): void {
    const present = [...this.#present].sort((one, other) => one - other);
    this.#exports = { ...(exports as Exports) };
    this.#present.clear();
    for (const place of present) this.#make(place);
  }

  /** How much memory the main module has taken. */
  get memoryBytes(): number {
    const { memory } = this.#exports;
    return memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0;
  }

  /** The name of the part whose absence stopped the main module, if that did. */
  get missing(): string | undefined {
    const { missing } = this.#exports;
    const number: unknown = missing instanceof WebAssembly.Global ? missing.value : 0;
    return typeof number === 'number' ? PARTS[number - 1]?.name : undefined;
  }

  #areThere(places: readonly number[]): boolean {
    return places.every((place) => this.#present.has(place));
  }

  async #loadAll(places: readonly number[]): Promise<void> {
    await Promise.all(places.map((place) => this.#load(place)));
    for (const place of places) this.#make(place);
  }

  #load(place: number): Promise<void> {
    const known = this.#loading.get(place);
    if (known) return known;
    const loading = compile(PARTS[place]?.url ?? '').then((module) => {
      this.#compiled.set(place, module);
    });
    this.#loading.set(place, loading);
    loading.catch(() => this.#loading.delete(place));
    return loading;
  }

  #make(place: number): void {
    const module = this.#compiled.get(place);
    if (!module || this.#present.has(place)) return;
    const { exports } = new WebAssembly.Instance(module, { m: this.#exports });
    Object.assign(this.#exports, exports);
    this.#present.add(place);
  }
}

/** Fetches a module and compiles it: while it streams in, where the host names it as what it is. */
export async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (isMissing(response)) throw new Missing(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  if (response.headers.get('Content-Type') === 'application/wasm') {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
