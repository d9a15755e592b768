/** Works in idle time, or once that has been put off for so long; browsers without it get a moment between two frames. */
export function whenIdle(work: () => void, patienceMs: number): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: patienceMs });
  else setTimeout(work, 50);
}
