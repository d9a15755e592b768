/** The views that a reader chooses among. A new view of the simulator is a row here. */
import type { About, View } from '../../core/index.ts';
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
  /** Whether there is nothing to see in it unless servers keep logs. */
  needsLogs?: boolean;
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
  logs: {
    name: words.views.logs,
    caption: words.views.logsOf,
    element: 'sf-logs',
    hasTimeAxis: false,
    hasEvents: true,
    needsLogs: true,
  },
};

/** One view, or the world above another one. */
export type ShownViews = View | 'both' | 'with-logs';

/** What a reader may choose among. */
export type Offered = readonly { shown: ShownViews; name: string; views: readonly View[] }[];

const ALONE = Object.keys(VIEWS) as View[];

/** The views of a walk along what explains a violation, and those of a question, before and after it is answered. */
export const WALKED: readonly View[] = ['world', 'spacetime', 'history'];
export const ASKED: readonly View[] = ['world'];
export const TOLD: readonly View[] = ['world', 'spacetime'];

/** What can be shown, in the order in which it is offered. */
export const SHOWN: Offered = [
  ...ALONE.map((view) => ({ shown: view, name: VIEWS[view].name, views: [view] })),
  { shown: 'both', name: words.views.both, views: ['world', 'spacetime'] },
  { shown: 'with-logs', name: words.views.withLogs, views: ['world', 'logs'] },
];

/** What can be shown of a run, in the order in which it is offered: of two pictures, the second is the logs where there are some. */
export function offered({ algorithm }: About): Offered {
  const hasLogs = algorithm !== null;
  const isFor = ({ shown, views }: Offered[number]) =>
    hasLogs ? shown !== 'both' : !views.some((view) => VIEWS[view].needsLogs);
  return SHOWN.filter(isFor);
}

/** What is shown of a run if this is wanted: two pictures stay two, one that the run has not is the world. */
export function shownOf(about: About, wanted: ShownViews): ShownViews {
  const all = offered(about);
  const isOffered = all.some(({ shown }) => shown === wanted);
  const other = viewsOf(wanted).length > 1 ? all.find(({ views }) => views.length > 1)?.shown : undefined;
  return isOffered ? wanted : (other ?? 'world');
}

/** The view of this name, if what is shown is one alone. */
export function viewAlone(shown: ShownViews): View | undefined {
  return ALONE.find((view) => view === shown);
}

/** What is shown under this name, if anything is. */
export function shownNamed(name: unknown): ShownViews | undefined {
  return SHOWN.find(({ shown }) => shown === name)?.shown;
}

/** What readers call it. */
export function nameOf(shown: ShownViews): string {
  return SHOWN.find((row) => row.shown === shown)?.name ?? '';
}

/** The views that are shown, the first on top. */
export function viewsOf(shown: ShownViews): readonly View[] {
  return SHOWN.find((row) => row.shown === shown)?.views ?? [];
}
