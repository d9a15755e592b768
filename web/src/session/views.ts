/** The views that a reader chooses among. A new view of the simulator is a row here. */

/** What the page knows of a picture that the simulator draws. */
interface PictureTraits {
  /** What readers call it. */
  name: string;
  /** What it shows of a lab, for those who do not see it. */
  caption: (lab: string) => string;
  /** The element that shows it: `sf-picture` or `sf-time-picture`, unless it has gestures or words of its own. */
  element: string;
  /** Whether it shows a stretch of time that can be panned and zoomed. */
  hasTimeAxis: boolean;
  /** Whether events can be seen and picked in it. */
  hasEvents: boolean;
}

/** The pictures, by the simulator's words for them. */
export const PICTURES = {
  world: {
    name: 'World',
    caption: (lab) => `The world of “${lab}”`,
    element: 'sf-world',
    hasTimeAxis: false,
    hasEvents: false,
  },
  spacetime: {
    name: 'Space-time',
    caption: (lab) => `Space and time of “${lab}”`,
    element: 'sf-spacetime',
    hasTimeAxis: true,
    hasEvents: true,
  },
  history: {
    name: 'History',
    caption: (lab) => `The history of “${lab}”: what the clients asked for and were told`,
    element: 'sf-operations',
    hasTimeAxis: true,
    hasEvents: false,
  },
} satisfies Record<string, PictureTraits>;

export type Picture = keyof typeof PICTURES;

/** A picture alone, or two of them. */
export type View = Picture | 'both';

const ALONE = Object.keys(PICTURES) as Picture[];

/** All views, in the order in which they are offered. */
export const VIEWS: readonly { view: View; name: string; pictures: readonly Picture[] }[] = [
  ...ALONE.map((picture) => ({ view: picture, name: PICTURES[picture].name, pictures: [picture] })),
  { view: 'both', name: 'Both', pictures: ['world', 'spacetime'] },
];

/** The view of this word, if there is one. */
export function viewNamed(word: unknown): View | undefined {
  return VIEWS.find(({ view }) => view === word)?.view;
}

/** The pictures of a view, the first on top. */
export function picturesOf(view: View): readonly Picture[] {
  return VIEWS.find((row) => row.view === view)?.pictures ?? [];
}
