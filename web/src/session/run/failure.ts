/** What is said of a simulator that broke, and the fresh one that takes its place. */
import { Replaced, type Core, type Unread } from '../../core/index.ts';
import { words } from '../../words.ts';

/**
 * What became of the run: it was built again from its link; the run before it goes on, because this one could not be opened;
 * there is none; it is not opened again unasked, because the page did not live through that the last time; or what it needs
 * could not be loaded, perhaps because the page has been replaced by a newer one.
 */
export type Outcome = 'rebuilt' | 'before' | 'none' | 'held' | 'unloaded' | 'replaced';

/** So much of a link is in a sentence: all of nearly every one. */
const MOST_SHOWN = 300;

/** A fault of the simulator, and the link with which somebody can look into it. */
export interface Failure {
  link: string;
  detail: string;
  outcome: Outcome;
}

/**
 * Whether the simulator broke: it panicked, aborted, or what it called threw an error in the middle of its work. What it merely
 * refuses to do, it says in an error of that name, and goes on.
 */
export function isFault(thrown: unknown): boolean {
  return !(thrown instanceof Error) || thrown.name !== 'Refusal';
}

/** Tells of a fault, and begins anew with fresh memory: what broke off in the middle of a call may have left anything behind. */
export function breakOff(core: Core, fault: unknown, link: string): Omit<Failure, 'outcome'> {
  const detail = detailOf(core, fault);
  core.renew();
  return { link: whole(link), detail };
}

/** Why a link names no run; that the simulator breaks over it is one more reason. */
export function unreadOf(core: Core, link: string): Unread | undefined {
  try {
    return core.unread(link);
  } catch (fault) {
    const told = breakOff(core, fault, link);
    return {
      sentences: [words.unavailable.broke(told.link.slice(0, MOST_SHOWN), told.detail)],
      meant: undefined,
    };
  }
}

/** A link that is not opened, since the page did not live through it the last time. */
export function heldBack(link: string): Failure {
  return { link: whole(link), detail: '', outcome: 'held' };
}

/** Loads what a link's run needs. Answers why that could not be loaded, if it could not. */
export function prepared(core: Core, link: string): Promise<Failure | undefined> {
  return core.prepare(link).then(
    () => undefined,
    (fault: unknown) => notLoaded(link, fault),
  );
}

/** A link whose run needs what could not be loaded. */
export function notLoaded(link: string, fault: unknown): Failure {
  const detail = fault instanceof Error ? fault.message : String(fault);
  return { link, detail, outcome: fault instanceof Replaced ? 'replaced' : 'unloaded' };
}

function whole(link: string): string {
  return new URL(link, window.location.href).href;
}

/** A panic left its message; an abort, as for want of memory, left none. */
function detailOf(core: Core, fault: unknown): string {
  try {
    return (fault instanceof WebAssembly.RuntimeError && core.lastPanic()) || String(fault);
  } catch {
    return String(fault);
  }
}
