/**
 * Keeps the page, so that all of it is there without a network after the first visit.
 *
 * - What is in `assets/` has its content's digest in its name and never changes: what is kept serves. A page asks only for the
 *   assets that it was built with, so no two versions mix. All scripts and styles of a version are kept as soon as it is
 *   visited: a tab goes on with those of its own version while a newer one is published. The parts of the simulator are kept
 *   as they are asked for, and the rest of them, one after the other, once the page has nothing else to do.
 * - The other files of the build come from the network as long as there is one, so that a new version is there with the next
 *   visit. The full page is kept with its version alone; the others as they were visited last.
 * - Whatever else is in the folder is not Slowfire's, and goes past.
 * - A newer service worker waits until no tab has an older one. Then it drops all that an older version has left.
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

/**
 * What the build fills in: all assets of this version, those that are kept before anybody asks, the pages to read, with what
 * they take, that are kept with the rest, and all files beside the assets.
 */
declare const __ASSETS__: readonly string[];
declare const __PAGES__: readonly string[];
declare const __SHELL__: readonly string[];
declare const __FILES__: readonly string[];

/** One per folder that a version of the page is in. */
const CACHE = `slowfire:${scope.registration.scope}`;
/** The full page, in the page's folder. */
const PAGE = '';
/** A page that the network does not bring by then comes from what is kept. */
const PATIENCE_MS = 4000;
/** A host may let browsers keep its pages for minutes: an old page would name assets that are gone. */
const FRESH: RequestInit = { cache: 'no-cache' };
/** As the build names assets. Those of a newer version, too: its page comes before its service worker does. */
const ASSET = /^assets\/[^/]+-[\w-]{8}\.\w+$/;
const FILES = new Set(__FILES__);

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
  event.waitUntil(Promise.allSettled(paths.map((path) => keep(path, false))).then(keepRest));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathOf(request.url) : undefined;
  if (path === undefined || !isKept(path)) return;
  if (ASSET.test(path)) event.respondWith(asset(event, path));
  else event.respondWith(newest(event, path));
});

/** What stands behind the address of the page's folder, with a folder for its index; nothing for what is elsewhere. */
function pathOf(address: unknown): string | undefined {
  const url = new URL(String(address));
  const whole = url.origin + url.pathname;
  return whole.startsWith(scope.registration.scope)
    ? whole.slice(scope.registration.scope.length).replace(/(^|\/)index\.html$/, '$1')
    : undefined;
}

const addressOf = (path: string) => scope.registration.scope + path;

function isKept(path: string): boolean {
  return FILES.has(path) || ASSET.test(path);
}

/** Without all of its assets a version does not take the place of the one before, whose page stays until they are there. */
async function keepVersion(): Promise<void> {
  await Promise.all(__SHELL__.map((path) => keep(path, false)));
  await keep(PAGE, true);
}

/**
 * What nobody has asked for yet. It stops at the first asset that does not come: without a network none does, and where one is
 * missing, a newer version has been published, whose pages are not to be kept with this one's assets. A page that does not come
 * keeps no other away. The next visit goes on from here.
 */
async function keepRest(): Promise<void> {
  const how: RequestInit = { priority: 'low' };
  try {
    for (const path of __ASSETS__) await keep(path, false, how);
  } catch {
    return;
  }
  for (const path of __PAGES__) await keep(path, false, how).catch(() => undefined);
}

/** What is kept already is asked for only if it `isAnew`: a page may be there as an older version had it. */
async function keep(path: string, isAnew: boolean, how: RequestInit = {}): Promise<void> {
  const cache = await caches.open(CACHE);
  const address = addressOf(path);
  if (!isAnew && (await cache.match(address))) return;
  const response = await fetch(address, { ...how, ...(ASSET.test(path) ? {} : FRESH) });
  if (!isWhole(path, response)) throw new Error(`${path}: ${response.status}`);
  await cache.put(address, response);
}

async function asset(event: Fetching, path: string): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(path));
  if (kept) return kept;
  const response = await fetch(request);
  event.waitUntil(put(cache, path, response));
  return response;
}

/** From the network, or else as it is kept. */
async function newest(event: Fetching, path: string): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const coming = fetch(request, FRESH).then((response) => {
    // The page is kept by a version that has all its assets.
    if (path !== PAGE) event.waitUntil(put(cache, path, response));
    return response;
  });
  // It is kept even if it comes too late.
  event.waitUntil(coming.catch(() => undefined));
  const kept = await cache.match(addressOf(path));
  if (!kept) return coming;
  const sound = coming.then((response) => (response.status >= 500 ? kept : response));
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([sound, late]).catch(() => kept);
}

async function put(cache: Cache, path: string, response: Response): Promise<void> {
  if (!isWhole(path, response)) return;
  await cache.put(addressOf(path), response.clone()).catch(() => {
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
  return !(isPage && ASSET.test(path));
}

/** Pages, too: one that an older version has left names assets that are dropped with it. */
async function dropOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  const own = new Set([PAGE, ...__ASSETS__]);
  for (const { url } of await cache.keys()) if (!own.has(pathOf(url) ?? url)) await cache.delete(url);
}
