import type { Browser, Page } from '@playwright/test';

/** A task of the page's main thread. */
export interface Task {
  /** The act that it fell into. */
  act: string;
  /** Milliseconds of the processor that was asked for, and by this machine's clock. */
  ms: number;
  wallMs: number;
  /** What took longest in it, in milliseconds of this machine's processor. */
  parts: string;
}

/** The names of all that a reader may do with a lab's run. */
export const ACTS: Readonly<Record<string, unknown>>;
/** Does an act in the page's app, and waits until what it set in motion has come to rest, or has been stopped. */
export function act(page: Page, name: string, patienceMs?: number): Promise<void>;
/** Waits until the run is where it is bound for, for so long at most, and for the frames and the idle work after that. */
export function arrive(page: Page, patienceMs?: number): Promise<void>;
/** Traces the browser while `work` uses the page. Answers all tasks of the page on a slower processor, the longest first. */
export function tasksDuring(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
  slower?: number,
): Promise<Task[]>;
