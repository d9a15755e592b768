/**
 * The reader's side of a run: what can be done to it, and what is to be shown of it.
 *
 * Commands go to the run; what they changed is read back (`readings.ts`) and told. Each subject has a file of its own:
 * what happens when the simulator breaks (`guarded-run.ts`), playing (`player.ts`), controls that are being dragged
 * (`control-moves.ts`), what the pictures show (`pictures.ts`), the link (`address.ts`).
 */
import type { LinkHolder } from './address.ts';
import {
  json,
  type About,
  type Change,
  type Core,
  type Future,
  type Json,
  type Lesson,
  type Mark,
  type Outlook,
  type Palette,
  type Run,
  type Series,
  type State,
  type Steps,
  type StoryStep,
  type View,
} from '../core/index.ts';
import { ControlMoves } from './run/control-moves.ts';
import type { Failure } from './run/failure.ts';
import { GuardedRun, refusalOf } from './run/guarded-run.ts';
import { Pictures, type DrawnCut } from './pictures/pictures.ts';
import { Player } from './playing/player.ts';
import { Readings } from './run/readings.ts';
import { lightOf } from './pictures/selection.ts';
import type { Choices, Device } from './choices.ts';
import { placeOf } from './playing/guide.ts';
import { LookingAhead } from './run/looking-ahead.ts';
import { Journey } from './run/journey.ts';
import type { ShownViews } from './pictures/views.ts';
import { words } from '../words.ts';

/**
 * Tells of `change` when anything that its fields say has changed, and of
 * `frame` when the picture has.
 */
export class Session extends EventTarget {
  /** What could not be used of a link or a value, in sentences. */
  problems: string[];
  /** Why the run may differ from the one that the link's author saw. */
  revisionNote: string[];

  readonly pictures: Pictures;
  readonly player: Player;

