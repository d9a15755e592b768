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
/** While a run plays, more messages in flight than this are in no list: nobody could read them. */
const MOST_LISTED = 60;
const ALL = 2 ** 32 - 1;

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
    this.state = run.state(ALL);
    this.lesson = run.lesson();
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** Another run is read: all but its past, which may have to be read even of a run that broke. */
  adopt(run: Run): void {
    this.about = run.about();
    this.state = run.state(ALL);
    this.lesson = run.lesson();
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** The moment that the run is at. */
  readState(run: Run, playing: boolean): void {
    this.#stateReadAt = performance.now();
    this.state = run.state(playing ? MOST_LISTED : ALL);
    this.story = run.story();
    this.outlook = run.outlook();
  }

  /** What lies behind the run and beside it: marks, futures, steps to undo. */
  readPast(run: Run): void {
    this.#pastReadAt = performance.now();
    this.marks = run.marks();
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
