/** Virtual time in words. */
import { words } from '../../words.ts';

export function seconds(ms: number, digits = 2): string {
  return (ms / 1000).toFixed(digits);
}

/** "1.24 s" */
export function moment(ms: number): string {
  return words.time.seconds(seconds(ms));
}
