/**
 * Keeps what a reader has visited, so that it is there without a network.
 *
 * - What is in `assets/` has its content's digest in its name and never changes: what is kept serves. A page asks only for the
 *   assets that it was built with, so no two versions mix. All scripts and styles of a version are kept as soon as it is
 *   visited: a tab goes on with those of its own version while a newer one is published. The parts of the simulator are kept
 *   as they are asked for.
 * - Everything else comes from the network as long as there is one, so that a new version is there with the next visit.
 * - A newer service worker waits until no tab has an older one. Then it drops the assets that its version does not have.
 */
interface Scope {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  addEventListener(kind: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(kind: 'message', listener: (event: Extendable & { data: unknown }) => void): void;
  addEventListener(kind: 'fetch', listener: (event: Fetching) => void): void;
}
interface Extendable {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = self as unknown as Scope;

/** All assets of this version by their names, and those that are kept before anybody asks; the build fills both in. */
declare const __ASSETS__: readonly string[];
declare const __SHELL__: readonly string[];

/** One per folder that a version of the page is in. */
const CACHE = `slowfire:${scope.registration.scope}`;
/** The full page, in the page's folder. */
const PAGE = '';
/** A page that the network does not bring by then comes from what is kept. */
const PATIENCE_MS = 4000;
/** A host may let browsers keep its pages for minutes: an old page would name assets that are gone. */
const FRESH: RequestInit = { cache: 'no-cache' };
/** Saved for readers once, and large. */
const NOT_KEPT = new Set(['offline.html', 'THIRD-PARTY-NOTICES.txt', 'service-worker.js']);

scope.addEventListener('install', (event) => {
  event.waitUntil(keepVersion());
});

scope.addEventListener('activate', (event) => {
  // The tab of the first visit has the same version.
  event.waitUntil(dropOthers().then(() => scope.clients.claim()));
});

scope.addEventListener('message', (event) => {
  const { keep: asked } = (event.data ?? {}) as { keep?: unknown };
  if (!Array.isArray(asked)) return;
  const paths = asked.map(pathOf).filter((path) => path !== undefined && isKept(path)) as string[];
  // A file that is missing does not keep the others away.
  event.waitUntil(Promise.allSettled(paths.map((path) => keep(path, false))));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathOf(request.url) : undefined;
  if (path === undefined || !isKept(path)) return;
  if (path.startsWith('assets/')) event.respondWith(asset(event));
  else event.respondWith(newest(event));
});

/** What stands behind the address of the page's folder; nothing for what is elsewhere. */
function pathOf(address: unknown): string | undefined {
  const url = new URL(String(address));
  const whole = url.origin + url.pathname;
  return whole.startsWith(scope.registration.scope)
    ? whole.slice(scope.registration.scope.length)
    : undefined;
}

/** Another version may be in a folder of this one's folder, `1.2/`, with a service worker of its own. */
function isKept(path: string): boolean {
  return !/^v?\d/.test(path) && !NOT_KEPT.has(path);
}

/** Without all of its assets a version does not take the place of the one before, whose page stays until they are there. */
async function keepVersion(): Promise<void> {
  await Promise.all(__SHELL__.map((path) => keep(path, false)));
  await keep(PAGE, true);
}

/** What is kept already is asked for only if it `isAnew`: a page may be there as an older version had it. */
async function keep(path: string, isAnew: boolean): Promise<void> {
  const cache = await caches.open(CACHE);
  const address = scope.registration.scope + path;
  if (!isAnew && (await cache.match(address))) return;
  const response = await fetch(address, path.startsWith('assets/') ? {} : FRESH);
  if (!isWhole(path, response)) throw new Error(`${path}: ${response.status}`);
  await cache.put(address, response);
}

async function asset(event: Fetching): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  event.waitUntil(put(cache, request, response));
  return response;
}

/** From the network, or else as it was when it was visited last. */
async function newest(event: Fetching): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const coming = fetch(request, FRESH).then((response) => {
    event.waitUntil(put(cache, request, response));
    return response;
  });
  // It is kept even if it comes too late.
  event.waitUntil(coming.catch(() => undefined));
  const kept = await cache.match(request.url, { ignoreSearch: true });
  if (!kept) return coming;
  const sound = coming.then((response) => (response.status >= 500 ? kept : response));
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([sound, late]).catch(() => kept);
}

async function put(cache: Cache, request: Request, response: Response): Promise<void> {
  if (!isWhole(pathOf(request.url) ?? '', response)) return;
  await cache
    .put(new URL(request.url).origin + new URL(request.url).pathname, response.clone())
    .catch(() => {
      // Where a device has no room, the page is not kept.
    });
}

/**
 * What was asked for with a range, or in another way, is not the whole. Nor is a page an asset: some hosts answer with one
 * for whatever is missing.
 */
function isWhole(path: string, response: Response): boolean {
  if (response.status !== 200 || response.type === 'opaque' || response.redirected) return false;
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  return !(isPage && path.startsWith('assets/'));
}

async function dropOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  const own = new Set(__ASSETS__);
  for (const { url } of await cache.keys()) {
    const path = pathOf(url);
    if (path?.startsWith('assets/') === true && !own.has(path)) await cache.delete(url);
  }
}
