/** The unit of all sizes. */

/** The size of letters that all sizes are measured in: in somebody else's page the figure's own, here the page's. */
export const UNIT = '--slow-fire-rem';

/** Sizes in `rem` as sizes in a unit of ours: what a `rem` is the page around a figure decides. */
export function inOwnUnit(styles: string): string {
  return styles.replaceAll(/(-?\d*\.?\d+)rem\b/g, `calc($1 * var(${UNIT}, 1rem))`);
}
