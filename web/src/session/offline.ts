/** Keeps the page for when there is no network: `src/service-worker.ts` does, once a browser has been told of it. */
import { trustedAddress } from '../core/trusted-address.ts';

/** In the folder of the full page, whatever folder that is. */
export function keepForOffline(folder: string): void {
  const isSaving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (!('serviceWorker' in navigator) || isSaving) return;
  const address = trustedAddress(new URL('service-worker.js', folder).href);
  navigator.serviceWorker
    .register(address)
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active?.postMessage({ keep: loaded() }))
    .catch(() => {
      // A browser that keeps nothing, as in a private window, shows the page all the same.
    });
}

/** What the page has loaded before anybody watched. */
function loaded(): string[] {
  return [window.location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)];
}
