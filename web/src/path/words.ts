/** What the page says of lesson paths. Few readers are on one, so it is loaded with them, and not with `words.ts`. */
import { counted, words as common } from '../words.ts';

const called = (title: string): string => (title === '' ? '' : ` “${title}”`);

export const words = {
  list: common.list,
  heading: 'Paths: several labs, one after the other',
  stops: (count: number) => counted(count, { one: `${count} stop`, other: `${count} stops` }),
  reached: (reached: number, count: number) => `${reached} of ${count} stops seen on this device.`,
  seen: 'Seen',
  begin: 'Begin',
  goOn: (place: number) => `Go on with stop ${place}`,
  again: 'Begin again',
  run: 'A run of somebody’s own',
  copy: 'Copy link',
  notCopied: 'Copy it from the address bar',
  change: 'Write your own path from this one',
  write: 'Write a path of your own',
  opening: 'Opening the path…',
  none: 'No such path',
  replaces: (title: string, count: number) =>
    `You are writing a path already${called(title)}, with ${words.stops(count)}. Write this one instead? What you wrote is lost.`,

  bar: {
    label: (title: string) => `Path: ${title}`,
    place: (place: number, count: number) => `Stop ${place} of ${count}`,
    next: 'Next stop',
    previous: 'Previous stop',
    end: 'End of the path',
    leave: 'Leave the path',
  },

  draft: {
    title: 'Write a path',
    about:
      'A path leads through several runs, with a sentence before each. Paste the links of runs here, or add a run from its Share sheet. What you write stays on this device until you copy the path’s link.',
    path: 'The path',
    name: 'Title',
    stop: (place: number) => `Stop ${place}`,
    link: (place: number) => `Link of stop ${place}`,
    says: (place: number) => `Sentence before stop ${place}`,
    up: (place: number) => `Move stop ${place} up`,
    down: (place: number) => `Move stop ${place} down`,
    remove: (place: number) => `Remove stop ${place}`,
    add: 'Add a stop',
    copy: 'Copy the path’s link',
    notCopied: 'Open the path and copy its address',
    open: 'Open the path',
    discard: 'Discard this draft',
    discards: (title: string, count: number) =>
      `Discard the path${called(title)}, with ${words.stops(count)}? What you wrote is lost.`,
    example: '#/double-charge?seed=11',
  },

  share: {
    heading: 'In a path of several runs',
    add: 'Add this run to your path',
    added: (place: number) => `It is stop ${place}.`,
    full: (most: number) => `Your path has ${most} stops already; that is all it may have.`,
    open: 'Open your path',
  },

  wrong: {
    damaged: 'This link holds no path: it was cut off or changed on its way.',
    unknown: (name: string, known: string) => `No path is called “${name}”; there are ${known}.`,
    noPlace: (place: number, count: number) =>
      `The path has no stop ${place}; its stops are 1 to ${count}.`,
    noObject: (name: string) =>
      `${name} cannot be read: this link was not made here, or was changed on its way.`,
    field: (name: string, field: string, known: string) =>
      `${name} has something called “${field}” that is not known here. Known are: ${known}.`,
    noStops: 'The path has no stop yet. Add at least one.',
    stops: (count: number, most: number) => `The path has ${count} stops. It may have ${most}.`,
    noText: (name: string) => `${name}: there must be a text.`,
    empty: (name: string) => `${name}: nothing is written there yet.`,
    long: (name: string, length: number, most: number) =>
      `${name}: it has ${length} characters, and may have ${most}.`,
    link: (name: string, value: string) =>
      `${name}: “${value}” is not the link of a run. Such a link looks like #/double-charge?seed=11.`,
    tooLong: (most: number) =>
      `The path’s link would be longer than ${most} characters. Leave out stops, or shorten sentences.`,
  },
};
