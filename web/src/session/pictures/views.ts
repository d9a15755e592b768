/** The views that a reader chooses among. A new view of the simulator is a row here. */
import type { View } from '../../core/index.ts';
import { words } from '../../words.ts';

/** What the page knows of a view. */
interface ViewTraits {
  /** What readers call it. */
  name: string;
  /** What it shows of a lab, for those who do not see it. */
  caption: (lab: string) => string;
  /** The element that shows it: `sf-picture` or `sf-time-picture`, unless it has gestures or words of its own. */
  element: keyof HTMLElementTagNameMap & `sf-${string}`;
  /** Whether it shows a stretch of time that can be panned and zoomed. */
  hasTimeAxis: boolean;
  /** Whether events can be seen and picked in it. */
  hasEvents: boolean;
}

export const VIEWS: Readonly<Record<View, ViewTraits>> = {
  world: {
    name: words.views.world,
    caption: words.views.worldOf,
    element: 'sf-world',
    hasTimeAxis: false,
    hasEvents: false,
  },
  spacetime: {
    name: words.views.spacetime,
    caption: words.views.spacetimeOf,
    element: 'sf-spacetime',
    hasTimeAxis: true,
    hasEvents: true,
  },
  history: {
    name: words.views.history,
    caption: words.views.historyOf,
    element: 'sf-history',
    hasTimeAxis: true,
    hasEvents: false,
  },
};

/** One view, or the world and space-time one above the other. */
export type ShownViews = View | 'both';

const ALONE = Object.keys(VIEWS) as View[];

/** What can be shown, in the order in which it is offered. */
export const SHOWN: readonly { shown: ShownViews; name: string; views: readonly View[] }[] = [
  ...ALONE.map((view) => ({ shown: view, name: VIEWS[view].name, views: [view] })),
  { shown: 'both', name: words.views.both, views: ['world', 'spacetime'] },
];

/** What is shown under this name, if anything is. */
export function shownNamed(name: unknown): ShownViews | undefined {
  return SHOWN.find(({ shown }) => shown === name)?.shown;
}

/** The views that are shown, the first on top. */
export function viewsOf(shown: ShownViews): readonly View[] {
  return SHOWN.find((row) => row.shown === shown)?.views ?? [];
}
