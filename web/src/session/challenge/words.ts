/** What the page says of challenges. Few readers take one at once, so it is loaded with them, and not with `words.ts`. */
import { counted } from '../../words.ts';
import type { Aim } from './challenging.ts';

const faults = (count: number) => counted(count, { one: `${count} fault`, other: `${count} faults` });
const defences = (count: number) => counted(count, { one: `${count} defence`, other: `${count} defences` });

const amount = { break: faults, save: defences } as const;
const done = { break: 'Broken', save: 'Saved' } as const;

export const words = {
  title: {
    break: 'Break this system with the fewest faults',
    save: 'Save this system with the fewest defences',
  },
  rules: {
    break: (most: number, beyond: number) =>
      `All its defences are on. Crash, pause, cut, lose and delay what you like, with at most ${most} faults. At most ${beyond} of them may go beyond what the lab claims to withstand. The system is broken once one of these claims is violated:`,
    save: () =>
      'All its defences are off. Switch on as few as you can, and play to the end: the lab’s own seed and its own faults, and nothing else. The system is saved if these claims hold then:',
  },
  counted: 'What counts so far',
  none: { break: 'No fault yet.', save: 'No defence is on.' },
  fault: (says: string, time: string | undefined, times: number) =>
    [says, time === undefined ? '' : `at ${time}`, times > 1 ? `(counts ${times} times)` : '']
      .filter((part) => part !== '')
      .join(' '),
  within: 'withstood, says the lab',
  beyond: 'beyond the claim',
  score: (aim: Aim, score: number) => amount[aim](score),
  met: (aim: Aim, score: number) => `${done[aim]} with ${amount[aim](score)}.`,
  open: {
    break: () => 'Not broken so far.',
    save: (end: string) => `Play on to ${end} to see whether it is saved.`,
  },
  uncounted: (aim: Aim) => `${done[aim]}, but this run does not count:`,
  held: 'Not broken: the run is over, and all claims held.',
  violated: (checks: readonly string[]) => `Not saved. Violated: ${checks.join('; ')}.`,
  undecided: (aim: Aim, checks: readonly string[]) =>
    `Not ${done[aim].toLowerCase()}. The run is over, and nothing in it decides: ${checks.join('; ')}.`,
  best: (aim: Aim, best: number) => `Your best on this device: ${amount[aim](best)}.`,
  toBeat: (aim: Aim, score: number) => `Whoever shared this link needed ${amount[aim](score)}.`,
  share: 'Copy a link with your score',
  shareHint: 'Whoever opens it gets the same challenge and sees your score, but not what you did',
  shareOtherwise: 'The link could not be copied.',
  again: 'Begin again',
  close: 'Close',
  closeHint: 'End the challenge',
};
