/** Why a part of the page could not be loaded: there is no connection, or a newer version has taken its place on the host. */
import { words } from '../words.ts';

/** Why the simulator could not be loaded, in words for the reader. */
export class CoreUnavailable extends Error {}

/** The host has no file any more of the version that is shown: the reader has to load the page again. */
export class Replaced extends CoreUnavailable {}

/** A host answered, and not with the file. */
export class Missing extends Error {}

/** A host that has not said by then which version it has is taken to have this one: somebody waits for the sentence. */
const PATIENCE_MS = 4000;

/** What a host answers that has no such file. Some have a page for whatever is missing. */
export function isMissing({ status, headers }: Response): boolean {
  return status === 404 || status === 410 || headers.get('Content-Type')?.startsWith('text/html') === true;
}

/** What is to be said of a part that could not be loaded: `sentence`, unless a newer version is there. */
export async function unavailable(cause: unknown, sentence: string): Promise<CoreUnavailable> {
  const isReplaced = await isOutdated(cause);
  return isReplaced
    ? new Replaced(words.unavailable.replaced, { cause })
    : new CoreUnavailable(sentence, { cause });
}

/**
 * Whether the page on the host begins with another script than this one did. Somebody else's page begins with none of ours:
 * there a file that is missing says it.
 */
async function isOutdated(cause: unknown): Promise<boolean> {
  // Not as an address of its own: the build would take that for a file of the page.
  const folder = import.meta.url.replace(/[^/]*$/, '');
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('head script[type=module]')];
  const own = scripts.find(({ src }) => src.startsWith(folder));
  if (!own) return cause instanceof Missing;
  try {
    const { origin, pathname, search } = window.location;
    const response = await fetch(origin + pathname + search, {
      cache: 'no-cache',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const page = await response.text();
    return response.ok && page.includes('<script') && !page.includes(own.src.slice(folder.length));
  } catch {
    return false;
  }
}
