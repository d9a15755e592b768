/** How fast virtual time runs, in virtual seconds per real second. */

export const SLOWEST = 0.05;
export const FASTEST = 10;

const LADDER = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

export function faster(speed: number): number {
  return LADDER.find((rung) => rung > speed * 1.01) ?? FASTEST;
}

export function slower(speed: number): number {
  return LADDER.findLast((rung) => rung < speed * 0.99) ?? SLOWEST;
}

export function clampSpeed(speed: number): number {
  return Math.min(Math.max(speed, SLOWEST), FASTEST);
}
