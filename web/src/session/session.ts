/** The one object that owns the run: its play state, its pace, its link, its faults. */
import type { LinkHolder } from './address.ts';
import {
  json,
  type About,
  type Core,
  type Future,
  type Json,
  type Lesson,
  type Mark,
  type Palette,
  type Run,
  type Series,
  type State,
  type Steps,
  type StoryStep,
  type View,
} from '../core/index.ts';
import { Pictures } from './pictures.ts';
import { FrameLoop } from './frame-loop.ts';
import { Pace, endOfQuiet } from './pace.ts';
import { lightOf } from './selection.ts';
import type { Choices, Settings } from './settings.ts';
import { clampSpeed, faster, slower } from './speed.ts';
import type { ShownViews } from './views.ts';

/** How often the words and figures beside the picture follow a playing run. */
const REFRESH_MS = 125;
/** How often its marks do. */
const MARKS_MS = 1000;
/** Moves of a control that follow each other faster than this are one step. */
const DRAG_MS = 600;
/** While a run plays, more messages in flight than this are in no list: nobody could read them. */
const MOST_LISTED = 60;
const ALL = 2 ** 32 - 1;
/** In search of a moment of the story the run goes on by so much at a time. */
const STORY_STRIDE_MS = 2000;
/** Reduced motion: how long one event is shown, at the lab's own speed. */
const EVENT_MS = 900;

/** A run that breaks again so soon after it was rebuilt would break with every frame. */
const AT_ONCE_MS = 500;

/** A fault of the simulator, and the link with which somebody can look into it. */
export interface Failure {
  link: string;
  detail: string;
  /** Whether the run could be built again from its link. */
  rebuilt: boolean;
}

/**
 * Tells of `change` when anything that its fields say has changed, and of
 * `frame` when the picture has.
 */
export class Session extends EventTarget {
  about: About;
  state: State;
  lesson: Lesson;
  marks: Mark[] = [];
  futures: Future[] = [];
  steps: Steps = { undo: 0, redo: 0 };
  playing = false;
  speed: number;
  problems: string[] = [];
  /** Why the run may differ from the one that the link's author saw. */
  revisionNote: string | undefined;
  failure: Failure | undefined;

  readonly settings: Settings;
  readonly pictures: Pictures;

  readonly #core: Core;
  readonly #address: LinkHolder;
  readonly #loop = new FrameLoop((elapsed) => this.#onFrame(elapsed));
  readonly #systemMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  /** Asking the query itself makes the browser lay out the page, in each frame. */
  #isSystemMotionReduced = this.#systemMotion.matches;
  readonly #pace = new Pace();
  #run: Run;
  #palette: Json<Palette> | undefined;
  /** The view that the link or the lab asks for, until the reader chooses one. */
  #view: View | undefined;
  /** The link as of the last command: what a run is rebuilt from when it breaks. */
  #link: string;
  #frameRequested = false;
  #refreshedAt = 0;
  #markedAt = 0;
  #shownFor = 0;
  #rebuiltAt = -Infinity;
  #parked = false;
  #waiting = new Map<string, number>();
  #waitingFrame: number | undefined;
  #dragEnd: ReturnType<typeof setTimeout> | undefined;

