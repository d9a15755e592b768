/** What the page has read of a run, and when it is to read again. */
import type {
  About,
  Change,
  Future,
  Lesson,
  Mark,
  Outlook,
  Run,
  State,
  Steps,
  StoryStep,
} from '../../core/index.ts';

/** How often the words and numbers beside the picture follow a playing run. */
const STATE_MS = 125;
/** How often the marks on its time bar do. */
const PAST_MS = 1000;
/** So many entries of a list are shown at most, with how many more there are: nobody reads on. */
export const MOST_LISTED = 200;
/** The same of messages while a run plays. */
const MOST_IN_PASSING = 60;
/** How many messages are listed. */
export const mostListed = (playing: boolean): number => (playing ? MOST_IN_PASSING : MOST_LISTED);
/** Into so many cells the time bar is divided, each with one mark of a kind. */
const CELLS = 1000;

export class Readings {
  about: About;
  state: State;
  lesson: Lesson;
  story: StoryStep[];
  outlook: Outlook;
  marks: Mark[] = [];
  changes: Change[] = [];
  futures: Future[] = [];
  steps: Steps = { undo: 0, redo: 0 };

  #stateReadAt = 0;
  #pastReadAt = 0;

  constructor(run: Run) {
    this.about = run.about();
    this.state = run.state(MOST_LISTED);
    this.lesson = run.lesson();
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** Another run is read: all but its past, which may have to be read even of a run that broke. */
  adopt(run: Run): void {
    this.about = run.about();
    this.state = run.state(MOST_LISTED);
    this.lesson = run.lesson();
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** The moment that the run is at. */
  readState(run: Run, playing: boolean): void {
    this.#stateReadAt = performance.now();
    this.state = run.state(mostListed(playing));
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** What lies behind the run and beside it: marks on a time bar that ends at `endMs`, futures, steps to undo. */
  readPast(run: Run, endMs: number): void {
    this.#pastReadAt = performance.now();
    this.marks = run.marks(endMs, CELLS);
    this.changes = run.changes();
    this.futures = run.futures();
    this.steps = run.steps();
  }

  get isStateDue(): boolean {
    return performance.now() - this.#stateReadAt >= STATE_MS;
  }

  get isPastDue(): boolean {
    return performance.now() - this.#pastReadAt >= PAST_MS;
  }
}
