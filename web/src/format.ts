/** Virtual time, and other numbers with their units, in words. */
import { once } from './once.ts';
import { LANGUAGE, words } from './words.ts';

/** Between a number and its unit. */
const BEFORE_UNIT = /(?<=\d) (?=(?:ms|µs|s|min|h|ppm|[KM]B|%)(?![\p{L}\p{N}]))/gu;

/** A text of the simulator's, in which no line ends between a number and its unit. */
export function unbroken(text: string): string {
  return text.replaceAll(BEFORE_UNIT, '\u00a0');
}

/** What floating point may add to a number of virtual milliseconds: less than a nanosecond. */
const DUST_MS = 1e-7;

/**
 * A moment in seconds. It is never written earlier than it is, as in the simulator's sentences: a link to the time that is
 * written shows what had happened then.
 */
export function seconds(ms: number, digits = 2): string {
  const perSecond = 10 ** digits;
  const whole = Math.ceil(((ms - DUST_MS) * perSecond) / 1000);
  return (Math.max(0, whole) / perSecond).toFixed(digits);
}

/** "1.24 s" */
export function moment(ms: number): string {
  return words.time.seconds(seconds(ms));
}

/** Numbers of less than a hundred have three digits that tell something. */
const fine = once(() => new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 }));
/** Larger ones are counted, or measured in units that are small enough. */
const whole = once(() => new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 }));
/** All digits of a round number, and nothing of what floating point adds to it. */
const round = once(() => new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 10 }));

/** A measurement, however it was computed: "0.3", "12.5", "1,250". */
export function measured(value: number): string {
  return (Math.abs(value) < 100 ? fine() : whole()).format(value);
}

/** A round number, such as a mark of an axis: "0.3", "0.005". */
export function rounded(value: number): string {
  return round().format(value);
}
