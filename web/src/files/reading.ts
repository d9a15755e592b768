/** The text of a file at an address. */
import { MOST_BYTES } from './open.ts';
import { Refusal } from './refusal.ts';
import { textOf } from './encoding.ts';
import { words } from './words.ts';

/** What a host answers that has no such file. */
const MISSING = new Set([404, 410]);
/** A host that sends nothing for so long is given up. */
const PATIENCE_MS = 30_000;

/** Whether a file is on the host of this page. */
export function isOwn({ protocol, origin }: URL): boolean {
  return /^https?:$/.test(protocol) && origin === window.location.origin;
}

/** No more is read than the page would open. A `Refusal` says which address failed, how, and what to do. */
export async function textAt(address: URL, stop: AbortSignal): Promise<string> {
  stop.throwIfAborted();
  const request = new Request(stop);
  const { here, unreachable, brokenOff, silent } = words.elsewhere;
  const told = (sentence: (address: string) => string) => (fault: unknown) => {
    if (fault instanceof Refusal) throw fault;
    const isLate = request.isLate;
    throw new Refusal(isLate ? silent(address.href, PATIENCE_MS / 1000) : sentence(address.href), true);
  };
  try {
    const response = await answerOf(address, request).catch(told(isOwn(address) ? here : unreachable));
    return await contentOf(response, request).catch(told(brokenOff));
  } finally {
    request.end();
  }
}

/** A browser does not say why it could not read something. */
async function answerOf(address: URL, { signal }: Request): Promise<Response> {
  const response = await fetch(address, {
    signal,
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    // Where nobody was asked about another host, none may come in. Elsewhere, downloads are often sent on.
    redirect: isOwn(address) ? 'error' : 'follow',
  });
  const { ok, status } = response;
  if (ok) return response;
  const { missing, unwilling } = words.elsewhere;
  const isMissing = MISSING.has(status);
  throw new Refusal((isMissing ? missing : unwilling)(address.href, status), !isMissing);
}

async function contentOf({ body, url }: Response, request: Request): Promise<string> {
  const reader = body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let read = await reader?.read(), bytes = 0; read && !read.done; read = await reader?.read()) {
    request.noteProgress();
    bytes += read.value.length;
    parts.push(read.value);
    if (bytes > MOST_BYTES) throw new Refusal(words.elsewhere.tooLarge(url, MOST_BYTES));
  }
  return textOf(new Uint8Array(await new Blob(parts).arrayBuffer()));
}

/** A request that ends when it is stopped, or when nothing is heard of it for too long. */
class Request {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  isLate = false;

  constructor(stop: AbortSignal) {
    stop.addEventListener('abort', () => this.end(), { signal: this.signal });
    this.noteProgress();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  noteProgress(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isLate = true;
      this.end();
    }, PATIENCE_MS);
  }

  /** What is still to come of it is not loaded. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