  readonly #core: Core;
  readonly #address: LinkHolder;
  readonly #device: Device;
  readonly #autoplay: boolean;
  readonly #run: GuardedRun;
  readonly #readings: Readings;
  readonly #journey: Journey;
  readonly #ahead = new LookingAhead(
    (work) => this.#run.attempt(work),
    () => this.#onForetold(),
  );
  readonly #moves = new ControlMoves({
    onMoves: (values) => this.#onMoves(values),
    onDragEnd: () => this.#run.attempt((run) => run.end_drag()),
  });
  /** The view that the link or the lab asks for, until the reader chooses one. */
  #view: View | undefined;
  /** The step of the story that the reader asked for, from 0, until the run goes elsewhere. */
  #told: number | undefined;
  /** The step that the reader asked for, as long as it is not known when it happens. */
  #sought: number | undefined;
  #frameRequested = false;
  #parked = false;

  /** Opens the run whose link the holder holds; `autoplay` plays it at once where its link names no moment. */
  constructor(core: Core, address: LinkHolder, device: Device, autoplay: boolean) {
    super();
    this.#autoplay = autoplay;
    const run = core.open(address.link);
    this.#core = core;
    this.#address = address;
    this.#device = device;
    this.#run = new GuardedRun(core, run, {
      onAdopt: (other) => this.#onAdopt(other),
      onBreak: () => this.#onBreak(),
      // Not in the middle of whatever took so long.
      onHeldUp: (ms) => queueMicrotask(() => this.#onHeldUp(ms)),
    });
    this.#journey = new Journey(this.#run, {
      onNearer: () => this.#onNearer(),
      onArrival: () => this.#onArrival(),
      onWay: (isOnWay) => (isOnWay ? address.noteBusy() : address.noteDone()),
    });
    this.#readings = new Readings(run);
    this.player = new Player(this.#run, this.#readings, device, {
      onPlay: () => this.#onPlay(),
      onGo: () => this.#journey.end(),
      onPause: () => this.#onPause(),
      onFrame: (isMoved) => this.#onFrame(isMoved),
      onSpeed: () => this.#changed(),
    });
    this.problems = run.problems();
    this.revisionNote = run.revision_note();
    this.pictures = new Pictures((work) => this.#run.attempt(work));
    this.pictures.look.bent = this.choices.bent;
    this.pictures.adopt(false, this.about.default_speed);
    this.#view = run.view();
    this.#address.onLeave(() => (this.#parked ? undefined : this.link));
    this.#settle();
    this.#playUnasked();
  }

  /** Opens another link instead of this run. */
  open(link: string): void {
    this.player.stop();
    this.player.rests = undefined;
    this.#told = undefined;
    this.#sought = undefined;
    this.#parked = false;
    this.#moves.forget();
    this.#journey.end();
    this.#address.noteBusy();
    this.#run.open(link);
    this.#run.attempt((run) => {
      this.problems = run.problems();
      this.revisionNote = run.revision_note();
    });
    this.#settle();
    this.#playUnasked();
  }

  /** Finds out in idle time what the whole run will bring. */
  lookAhead(): void {
    this.#ahead.want();
  }

  /** Whether anybody sees the run: unseen it goes nowhere. */
  see(isSeen: boolean): void {
    this.player.see(isSeen);
    this.#journey.hold(!isSeen);
    if (isSeen && !this.player.isGoing) this.#journey.begin();
  }

  /** Gives back all that the run holds: nothing can be asked of it any more. */
  end(): void {
    this.park();
    this.#ahead.end();
    this.#run.end();
  }

  /** Leaves the run as it is while the page shows something else. */
  park(): void {
    this.player.stop();
    this.#journey.end();
    this.#moves.forget();
    this.#parked = true;
  }

  // What is to be shown.

  get about(): About {
    return this.#readings.about;
  }

  get state(): State {
    return this.#readings.state;
  }

  get lesson(): Lesson {
    return this.#readings.lesson;
  }

  /** The story, as far as its moments have come. */
  get story(): StoryStep[] {
    return this.#readings.story;
  }

  /** The step that is told, from 0: what the reader asked for, or what has happened last. */
  get place(): number {
    // On the way to what was asked for, the run tells its own steps: no text runs ahead of the picture.
    const asked = this.playing ? undefined : this.#told;
    return asked ?? placeOf(this.story, this.timeMs >= this.endMs);
  }

  /** Whether the step that the reader asked for does not happen in this run. */
  get isNever(): boolean {
    if (this.#sought !== undefined) return false;
    const step = this.story[this.place];
    if (step?.is_instead) return false;
    if (step?.is_never) return true;
    return this.#told !== undefined && step?.at_ms === null && !this.playing;
  }

  /** What is known of the whole run, as it is and with each defence flipped; it comes once somebody looks ahead. */
  get outlook(): Outlook {
    return this.#readings.outlook;
  }

  /** Until when the time bar shows the run: to where its interest ends, unless the reader goes beyond. */
  get endMs(): number {
    const { shown_ms } = this.about;
    return this.timeMs > shown_ms ? this.state.end_ms : shown_ms;
  }

  /** Why the defences that are on help or do not, or what the reader may do next. */
  get next(): string {
    const { said } = this.outlook;
    if (said !== null) return said;
    if (this.playing || this.player.rests !== 'violation') return '';
    return words.defences.next;
  }

  /** The name of the node in whose perspective the run is seen. */
  get perspectiveName(): string | undefined {
    const { perspective } = this.pictures.look;
    return this.about.nodes.find(({ id }) => id === perspective)?.name;
  }

  get marks(): Mark[] {
    return this.#readings.marks;
  }

  /** What the reader, or the link, changed. */
  get changes(): Change[] {
    return this.#readings.changes;
  }

  get futures(): Future[] {
    return this.#readings.futures;
  }

  get steps(): Steps {
    return this.#readings.steps;
  }

  get failure(): Failure | undefined {
    return this.#run.failure;
  }

  get playing(): boolean {
    return this.player.playing;
  }

  get timeMs(): number {
    return this.#run.attempt((run) => run.time_ms()) ?? this.state.time_ms;
  }

  /** The link that replays this run exactly, as a whole address. */
  get address(): string {
    return new URL(this.link, window.location.href).href;
  }

  get link(): string {
    return this.#run.link;
  }

  /** The moment that the run is bound for, in milliseconds; where it is, once it is there. */
  get aimMs(): number {
    return this.#run.attempt((run) => run.aim_ms()) ?? this.timeMs;
  }

  /** Whether the run has been on its way for so long that a reader wants to know. */
  get isOnLongWay(): boolean {
    return this.#journey.isLong;
  }

  /** The digest of the trace so far: two runs with the same one did the same. */
  digest(): string {
    return this.#run.attempt((run) => run.digest()) ?? '';
  }

  /** The run's measurements so far. */
  series(): Series[] {
    return this.#run.attempt((run) => run.series()) ?? [];
  }

  /** What the reader chose for this device. */
  get choices(): Choices {
    return this.#device.choices;
  }

  /** Which view is shown: what the link asks for, or else what the reader chose last. */
  get view(): ShownViews {
    return this.#view ?? this.choices.view;
  }

  // Going to another moment.

  step(): void {
    this.player.pause();
    this.#command((run) => run.step());
  }

  stepBack(): void {
    this.player.pause();
    this.#command((run) => run.step_back());
  }

  nextInteresting(): void {
    this.player.pause();
    this.#command((run) => run.next_interesting());
  }

  previousInteresting(): void {
    this.player.pause();
    this.#command((run) => run.previous_interesting());
  }

  seek(ms: number): void {
    this.#command((run) => run.seek(ms));
  }

  restart(): void {
    this.#command((run) => run.restart());
  }

  /** Tells a step of the story, from 0: plays on to its moment, or goes back to it, and rests there. */
  tell(place: number): void {
    this.player.pause();
    this.#told = place;
    this.#sought = place;
    this.#goToSought();
    this.redraw();
  }

  /** Stays where the run is, on its way to somewhere else. */
  stay(): void {
    this.#command((run) => run.stay());
  }

  // Changing the run.

  newSeed(): void {
    this.#command((run) => run.reseed(this.#core.freshSeed()));
  }

  /** Switches a defence. Where the run rests at a violation, the same weather is watched again from the start. */
  defend(id: string, on: boolean): void {
    const isWatchedAgain = this.player.rests === 'violation';
    this.#command((run) => {
      run.defend(id, on);
      if (isWatchedAgain) run.restart();
    });
    if (isWatchedAgain) this.player.play();
  }

  /** Does deeds now, in the words of links: `crash:bank`. */
  act(...deeds: string[]): void {
    this.#command((run) => {
      for (const deed of deeds) this.#refusable(() => run.act(deed));
    });
  }

  /** Cuts the links that a line across the world crosses. */
  cut({ line, width, height }: DrawnCut): void {
    const { x1, y1, x2, y2 } = line;
    this.#command((run) => this.#refusable(() => run.cut_across(x1, y1, x2, y2, width, height)));
  }

  /** Takes a change back, by its place in the list. */
  takeBack(place: number): void {
    this.#command((run) => run.take_back(place));
  }

  /** Moves a change to another moment. */
  moveTo(place: number, ms: number): void {
    this.#command((run) => run.move_to(place, ms));
  }

  takeAllBack(): void {
    this.#command((run) => run.take_all_back());
  }

  /** Moves a control, before the next frame. */
  set(control: string, value: number): void {
    this.#moves.move(control, value);
  }

  /** Moves several controls at once, as one step. */
  setAll(values: ReadonlyMap<string, number>): void {
    this.#command((run) => this.#refusable(() => run.set_many(json(Object.fromEntries(values)))));
  }

  /** A control was let go: its next move is another step to undo, unless it follows at once. */
  endDrag(): void {
    this.#moves.letGo();
    this.#settle();
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

  // How it is shown.

  /** Takes over choices that the device is to remember. */
  choose(changed: Partial<Choices>): void {
    this.#device.choose(changed);
    if (changed.view !== undefined) this.#chooseView(changed.view);
    if (changed.bent !== undefined) this.pictures.show({ bent: changed.bent });
    this.redraw();
  }

  setPalette(palette: Json<Palette>): void {
    if (this.pictures.setPalette(palette)) this.#requestFrame();
  }

  /** The pictures show something else: the page is to follow. */
  redraw(): void {
    this.#changed();
    this.#requestFrame();
  }

  dismissProblems(): void {
    this.problems = [];
    this.#changed();
  }

  dismissNote(): void {
    this.revisionNote = [];
    this.#changed();
  }

  dismissFailure(): void {
    this.#run.failure = undefined;
    this.#changed();
  }

  #playUnasked(): void {
    if (!this.#autoplay || !this.choices.autoplay) return;
    if (this.#run.attempt((run) => run.names_moment()) === false) this.player.playUnasked();
  }

  #chooseView(view: ShownViews): void {
    this.#view = undefined;
    this.#run.attempt((run) => run.show_view(view === 'both' ? undefined : view));
    this.#showLink();
  }

  /** Goes to the step that is sought, once it is known when that is. */
  #goToSought(): void {
    const place = this.#sought;
    if (place === undefined) return;
    if (this.#run.attempt((run) => run.is_step_known(place)) === false) {
      this.#ahead.want();
      return;
    }
    const moment = this.#run.attempt((run) => run.step_ms(place)) ?? this.timeMs;
    this.#sought = undefined;
    if (moment > this.timeMs && this.player.glides) this.player.playTo(moment);
    else this.#command((run) => run.seek(moment));
    this.#told = place;
    this.#lightTold();
    this.redraw();
  }

  /** Lights what the step is about that a resting run tells: one that the reader asked for, or where it rests by itself. */
  #lightTold(): void {
    const rests = this.player.rests !== undefined && !this.pictures.selection;
    if (this.playing || (this.#told === undefined && !rests)) return;
    const step = this.story[this.place];
    if (step) this.pictures.light(lightOf(step));
  }

  #command(work: (run: Run) => void): void {
    this.#moves.flush();
    this.#told = undefined;
    this.#sought = undefined;
    this.player.rests = undefined;
    this.pictures.window.follows = true;
    this.#run.attempt(work);
    this.#settle();
    this.player.takeUp();
  }

  /** What the simulator refuses is the reader's to mend, and no fault. */
  #refusable(work: () => void): void {
    const refusal = refusalOf(work);
    if (refusal !== undefined) this.problems = [refusal];
  }

  /** The picture and the words follow at once; marks, futures and the link when the control is let go. */
  #onMoves(values: ReadonlyMap<string, number>): void {
    if (this.playing) this.player.guide.letGo(this.state.defences);
    this.pictures.window.follows = true;
    this.#run.attempt((run) => {
      for (const [control, value] of values) this.#refusable(() => run.set(control, value));
    });
    if (!this.player.isGoing) this.#journey.begin();
    this.#readState();
    this.#drawn();
  }

  #onPlay(): void {
    this.#told = undefined;
    this.#sought = undefined;
    this.pictures.window.follows = true;
    this.#tellOn();
    this.#changed();
  }

  /** The run has come nearer to where it is bound for. */
  #onNearer(): void {
    this.#drawn();
    if (this.#readings.isStateDue) this.#readState();
  }

  #onArrival(): void {
    this.#settle();
    this.#lightTold();
  }

  /** More is known of the whole run. */
  #onForetold(): void {
    this.#goToSought();
    this.#readState();
  }

  /** On the way to a step of the story it may rest before it has come there: then the moment that it is at is told. */
  #onPause(): void {
    if (this.player.rests !== 'goal') this.#told = undefined;
    this.#settle();
    this.#lightTold();
  }

  /** What is read of a playing run follows it as fast as a reader can. */
  #onFrame(isMoved: boolean): void {
    if (isMoved) this.#drawn();
    if (this.#readings.isStateDue) this.#readState();
    else if (this.#readings.isPastDue) this.#readPast();
  }

  #onAdopt(run: Run): void {
    const old = this.about;
    this.#readings.adopt(run);
    const isSame = isSameLab(old, this.about);
    if (!isSame) this.player.adoptLab();
    this.pictures.adopt(isSame, this.about.default_speed);
    // Not of `run`: if that broke just now, another one stands in its place.
    this.#view = this.#run.attempt((present) => present.view());
  }

  #onBreak(): void {
    this.player.stop();
    this.#readPast();
    this.redraw();
  }

  /** A call held up the page: the run rests, so that the reader can do something about it. */
  #onHeldUp(ms: number): void {
    this.player.stop();
    this.#journey.end();
    this.#run.attempt((run) => run.stay());
    this.problems = [words.problems.heldUp(Math.round(ms / 1000))];
    this.#settle();
  }

  /** After a command, or a pause: everything shown is made to agree with the run, as far as it has come. */
  #settle(): void {
    if (!this.player.isGoing) this.#journey.begin();
    this.#showLink();
    this.#readPast();
    this.#readState();
    this.#requestFrame();
    this.#ahead.begin();
  }

  #showLink(): void {
    this.#address.show(this.#run.saveLink());
  }

  #readPast(): void {
    this.#run.attempt((run) => this.#readings.readPast(run, this.endMs));
  }

  #readState(): void {
    const before = this.place;
    this.#run.attempt((run) => this.#readings.readState(run, this.playing));
    if (this.playing && this.place !== before) this.#tellOn();
    this.pictures.refresh();
    this.#changed();
  }

  /** The playing run has come to another step of its story. */
  #tellOn(): void {
    const step = this.story[this.place];
    this.player.guide.tells(this.place);
    if (step && !this.pictures.selection) this.pictures.light(lightOf(step));
  }

  #requestFrame(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => {
      this.#frameRequested = false;
      this.#drawn();
    });
  }

  #drawn(): void {
    this.dispatchEvent(new Event('frame'));
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether the pictures can go on showing what they show. Documents need not have an id, so their nodes count too. */
function isSameLab(one: About, other: About): boolean {
  const nodes = (about: About) => JSON.stringify(about.nodes);
  return one.lab.id === other.lab.id && nodes(one) === nodes(other);
}
