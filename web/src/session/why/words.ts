/** What the page says of why a check is violated. Few readers ask at once, so it is loaded with the walk, and not with `words.ts`. */
export const words = {
  label: (check: string) => `Why: ${check}`,
  previous: 'Previous',
  previousHint: 'Go back to the event before (left arrow)',
  next: 'Next',
  nextHint: 'Go on to the next event (right arrow)',
  close: 'Close',
  closeHint: 'Close (escape)',
  place: (place: number, count: number) => `${place} of ${count}`,
  cut: (count: number) =>
    count === 1
      ? '1 more event explains it and is left out.'
      : `${count} more events explain it and are left out.`,
  told: (place: string, time: string, sentence: string) => `${place}, at ${time}: ${sentence}`,
  ends: (sentence: string) => `Violated. ${sentence}`,
  withRules: (rules: readonly string[]) =>
    `With ${rules.map((rule) => `“${rule}”`).join(' or ')} on, this check holds to the end.`,
  pictures: {
    world: 'The world at this event',
    spacetime: 'The space-time diagram around this event',
    history: 'The history around this event',
    logs: 'The logs at this event',
  },
  whatIf: 'What if this had not happened?',
  ending: {
    unknown: 'Playing the run without it…',
    saved: 'Without it, this check holds to the end.',
    open: 'Without it, this check has decided nothing by the end.',
    later: (time: string) => `Without it, this does not happen. The check breaks later, at ${time}.`,
    same: (time: string) => `Without it, the check still breaks, at ${time}.`,
  },
  breaks: (ending: string, check: string) => `${ending} But another check breaks: ${check}.`,
  best: (event: string) => `This run is saved if one thing does not happen: ${event}`,
  bestForNow: (event: string) => `This violation is averted if one thing does not happen: ${event}`,
  show: 'Show it',
  none: 'It happens all the same without any one of these faults.',
  notAlone: 'None of these faults can be taken away alone.',
  seeking: 'Looking for the smallest change that saves this run…',
  take: 'Play the run without it',
  compare: 'Compare with and without',
};
