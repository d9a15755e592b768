/** Keeps the page for when there is no network: `src/service-worker.ts` does, once a browser has been told of it. */
import { trustedAddress } from '../core/trusted-address.ts';

/** In the folder of the full page, whatever folder that is. */
export async function keepForOffline(folder: string): Promise<void> {
  const isSaving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (!('serviceWorker' in navigator) || isSaving) return;
  try {
    await navigator.serviceWorker.register(trustedAddress(new URL('service-worker.js', folder).href));
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ keep: loaded() });
  } catch {
    // A browser that keeps nothing, as in a private window or a sandbox, shows the page all the same.
  }
}

/** What the page has loaded before anybody watched. */
function loaded(): string[] {
  return [window.location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)];
}
