/** Calls `work` in idle time, after `patienceMs` at the latest. Browsers without idle callbacks call it after 50 ms. */
export function whenIdle(work: () => void, patienceMs: number): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: patienceMs });
  else setTimeout(work, 50);
}
