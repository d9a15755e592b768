/**
 * Bounds in milliseconds are for a processor that does the loop below in so many. On a slower one what is bounded may take as much
 * longer, but not more than twice as long: what is slow there is slow for readers, too.
 */
const LOOP_MS = 27;
const SLOWEST = 2;

/** How much longer this machine's processor takes than that one; the best of a few times. */
export function slowness() {
  const numbers = new Float64Array(1 << 16);
  let best = Infinity;
  for (let time = 0; time < 7; time += 1) {
    const begun = process.cpuUsage();
    let state = 1;
    for (let round = 0; round < 2e7; round += 1) {
      state = Math.imul(state ^ round, 0x9e3779b1) >>> 0;
      const place = state & 0xffff;
      numbers[place] = (numbers[place] ?? 0) + (state % 7);
    }
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / 1000);
  }
  return Math.min(SLOWEST, Math.max(1, best / LOOP_MS));
}
