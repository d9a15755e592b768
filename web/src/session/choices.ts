/** What this device remembers of the reader's choices, apart from the theme. */
import { shownNamed, type ShownViews } from './pictures/views.ts';

export type Motion = 'system' | 'reduced' | 'full';

export interface Choices {
  view: ShownViews;
  /** Jump over time in which nothing happens. */
  skipQuiet: boolean;
  /** Slow down while much happens. */
  follow: boolean;
  motion: Motion;
  /** Play a lab as soon as it opens. */
  autoplay: boolean;
  /** Space-time by each node's own clock. */
  bent: boolean;
  /** Whether the measurements are open. */
  plots: boolean;
  /** The speed that was chosen for a lab. */
  speeds: Record<string, number>;
  /** The groups of controls that are open. */
  groups: Record<string, boolean>;
}

const KEY = 'slowfire.settings';

const DEFAULTS: Choices = {
  view: 'world',
  skipQuiet: false,
  follow: false,
  motion: 'system',
  autoplay: true,
  bent: false,
  plots: false,
  speeds: {},
  groups: {},
};

export class Device {
  choices: Choices;
  readonly #isGuest: boolean;

  /** A guest in somebody else's page takes over what the reader said of motion, and leaves no mark. */
  constructor(as: 'owner' | 'guest' = 'owner') {
    this.#isGuest = as === 'guest';
    const known = read();
    this.choices = this.#isGuest ? { ...DEFAULTS, motion: known.motion } : known;
  }

  /** Changes some choices; another tab's changes to the others stand. */
  choose(changed: Partial<Choices>): void {
    if (this.#isGuest) {
      this.choices = { ...this.choices, ...changed };
      return;
    }
    this.choices = { ...read(this.choices), ...changed };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.choices));
    } catch {
      // Storage may be forbidden; the choices then last as long as the page.
    }
  }
}

function read(otherwise: Choices = DEFAULTS): Choices {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isRecord(stored) ? sound(stored) : otherwise;
  } catch {
    return otherwise;
  }
}

/** What was stored, as far as it makes sense. */
function sound(stored: Record<string, unknown>): Choices {
  const oneOf = <T extends string>(value: unknown, ...all: [T, ...T[]]): T =>
    all.find((each) => each === value) ?? all[0];
  return {
    view: shownNamed(stored.view) ?? DEFAULTS.view,
    skipQuiet: stored.skipQuiet === true,
    follow: stored.follow === true,
    motion: oneOf(stored.motion, 'system', 'reduced', 'full'),
    autoplay: stored.autoplay !== false,
    bent: stored.bent === true,
    plots: stored.plots === true,
    speeds: recordOf(stored.speeds, (value) => typeof value === 'number'),
    groups: recordOf(stored.groups, (value) => typeof value === 'boolean'),
  };
}

function recordOf<T>(value: unknown, is: (entry: unknown) => entry is T): Record<string, T> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, T] => is(entry[1]));
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
