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
    moot: 'Without it there is nothing to recover from, and all is as well as before.',
    open: 'Without it, this check has decided nothing by the end.',
    later: (time: string) => `Without it, this does not happen. The check breaks later, at ${time}.`,
    same: (time: string) => `Without it, the check still breaks, at ${time}.`,
  },
  breaks: (ending: string, check: string) => `${ending} But another check breaks: ${check}.`,
  /** What saves the run, or averts this violation for a while: of each kind one change, or two. */
  best: {
    fault: (saves: string, one: string, other?: string) =>
      other === undefined
        ? `${saves} if one thing does not happen: ${one}`
        : `${saves} if two things do not happen: ${one} ${other}`,
    setting: (saves: string, one: string, other?: string) =>
      other === undefined
        ? `${saves} by one setting: ${one}.`
        : `${saves} by two settings: ${one}; ${other}.`,
    switch: (saves: string, one: string, other?: string) =>
      other === undefined
        ? `${saves} by one defence: “${one}”.`
        : `${saves} by two defences together: “${one}” and “${other}”.`,
  },
  saves: { saved: 'This run is saved', averted: 'This violation is averted' },
  show: 'Show it',
  ranked: (count: number) => `All ${count} changes that were tried`,
  rankedLabel: 'What was tried, the best change first',
  outcome: {
    unknown: '',
    saved: 'saves the run',
    open: 'nothing is decided',
    later: 'breaks later',
    same: 'breaks all the same',
  },
  breaksOther: 'another check breaks',
  none: 'It happens all the same without any one of these faults.',
  notAlone: 'None of these faults can be taken away alone.',
  /** Where nothing averts it: what else was tried. */
  triedAll: (tried: readonly string[]) => `Nothing else that was tried averts it: ${tried.join(', ')}.`,
  tried: { settings: 'each setting and each defence alone', pairs: 'two changes at once' },
  seeking: 'Looking for the smallest change that saves this run…',
  take: 'Play the run without it',
  takeSetting: 'Play the run this way',
  bothOf: (one: string, other: string) => `${one} + ${other}`,
  switchedOn: (defence: string) => `“${defence}” on`,
  compare: 'Compare with and without',
};
