/** The pictures of a run: what they show, and what a reader picks out of them. */
import {
  json,
  type About,
  type Json,
  type LegendEntry,
  type LogColumns,
  type Look,
  type Operations,
  type Palette,
  type Run,
  type View,
} from '../../core/index.ts';
import { MOST_LISTED } from '../run/readings.ts';
import { cardOf, type Card, type Selection } from './selection.ts';
import { TimeWindow } from './time-window.ts';
import { VIEWS } from './views.ts';

/** Calls the run, and answers nothing where that breaks. */
type Attempt = <T>(work: (run: Run) => T) => T | undefined;

/** So much of the reader's time fits into a picture with a time axis at the lab's own speed. */
const WINDOW_REAL_MS = 7000;

const PLAIN: Look = {
  perspective: null,
  light_node: null,
  light_message: null,
  selected_event: null,
  bent: false,
  first_index: null,
  from_ms: 0,
  to_ms: 0,
};

export class Pictures {
  look: Look = { ...PLAIN };
  selection: Selection | undefined;
  /** What the simulator says of the selection; it outlives a message that arrived. */
  card: Card | undefined;
  /** Whether the moment still has what the card is about. */
  isCardCurrent = false;
  window = new TimeWindow(WINDOW_REAL_MS);

  readonly #attempt: Attempt;
  readonly #later: Attempt;
  readonly #onShown: () => void;
  /** The nodes of the run that is shown. */
  #nodes: ReadonlySet<string> = new Set();
  #palette: Json<Palette> | undefined;
  #isPainted = false;
  /** How large each view was painted last. */
  readonly #sizes = new Map<View, { width: number; height: number }>();

  /** `later` answers nothing before all of the simulator is there; `onShown` is told when a view was painted for the first time. */
  constructor(attempt: Attempt, later: Attempt, onShown: () => void) {
    this.#attempt = attempt;
    this.#later = later;
    this.#onShown = onShown;
  }

  /** Another run is shown: of the same lab, or of one with other nodes. */
  adopt(isSameLab: boolean, { nodes, default_speed: speed }: About): void {
    this.#nodes = new Set(nodes.map(({ id }) => id));
    if (!isSameLab) {
      this.look = { ...PLAIN, bent: this.look.bent };
      this.selection = undefined;
      this.card = undefined;
      this.window = new TimeWindow(WINDOW_REAL_MS * speed);
    }
    const { from, to } = this.window;
    this.#sendPalette();
    const perspective = this.#attempt((run) => run.perspective()) ?? null;
    this.show({ perspective, from_ms: from, to_ms: to });
  }

  /** Takes over the colours of the page, and answers whether they are other ones. */
  setPalette(palette: Json<Palette>): boolean {
    if (palette === this.#palette) return false;
    this.#palette = palette;
    this.#sendPalette();
    return true;
  }

  /** The colours of the page, once they are known. */
  get palette(): Json<Palette> | undefined {
    return this.#palette;
  }

  show(changed: Partial<Look>): void {
    const { perspective, light_node, ...others } = { ...this.look, ...changed };
    // A reader's hand may still be on a list of the run before, until the page has followed.
    const ofRun = (node: string | null) => (node !== null && this.#nodes.has(node) ? node : null);
    this.look = { ...others, perspective: ofRun(perspective), light_node: ofRun(light_node) };
    this.#attempt((run) => run.look(json(this.look)));
  }

  /** Shows the run as a node sees it, or as it is. What a card says of the one is not for the other. */
  seeAs(perspective: string | null): void {
    this.card = undefined;
    this.show({ perspective });
  }

  select(selection: Selection | undefined): void {
    this.selection = selection;
    this.card = undefined;
    this.refresh();
    this.light(selection);
  }

  /** Points at something in all pictures, without a card. */
  light(selection: Selection | undefined): void {
    this.show({
      light_node: selection?.kind === 'node' ? selection.id : null,
      light_message: selection?.kind === 'message' ? selection.id : null,
      selected_event: selection?.kind === 'event' ? selection.id : null,
    });
  }

  /** Reads the card again, for the moment that the run is at. */
  refresh(): void {
    const { selection } = this;
    if (!selection) return;
    const card = this.#later((run) => cardOf(run, selection));
    this.isCardCurrent = card !== undefined;
    this.card = card ?? this.card;
  }

  /** Paints a view of the moment; the context is scaled so that a unit is a CSS pixel. */
  paint(view: View, context: CanvasRenderingContext2D, width: number, height: number): void {
    if (VIEWS[view].hasTimeAxis) this.#keepWindow();
    this.#attempt((run) => run.paint(view, context, width, height));
    const isFirst = !this.#sizes.has(view);
    this.#sizes.set(view, { width, height });
    if (isFirst) this.#onShown();
    if (this.#isPainted) return;
    this.#isPainted = true;
    performance.mark('slowfire:first-frame');
  }

  /** What is on stage in a view that was painted: a sample of each mark, and what it means. */
  legend(view: View): LegendEntry[] {
    const size = this.#sizes.get(view);
    return (size && this.#later((run) => run.legend(view, size.width, size.height))) ?? [];
  }

  /** What the pictures show at this moment, also those that nobody looks at. */
  get lookNow(): Look {
    this.#keepWindow();
    return this.look;
  }

  /** What the picture of the history shows, in words. */
  operations(): Operations {
    this.#keepWindow();
    return this.#later((run) => run.operations(MOST_LISTED)) ?? { latest: [], more: 0 };
  }

  /** What the log of each server in sight holds, in words. */
  logs(): string[] {
    return this.#later((run) => run.logs()) ?? [];
  }

  /** Which indices the picture of the logs shows at this size. */
  logColumns(width: number, height: number): LogColumns | undefined {
    return this.#later((run) => run.log_columns(width, height));
  }

  #sendPalette(): void {
    const palette = this.#palette;
    if (palette !== undefined) this.#attempt((run) => run.set_palette(palette));
  }

  #keepWindow(): void {
    this.#attempt((run) => {
      this.window.keep(run.time_ms(), run.end_ms());
      const { from, to } = this.window;
      if (from !== this.look.from_ms || to !== this.look.to_ms) this.show({ from_ms: from, to_ms: to });
    });
  }

  /** What is at a place of a view. */
  pick(view: View, x: number, y: number, width: number, height: number): Selection | undefined {
    return this.#later((run) => run.pick(view, x, y, width, height)) ?? undefined;
  }
}

export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** A line across the picture of the world, and how large that is. */
export interface DrawnCut {
  line: Line;
  width: number;
  height: number;
}
