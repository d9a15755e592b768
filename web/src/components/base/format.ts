/** Virtual time, and other numbers with their units, in words. */
import { words } from '../../words.ts';

/** Between a number and its unit. */
const BEFORE_UNIT = /(?<=\d) (?=(?:ms|µs|s|min|h|ppm|[KM]B|%)(?![\p{L}\p{N}]))/gu;

/** A text of the simulator's, in which no line ends between a number and its unit. */
export function unbroken(text: string): string {
  return text.replaceAll(BEFORE_UNIT, '\u00a0');
}

export function seconds(ms: number, digits = 2): string {
  return (ms / 1000).toFixed(digits);
}

/** "1.24 s" */
export function moment(ms: number): string {
  return words.time.seconds(seconds(ms));
}
