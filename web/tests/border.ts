/** A stand-in at the border to the simulator: its exports can be made to break, or to take long, without a word in the module. */
import type { Page } from '@playwright/test';

/** What a call of the module does instead of its work. */
export type Fault =
  /** It traps, as a panic and an abort do. */
  | 'trap'
  /** It says that it took ten seconds. */
  | 'slow';

interface Border {
  /** The faults that wait, by the export that they wait at, and for how many of its calls. */
  faults: Map<string, { fault: Fault; times: number }>;
  /** How many modules were made. */
  modules: number;
  /** How many of them have given their memory back. */
  collected: number;
  /** The memory of the latest one. */
  memory: WebAssembly.Memory | undefined;
  /** How many runs were made, and how many were given back by who made them: what a collector finds counts as kept. */
  runs: { made: number; givenBack: number };
  /** The same of the comparisons of two runs. */
  twins: { made: number; givenBack: number };
}

declare global {
  interface Window {
    border: Border;
  }
}

/** Puts the stand-in into every page that is loaded from now on. */
export async function standAtBorder(
  page: Page,
  faults: Readonly<Record<string, Fault>> = {},
): Promise<void> {
  await page.addInitScript((first) => {
    const runs = { made: 0, givenBack: 0 };
    const twins = { made: 0, givenBack: 0 };
    const border: Border = { faults: new Map(), modules: 0, collected: 0, memory: undefined, runs, twins };
    for (const [name, fault] of Object.entries(first)) border.faults.set(name, { fault, times: 1 });
    window.border = border;
    let lateBy = 0;
    const now = performance.now.bind(performance);
    performance.now = () => now() + lateBy;
    const guarded = (name: string, work: (...args: unknown[]) => unknown) =>
      function call(...args: unknown[]): unknown {
        if (name === 'run_new') runs.made += 1;
        // The collector says 1 for what it found.
        if (name === '__wbg_run_free' && args[1] === 0) runs.givenBack += 1;
        if (name === 'run_beside') twins.made += 1;
        if (name === '__wbg_twin_free' && args[1] === 0) twins.givenBack += 1;
        const waiting = border.faults.get(name);
        if (!waiting) return work(...args);
        waiting.times -= 1;
        if (waiting.times === 0) border.faults.delete(name);
        if (waiting.fault === 'trap') throw new WebAssembly.RuntimeError('unreachable');
        lateBy += 10_000;
        return work(...args);
      };
    const memories = new FinalizationRegistry<undefined>(() => (border.collected += 1));
    Object.assign(border, { memories });
    const standIn = (instance: WebAssembly.Instance) => {
      border.modules += 1;
      const memory = instance.exports.memory as WebAssembly.Memory;
      border.memory = memory;
      memories.register(memory, undefined);
      const exports = Object.entries(instance.exports).map(([name, value]) => [
        name,
        typeof value === 'function' ? guarded(name, value as (...args: unknown[]) => unknown) : value,
      ]);
      return { exports: Object.fromEntries(exports) as WebAssembly.Exports };
    };
    const { Instance } = WebAssembly;
    Reflect.set(
      WebAssembly,
      'Instance',
      new Proxy(Instance, {
        construct: (whole, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) =>
          // A part of the module is called by the module itself.
          'm' in imports ? new whole(module, imports) : standIn(new whole(module, imports)),
      }),
    );
  }, faults);
}

/** Makes the next calls of an export break. */
export async function breakNext(page: Page, name: string, fault: Fault = 'trap', times = 1): Promise<void> {
  await page.evaluate(([at, what]) => window.border.faults.set(at, what), [
    name,
    { fault, times },
  ] as const);
}

/** How many modules the page has made. */
export function modules(page: Page): Promise<number> {
  return page.evaluate(() => window.border.modules);
}

/** How many runs there are that nobody gave back. */
export function runsKept(page: Page): Promise<number> {
  return page.evaluate(() => window.border.runs.made - window.border.runs.givenBack);
}

/** How many comparisons of two runs there are that nobody gave back. */
export function twinsKept(page: Page): Promise<number> {
  return page.evaluate(() => window.border.twins.made - window.border.twins.givenBack);
}

/** How many modules there are that the page still holds, once all that it does not is collected. */
export function modulesKept(page: Page): Promise<number> {
  return page.evaluate(() => {
    (globalThis as unknown as { gc(): void }).gc();
    return window.border.modules - window.border.collected;
  });
}

/** Lets the latest module take so much more memory, as heavy runs make it. */
export function takeMemory(page: Page, mib: number): Promise<void> {
  return page.evaluate((many) => {
    window.border.memory?.grow(16 * many);
  }, mib);
}

/** How much memory the latest module has taken. */
export function memoryMiB(page: Page): Promise<number> {
  return page.evaluate(() => (window.border.memory?.buffer.byteLength ?? 0) / 2 ** 20);
}

/** A module whose memory ends after so many pages of 64 KiB: a run that needs more aborts, as it else would at 4 GB. */
export function withMemory(module: Buffer, pages: number): Buffer {
  const MEMORY = 5;
  let at = 8;
  while (at < module.length) {
    const [size, content] = readNumber(module, at + 1);
    if (module[at] === MEMORY) {
      // One memory, with or without a bound, and how many pages it begins with.
      const [first] = readNumber(module, content + 2);
      const section = [1, 1, ...written(first), ...written(pages)];
      return Buffer.concat([
        module.subarray(0, at),
        Buffer.from([MEMORY, ...written(section.length), ...section]),
        module.subarray(content + size),
      ]);
    }
    at = content + size;
  }
  throw new Error('the module has no memory');
}

/** A number as WebAssembly writes it (LEB128), and where it ends. */
function readNumber(bytes: Buffer, at: number): [number: number, end: number] {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return [byte, at + 1];
  const [rest, end] = readNumber(bytes, at + 1);
  return [(byte & 0x7f) + 0x80 * rest, end];
}

function written(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...written(number >> 7)];
}
