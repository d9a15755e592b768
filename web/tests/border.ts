/** A stand-in at the border to the simulator: its exports can be made to break, or to take long, without a word in the module. */
import type { Page } from '@playwright/test';

/** What a call of the module does instead of its work. */
export type Fault =
  /** It traps, as a panic and an abort do. */
  | 'trap'
  /** It says that it took ten seconds. */
  | 'slow';

interface Border {
  /** The faults that wait, by the export that they wait at. */
  faults: Map<string, Fault>;
  /** How many modules were made. */
  modules: number;
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
    const border: Border = { faults: new Map(Object.entries(first)), modules: 0 };
    window.border = border;
    let lateBy = 0;
    const now = performance.now.bind(performance);
    performance.now = () => now() + lateBy;
    const guarded = (name: string, work: (...args: unknown[]) => unknown) =>
      function call(...args: unknown[]): unknown {
        const fault = border.faults.get(name);
        border.faults.delete(name);
        if (fault === 'trap') throw new WebAssembly.RuntimeError('unreachable');
        if (fault === 'slow') lateBy += 10_000;
        return work(...args);
      };
    const standIn = (instance: WebAssembly.Instance) => {
      border.modules += 1;
      const exports = Object.entries(instance.exports).map(([name, value]) => [
        name,
        typeof value === 'function' ? guarded(name, value as (...args: unknown[]) => unknown) : value,
      ]);
      return { exports: Object.fromEntries(exports) as WebAssembly.Exports };
    };
    const { instantiateStreaming, Instance } = WebAssembly;
    WebAssembly.instantiateStreaming = async (source, imports) => {
      const { instance, module } = await instantiateStreaming(source, imports);
      return { instance: standIn(instance), module };
    };
    Reflect.set(
      WebAssembly,
      'Instance',
      new Proxy(Instance, {
        construct: (whole, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) =>
          standIn(new whole(module, imports)),
      }),
    );
  }, faults);
}

/** Makes the next call of an export break. */
export async function breakNext(page: Page, name: string, fault: Fault = 'trap'): Promise<void> {
  await page.evaluate(([at, what]) => window.border.faults.set(at, what), [name, fault] as const);
}

/** How many modules the page has made. */
export function modules(page: Page): Promise<number> {
  return page.evaluate(() => window.border.modules);
}
