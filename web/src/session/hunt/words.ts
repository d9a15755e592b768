/** What the page says of hunts and of the smallest run. Few readers ask at once, so it is loaded with them, and not with `words.ts`. */
import { once } from '../../once.ts';
import { LANGUAGE, counted } from '../../words.ts';

const numbers = once(() => new Intl.NumberFormat(LANGUAGE));
const lists = once(() => new Intl.ListFormat(LANGUAGE, { style: 'long', type: 'conjunction' }));
const NBSP = '\u00a0';

const many = (count: number): string => numbers().format(count);
/** How many digits after the point tell a share from none and from all: one, or two that are not zero. */
const digits = (share: number): number => {
  const rest = 100 * Math.min(share, 1 - share);
  return rest <= 0 || rest >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(rest)));
};
/** From 0 to 1. */
const percent = (share: number): string => `${(100 * share).toFixed(digits(share))}${NBSP}%`;
const between = (low: number, high: number): string =>
  `${(100 * low).toFixed(Math.max(digits(low > 0 ? low : high), digits(high)))} to ${percent(high)}`;

export const words = {
  title: 'Hunt',
  about: 'Runs this same system once for each seed, and counts how often a check is violated.',
  close: 'Close',
  closeHint: 'Close the hunt (escape)',
  what: 'Run',
  this: 'as it is now',
  compare: 'with and without',
  sweep: 'along a slider',
  with: (defence: string) => `with and without: ${defence}`,
  along: (control: string) => `along: ${control}`,
  seeds: 'Seeds',
  seedsEach: 'Seeds for each',
  count: many,
  begin: 'Hunt',
  stop: 'Stop',
  progress: 'Runs that are done',
  going: (done: number, all: number) => `${many(done)} of ${many(all)} runs`,
  rate: (rate: number) => `${many(Math.round(rate))} a second`,
  done: (runs: number, rate: number) => `${many(runs)} runs, ${many(Math.round(rate))} a second.`,
  stopped: (runs: number, all: number) =>
    `Stopped after ${many(runs)} of ${many(all)} runs. This is what was found until then.`,
  broken:
    'The simulator broke in one of these runs. This is a fault in Slowfire; what was found until then is below.',
  sliced:
    'This page is not allowed to start workers, so the hunt runs on the page itself and takes longer.',
  hunted: (lab: string, what: string, seeds: number) =>
    `${lab}${what === '' ? '' : `, ${what}`}: seeds 0 to ${many(seeds - 1)}.`,
  changed: 'The run has been changed since. These numbers are of the run as it was.',
  on: 'On',
  off: 'Off',
  half: (defence: string, isOn: boolean) => `${defence}: ${isOn ? 'on' : 'off'}`,
  fail: (count: number, runs: number) =>
    `${many(count)} of ${many(runs)} ${counted(runs, { one: 'seed fails', other: 'seeds fail' })}`,
  none: (runs: number) => `None of ${many(runs)} seeds fails`,
  stillOpen: (count: number) =>
    counted(count, {
      one: `${many(count)} seed is undecided, and does not count as failing.`,
      other: `${many(count)} seeds are undecided, and do not count as failing.`,
    }),
  share: percent,
  interval: (low: number, high: number) =>
    `With 95${NBSP}% confidence, ${between(low, high)} of all seeds fail`,
  strip: (seeds: number, violated: string) =>
    `Each seed in order, from 0 to ${many(seeds - 1)}: ${violated}`,
  legend: { violated: 'fails', undecided: 'undecided', holds: 'holds' },
  checks: 'Check by check',
  check: 'Check',
  fails: 'A seed fails that violates',
  anyCheck: 'any check',
  violated: 'Violated',
  confidence: `95${NBSP}% interval`,
  undecided: 'Undecided',
  range: between,
  failing: 'The first seeds that fail',
  run: (seed: number) => `Seed ${seed}`,
  runSays: (check: string, time: string) => `${check}, violated at ${time}`,
  opens: (seed: number, check: string, time: string) =>
    `Open the run with seed ${seed} where it fails: ${check}, at ${time}`,
  shrink: 'Shrink',
  shrinkThis: (seed: number) => `Shrink: find the smallest run that fails as seed ${seed} does`,
  plot: (control: string) => `The share of seeds that fail, along ${control}`,
  first: 'First',
  firstAt: (seed: number, value: string) => `Open seed ${seed}, the first that fails at ${value}`,
  value: (value: number, unit: string) => (unit === '' ? many(value) : `${many(value)}${NBSP}${unit}`),
  numbers: 'As numbers',
  failed: 'Fail',
  csv: 'Save as CSV',
  file: (lab: string, control: string) => `${lab || 'run'}-${control}.csv`,

  smallest: {
    title: 'The smallest run that fails',
    closeHint: 'Close (escape)',
    looking: 'Looking for what can be taken away…',
    progress: (runs: number, things: number, nodes: number, trying: string) =>
      `${many(runs)} runs; ${things} faults and settings and ${nodes} nodes left; trying ${trying}.`,
    stop: 'Stop here',
    enough: (faults: number, before: number) => {
      if (before === 0) return 'It fails without any fault.';
      const of = many(before);
      if (faults === 0)
        return counted(before, {
          one: 'The one fault is not needed.',
          other: `None of ${of} faults is needed.`,
        });
      if (faults === before)
        return counted(before, { one: 'The one fault is needed.', other: `All ${of} faults are needed.` });
      return counted(faults, {
        one: `${many(faults)} of ${of} faults is enough.`,
        other: `${many(faults)} of ${of} faults are enough.`,
      });
    },
    fails: (check: string, time: string) => `${check}: violated at ${time}.`,
    taken: (less: readonly { what: string; from: string; to: string }[]) =>
      less.length === 0
        ? 'Nothing can be taken away.'
        : `Less than before: ${lists().format(less.map(({ what, from, to }) => `${what} (${from} → ${to})`))}.`,
    left: (left: readonly string[]) => `What is left: ${lists().format(left)}.`,
    minimal: (runs: number) =>
      `Found in ${many(runs)} runs. Without any one thing more, the run no longer fails in this way.`,
    stopped: (runs: number) => `Stopped after ${many(runs)} runs: smaller ones may fail, too.`,
    open: 'Open it',
    broken: 'The simulator broke in this search. This is a fault in Slowfire.',
  },
};