  /** Opens the run whose link the holder holds. */
  constructor(core: Core, address: LinkHolder, settings: Settings) {
    super();
    this.#core = core;
    this.#address = address;
    this.settings = settings;
    this.#run = core.open(address.link);
    this.about = this.#run.about();
    this.state = this.#run.state(ALL);
    this.lesson = this.#run.lesson();
    this.speed = this.#speedOfLab();
    this.problems = this.#run.problems();
    this.revisionNote = this.#run.revision_note();
    this.#link = this.#run.link();
    this.pictures = new Pictures((work) => this.#attempt(() => work(this.#run)));
    this.pictures.look.bent = settings.choices.bent;
    this.pictures.adopt(false, this.about.default_speed);
    this.#view = this.#run.view();
    this.#address.show(this.#link);
    this.#systemMotion.addEventListener('change', ({ matches }) => {
      this.#isSystemMotionReduced = matches;
    });
    this.#address.onLeave(() => (this.#parked ? undefined : this.link));
    this.#readTimeline();
  }

  /** Opens another link in the place of this run. */
  open(link: string): void {
    this.pause();
    this.#parked = false;
    this.failure = undefined;
    this.#forgetDrag();
    this.#attempt(() => {
      const lab = this.about.lab.id;
      this.#adopt(this.#core.open(link));
      this.problems = this.#run.problems();
      this.revisionNote = this.#run.revision_note();
      if (this.about.lab.id !== lab) this.speed = this.#speedOfLab();
    });
    this.#settle();
  }

  /** Leaves the run as it is while the page shows something else. */
  park(): void {
    this.#loop.stop();
    this.playing = false;
    this.#parked = true;
  }

  get timeMs(): number {
    return this.#attempt(() => this.#run.time_ms()) ?? this.state.time_ms;
  }

  get endMs(): number {
    return this.state.end_ms;
  }

  /** The link that replays this run exactly, as a whole address. */
  get address(): string {
    return new URL(this.link, window.location.href).href;
  }

  get link(): string {
    return this.#attempt(() => this.#run.link()) ?? this.#link;
  }

  /** The digest of the trace so far: two runs with the same one did the same. */
  digest(): string {
    return this.#attempt(() => this.#run.digest()) ?? '';
  }

  /** The run's measurements so far. */
  series(): Series[] {
    return this.#attempt(() => this.#run.series()) ?? [];
  }

  /** Which view is shown: what the link asks for, or else what the reader chose last. */
  get view(): ShownViews {
    return this.#view ?? this.settings.choices.view;
  }

  /** Breaks the simulator, for whoever wants to see what becomes of the run. */
  provoke(message: string): void {
    this.#command((run) => run.panic(message));
  }

  play(): void {
    if (this.playing || this.failure?.rebuilt === false) return;
    if (this.timeMs >= this.endMs) this.#attempt(() => this.#run.restart());
    this.playing = true;
    this.#shownFor = Infinity;
    this.pictures.window.follows = true;
    this.#loop.start();
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#loop.stop();
    this.playing = false;
    this.#settle();
  }

  /** Keeps the run where it is while the reader drags through time; it plays on after `release`. */
  hold(): void {
    this.#loop.stop();
  }

  release(): void {
    if (this.playing) this.#loop.start();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  step(): void {
    this.pause();
    this.#command((run) => run.step());
  }

  stepBack(): void {
    this.pause();
    this.#command((run) => run.step_back());
  }

  nextInteresting(): void {
    this.pause();
    this.#command((run) => run.next_interesting());
  }

  previousInteresting(): void {
    this.pause();
    this.#command((run) => run.previous_interesting());
  }

  seek(ms: number): void {
    this.#command((run) => run.seek(ms));
  }

  /**
   * Rests at the moment of a step of the story, with a light on what it speaks of. The run goes on until the moment has
   * come; where it never does, the run stays where it was.
   */
  tell(place: number | undefined): void {
    this.pause();
    this.#command((run) => {
      const step = place === undefined ? undefined : this.#stepOf(run, place);
      this.pictures.light(step && lightOf(step));
    });
  }

  /** Reads the story as far as it goes, and further until it has this step. */
  #stepOf(run: Run, place: number): StoryStep | undefined {
    const here = run.time_ms();
    this.lesson = run.lesson();
    while (this.lesson.steps[place]?.at_ms === null && run.time_ms() < run.end_ms()) {
      run.seek(Math.min(run.time_ms() + STORY_STRIDE_MS, run.end_ms()));
      this.lesson = run.lesson();
    }
    const step = this.lesson.steps[place];
    run.seek(step?.at_ms ?? here);
    return step;
  }

  restart(): void {
    this.#command((run) => run.restart());
  }

  newSeed(): void {
    this.#command((run) => run.reseed(this.#core.freshSeed()));
  }

  defend(id: string, on: boolean): void {
    this.#command((run) => run.defend(id, on));
  }

  /** Does a deed now, in the words of links: `crash:bank`. */
  act(...deeds: string[]): void {
    this.#command((run) => {
      for (const deed of deeds) this.#refusable(() => run.act(deed));
    });
  }

  undo(): void {
    this.#command((run) => run.undo());
  }

  redo(): void {
    this.#command((run) => run.redo());
  }

  switchFuture(place: number): void {
    this.#command((run) => run.switch_future(place));
  }

  /** Moves a control, before the next frame; of the values that come until then the last one counts. */
  set(control: string, value: number): void {
    clearTimeout(this.#dragEnd);
    this.#waiting.set(control, value);
    this.#waitingFrame ??= requestAnimationFrame(() => this.#setWaiting());
  }

  /** Moves several controls at once, as one step. */
  setAll(values: ReadonlyMap<string, number>): void {
    this.#command((run) => this.#refusable(() => run.set_many(json(Object.fromEntries(values)))));
  }

  /** A control was let go: its next move is another step to undo, unless it follows at once. */
  endDrag(): void {
    this.#setWaiting();
    this.#settle();
    clearTimeout(this.#dragEnd);
    this.#dragEnd = setTimeout(() => this.#attempt(() => this.#run.end_drag()), DRAG_MS);
  }

  setSpeed(speed: number): void {
    this.speed = clampSpeed(speed);
    const { speeds } = this.settings.choices;
    this.choose({ speeds: { ...speeds, [this.about.lab.id]: this.speed } });
  }

  faster(): void {
    this.setSpeed(faster(this.speed));
  }

  slower(): void {
    this.setSpeed(slower(this.speed));
  }

  /** Takes over choices that the device is to remember. */
  choose(changed: Partial<Choices>): void {
    this.settings.choose(changed);
    if (changed.view !== undefined) this.#chooseView(changed.view);
    if (changed.bent !== undefined) this.pictures.show({ bent: changed.bent });
    this.redraw();
  }

  /** The figure shows something else: the page and the pictures are to follow. */
  redraw(): void {
    this.#changed();
    this.#requestFrame();
  }

  dismissProblems(): void {
    this.problems = [];
    this.revisionNote = undefined;
    this.#changed();
  }

  dismissFailure(): void {
    this.failure = undefined;
    this.#changed();
  }

  setPalette(palette: Json<Palette>): void {
    if (palette === this.#palette) return;
    this.#palette = palette;
    this.#attempt(() => this.#run.set_palette(palette));
    this.#requestFrame();
  }

  #chooseView(view: ShownViews): void {
    this.#view = undefined;
    this.#attempt(() => this.#run.show_view(view === 'both' ? undefined : view));
    this.#link = this.link;
    this.#address.show(this.#link);
  }

  #speedOfLab(): number {
    const { id } = this.about.lab;
    return clampSpeed(this.settings.choices.speeds[id] ?? this.about.default_speed);
  }

  /** The picture and the words follow at once; marks, futures and the link when the control is let go. */
  #setWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (this.#waitingFrame !== undefined) cancelAnimationFrame(this.#waitingFrame);
    this.#waitingFrame = undefined;
    if (waiting.length === 0) return;
    this.pictures.window.follows = true;
    this.#attempt(() => {
      for (const [control, value] of waiting) this.#refusable(() => this.#run.set(control, value));
    });
    this.#refresh();
    this.dispatchEvent(new Event('frame'));
  }

  #forgetDrag(): void {
    if (this.#waitingFrame !== undefined) cancelAnimationFrame(this.#waitingFrame);
    this.#waitingFrame = undefined;
    this.#waiting.clear();
    clearTimeout(this.#dragEnd);
  }

  /** What the simulator refuses is the reader's to mend, and no fault. */
  #refusable(work: () => void): void {
    try {
      work();
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      this.problems = [refusal.message];
    }
  }

  #command(work: (run: Run) => void): void {
    this.#setWaiting();
    this.pictures.window.follows = true;
    this.#attempt(() => work(this.#run));
    this.#settle();
  }

  /** After a command, or a pause: everything shown is made to agree with the run. */
  #settle(): void {
    this.#link = this.link;
    this.#address.show(this.#link);
    this.#readTimeline();
    this.#refresh();
    this.#requestFrame();
  }

  #readTimeline(): void {
    this.#markedAt = performance.now();
    this.#attempt(() => {
      this.marks = this.#run.marks();
      this.futures = this.#run.futures();
      this.steps = this.#run.steps();
    });
  }

  #refresh(): void {
    this.#refreshedAt = performance.now();
    this.#attempt(() => {
      this.state = this.#run.state(this.playing ? MOST_LISTED : ALL);
    });
    this.pictures.refresh();
    this.#changed();
  }

  get #isMotionReduced(): boolean {
    const { motion } = this.settings.choices;
    return motion === 'system' ? this.#isSystemMotionReduced : motion === 'reduced';
  }

  #onFrame(elapsedMs: number): void {
    if (this.#isMotionReduced) this.#showNextEvent(elapsedMs);
    else {
      this.#attempt(() => this.#goOn(elapsedMs));
      this.dispatchEvent(new Event('frame'));
    }
    const now = performance.now();
    if (this.timeMs >= this.endMs) this.pause();
    else if (now - this.#refreshedAt >= REFRESH_MS) this.#refresh();
    else if (now - this.#markedAt >= MARKS_MS) this.#readTimeline();
  }

  #goOn(elapsedMs: number): void {
    const { follow, skipQuiet } = this.settings.choices;
    const quietEnd = skipQuiet ? endOfQuiet(this.#run, this.speed, this.state) : undefined;
    if (quietEnd !== undefined) this.#run.seek(quietEnd);
    else this.#run.advance(this.#pace.ahead(elapsedMs, this.speed, follow, this.state));
  }

  #showNextEvent(elapsedMs: number): void {
    this.#shownFor += elapsedMs * (this.speed / this.about.default_speed);
    if (this.#shownFor < EVENT_MS) return;
    this.#shownFor = 0;
    const more = this.#attempt(() => this.#run.step());
    if (!more) this.#attempt(() => this.#run.seek(this.endMs));
    this.dispatchEvent(new Event('frame'));
  }

  #requestFrame(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => {
      this.#frameRequested = false;
      this.dispatchEvent(new Event('frame'));
    });
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  #adopt(run: Run): void {
    const [old, lab] = [this.#run, this.about.lab.id];
    this.#run = run;
    this.about = run.about();
    this.lesson = run.lesson();
    if (this.#palette !== undefined) run.set_palette(this.#palette);
    this.pictures.adopt(this.about.lab.id === lab, this.about.default_speed);
    this.#view = run.view();
    try {
      old.free();
    } catch {
      // A run that broke off in the middle of a call cannot be freed.
    }
  }

  #attempt<T>(work: () => T): T | undefined {
    if (this.failure?.rebuilt === false) return undefined;
    try {
      return work();
    } catch (fault) {
      this.#recover(fault);
      return undefined;
    }
  }

  /**
   * A run that broke is unusable; the same link gives another, from its
   * beginning. One that breaks again at once is left alone.
   */
  #recover(fault: unknown): void {
    this.playing = false;
    this.#loop.stop();
    const isAtOnce = performance.now() < this.#rebuiltAt + AT_ONCE_MS;
    const failure = {
      link: new URL(this.#link, window.location.href).href,
      detail: (fault instanceof WebAssembly.RuntimeError && this.#core.lastPanic()) || String(fault),
    };
    this.#rebuiltAt = performance.now();
    this.failure = { ...failure, rebuilt: !isAtOnce };
    if (!isAtOnce) this.failure = { ...failure, rebuilt: this.#rebuild() };
    this.#readTimeline();
    this.#changed();
    this.#requestFrame();
  }

  #rebuild(): boolean {
    try {
      this.#adopt(this.#core.open(this.#link));
      this.state = this.#run.state(ALL);
      return true;
    } catch {
      return false;
    }
  }
}

/** The simulator's own answer, rather than a panic in WebAssembly. */
function isRefusal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && !(thrown instanceof WebAssembly.RuntimeError);
}
