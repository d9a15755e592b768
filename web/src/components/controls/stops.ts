/** The values that a control can stop at. Each press of an arrow key moves it by one. */
import type { Control } from '../../core/index.ts';

/** Enough that a drag feels continuous, few enough that the keys get somewhere. */
const LOG_STOPS = 100;

/** In a scale that starts at zero, the part that is spread out most is this share of its end. */
const LOG_KNEE = 1 / 200;

export function stopsOf(control: Control): number[] {
  const values = control.scale === 'log' ? logStops(control) : linearStops(control);
  const distinct = new Set([control.min, ...values, control.initial, control.max]);
  return [...distinct]
    .filter((value) => value >= control.min && value <= control.max)
    .sort((a, b) => a - b);
}

export function nearest(stops: readonly number[], value: number): number {
  let best = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(stop - value) < Math.abs((stops[best] ?? Infinity) - value)) best = index;
  });
  return best;
}

function linearStops({ min, max, step }: Control): number[] {
  const count = Math.floor((max - min) / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => rounded(min + index * step, step));
}

function logStops({ min, max, step }: Control): number[] {
  const shift = min > 0 ? 0 : (max - min) * LOG_KNEE - min;
  const ratio = (max + shift) / (min + shift);
  return Array.from({ length: LOG_STOPS + 1 }, (_, index) => {
    const value = (min + shift) * ratio ** (index / LOG_STOPS) - shift;
    return rounded(Number(value.toPrecision(2)), step);
  });
}

/** The nearest multiple of `step`, without the dust of binary fractions. */
function rounded(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}
