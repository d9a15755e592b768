/** Virtual time in words. */

export function seconds(ms: number, digits = 2): string {
  return (ms / 1000).toFixed(digits);
}

/** "1.24 s" */
export function moment(ms: number): string {
  return `${seconds(ms)} s`;
}
