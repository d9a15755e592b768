/**
 * The reader's side of a run: what can be done to it, and what is to be shown of it.
 *
 * Commands go to the run; what they changed is read back (`readings.ts`) and told. Each subject has a file of its own:
 * what happens when the simulator breaks (`guarded-run.ts`), what changes the run (`edits.ts`), playing (`player.ts`), the
 * story (`telling.ts`), what the pictures show (`pictures.ts`), the link (`address.ts`), and what a reader asks for in the place of
 * the pictures: a walk (`walking.ts`), another run beside this one (`comparing.ts`), a question (`asking.ts`).
 */
import type { LinkHolder } from './address.ts';
import type {
  About,
  Asked,
  Change,
  Core,
  Future,
  Json,
  Lesson,
  Mark,
  Foretold,
  Outlook,
  Palette,
  Run,
  RuleGroup,
  Series,
  ShownVerdict,
  State,
  Steps,
  View,
} from '../core/index.ts';
import { Edits } from './run/edits.ts';
import { notLoaded, prepared, type Failure } from './run/failure.ts';
import { Notices } from './run/notices.ts';
import { Travel } from './playing/travel.ts';
import { GuardedRun } from './run/guarded-run.ts';
import { Fog } from './pictures/fog.ts';
import { Pictures } from './pictures/pictures.ts';
import { Player } from './playing/player.ts';
import { Readings } from './run/readings.ts';
import type { Choices, Device } from './choices.ts';
import { Challenging } from './challenge/challenging.ts';
import { Asking } from './guess/asking.ts';
import { Comparing } from './twin/comparing.ts';
import { Walking } from './why/walking.ts';
import { Telling } from './playing/telling.ts';
import { Later } from './run/later.ts';
import { LookingAhead } from './run/looking-ahead.ts';
import { Journey } from './run/journey.ts';
import { VIEWS, nameOf, shownOf, viewAlone, type ShownViews } from './pictures/views.ts';
import { words } from '../words.ts';

/** What the first run of a session is opened with. */
export interface Opening {
  core: Core;
  address: LinkHolder;
  device: Device;
  /** Whether a run is played at once where its link names no moment. */
  autoplay: boolean;
  /** How much memory each run may take; if nothing is said, as much as a page's. */
  memoryMiB?: number;
}

/**
 * Tells of `change` when anything that its fields say has changed, and of
 * `frame` when the picture has.
 */
export class Session extends EventTarget {
  readonly pictures: Pictures;
  readonly player: Player;
  /** The story, and which step of it is told. */
  readonly telling: Telling;
  /** What takes the run to another moment. */
  readonly travel: Travel;
  /** The fog of a node's perspective. */
  readonly fog: Fog;
  /** What changes the run. */
  readonly edits: Edits;
  /** What a reader is told of the link and of the simulator. */
  readonly notices: Notices;
  /** The walk along what explains a violation. */
  readonly walking: Walking;
  /** The same run with something flipped, beside this one. */
  readonly comparing: Comparing;
  /** What the reader is asked before it is told. */
  readonly asking: Asking;
  /** What the reader is challenged to. */
  readonly challenging: Challenging;

  readonly #core: Core;
  readonly #address: LinkHolder;
  readonly #device: Device;
  readonly #autoplay: boolean;
  readonly #run: GuardedRun;
  readonly #readings: Readings;
  readonly #journey: Journey;
  readonly #later: Later;
  readonly #ahead = new LookingAhead(
    (work) => this.#later.ask(work),
    () => this.#onForetold(),
  );
  /** The view that the link or the lab asks for, until the reader chooses one. */
  #view: View | undefined;
  #frameRequested = false;
  #parked = false;
  /** The link that is to be opened once all is loaded that its run needs, and what comes then. */
  #awaited: { link: string; onOpen: () => void } | undefined;
  #isLoading = false;
  #isSeen = true;
  /** What the reader asked for last. */
  #wanted: object = {};
  /** Whether the next link is to be played, although it names a moment. */
  #isToBeWatched = false;

  /** Takes up the run whose link the holder holds. */
  constructor({ core, address, device, autoplay, memoryMiB }: Opening, run: Run) {
    super();
    this.#core = core;
    this.#autoplay = autoplay;
    const open = (link: string) => core.open(link, memoryMiB);
    this.#address = address;
    this.#device = device;
    this.#run = new GuardedRun(core, open, run, {
      onAdopt: (other) => this.#onAdopt(other),
      onBreak: () => this.#onBreak(),
      // Not in the middle of whatever took so long.
      onHeldUp: (ms) => queueMicrotask(() => this.#onHeldUp(ms)),
      onWait: () => void this.#makeWhole(),
      onCaughtUp: () => this.#onCaughtUp(),
    });
    this.#later = new Later(core, this.#run.attemptAwake, () => this.#onComplete());
    if (!core.isWhole) core.whenWhole(() => this.#onComplete());
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
    this.notices = new Notices(this.#run, () => this.#changed());
    this.notices.read(run);
    this.travel = new Travel(this.player, (work) => this.#command(work));
    this.pictures = new Pictures(
      this.#run.attemptAwake,
      this.#later.ask,
      // The legend has what is on stage.
      () => this.#readState(),
    );
    this.fog = new Fog(this.pictures, {
      isSecret: () => this.asking.isSecret,
      // What was opened while it was lifted ends with that.
      showAs: (node) => (node === null ? this.#showAs(null) : this.seeAs(node)),
    });
    const parts = { run: this.#run, player: this.player, pictures: this.pictures };
    this.telling = new Telling(
      { ...parts, readings: this.#readings },
      {
        isAtEnd: () => this.timeMs >= this.endMs,
        lookAhead: () => this.#ahead.want(),
        // What a story tells is not what one node knows.
        isSilent: () =>
          this.asking.isSecret || this.challenging.aim !== undefined || this.perspectiveName !== undefined,
        seek: (ms) => this.travel.seek(ms),
        onTold: () => this.redraw(),
      },
    );
    this.edits = new Edits(
      { ...parts, freshSeed: () => core.freshSeed() },
      {
        command: (work) => this.#command(work),
        refuse: (refusal) => this.notices.refuse(refusal),
        onMoved: () => this.#onMoved(),
        settle: () => this.#settle(),
      },
    );
    const own = { core, run: this.#run, player: this.player };
    this.walking = this.#walkingOf(own);
    this.comparing = this.#comparingOf({ ...own, open, session: this });
    this.asking = this.#askingOf(own);
    this.challenging = new Challenging(this.#run, {
      settle: () => this.#settle(),
      open: (link) => void this.open(link),
    });
    this.pictures.look.bent = this.choices.bent;
    this.pictures.adopt(false, this.about);
    this.#view = run.view();
    this.#adoptAsked(run);
    this.#address.onLeave(() => (this.#isElsewhere ? undefined : this.link));
    this.#leaveUnknownView();
    this.#settle();
    this.#playUnasked();
  }

  #walkingOf(parts: ConstructorParameters<typeof Walking>[0]): Walking {
    return new Walking(parts, {
      tellsDefences: () => this.challenging.aim === undefined,
      makeRoom: () => {
        this.asking.endTold();
        this.comparing.end();
      },
      command: (work) => this.#command(work),
      seek: (ms) => this.travel.seek(ms),
      onMoved: () => this.#onMoved(),
      redraw: () => this.redraw(),
    });
  }

  #comparingOf(parts: ConstructorParameters<typeof Comparing>[0]): Comparing {
    return new Comparing(parts, {
      makeRoom: () => {
        this.asking.endTold();
        this.#endAsked();
      },
      settle: () => this.#settle(),
    });
  }

  #askingOf(parts: ConstructorParameters<typeof Asking>[0]): Asking {
    return new Asking(parts, {
      makeRoom: () => this.#endAsked(),
      unselect: () => this.pictures.select(undefined),
      showAs: (node) => this.#showAs(node),
      lookAs: (node) => this.#lookAs(node),
      seek: (ms) => this.travel.seek(ms),
      command: (work) => this.#command(work),
      playUnasked: () => this.#playUnasked(),
      redraw: () => this.redraw(),
      settle: () => this.#settle(),
    });
  }

  /**
   * Opens another link instead of this run; what it changes of the same lab can be undone. At once, if all is there that its
   * run needs; else this run stays until that is loaded, unless yet another link is opened meanwhile.
   */
  async open(
    link: string,
    onOpen: () => void = () => {
      // Nobody waits for it.
    },
  ): Promise<void> {
    const awaited = { link, onOpen };
    this.#awaited = awaited;
    if (!this.#core.isReady(link)) {
      this.#await(awaited);
      const fault = await prepared(this.#core, link);
      if (this.#awaited !== awaited) return;
      if (fault) {
        this.tellNotLoaded(fault);
        return;
      }
      this.#setLoading(false);
    }
    this.#awaited = undefined;
    this.#openReady(link);
    onOpen();
  }

  /** Another link is to be opened once more is there than this run needs: until then this one stays as it is. */
  waitFor(link: string): void {
    const onOpen = () => {
      // Nobody waits for it.
    };
    this.#await({ link, onOpen });
  }

  /** What another link needs could not be loaded: this run stays. */
  tellNotLoaded(fault: Failure): void {
    this.#setLoading(false);
    this.notices.tell(fault);
  }

  /** A run that went on, or did what still waits, would write its own link over the one in the address. */
  #await(awaited: { link: string; onOpen: () => void }): void {
    this.#awaited = awaited;
    this.player.stop();
    this.#journey.end();
    this.#run.forgetWaiting();
    this.#setLoading(true);
  }

  /** Whether the address names something else than this run: another page, or a run that could not be loaded yet. */
  get #isElsewhere(): boolean {
    return this.#parked || this.#awaited?.link === this.#address.link;
  }

  /** Whether another link is opened as soon as all is loaded that its run needs. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  #setLoading(isLoading: boolean): void {
    this.#isLoading = isLoading;
    this.#changed();
  }

  /** Tries again to open the link whose parts could not be loaded. */
  async openAgain(): Promise<void> {
    if (this.#awaited) await this.open(this.#awaited.link, this.#awaited.onOpen);
    else this.notices.dismissFailure();
    if (this.#run.isWaiting) await this.#makeWhole();
  }

  /** The run goes on as it is: no other one comes that is being loaded, or could not be. */
  forgetAwaited(): void {
    if (!this.#awaited) return;
    this.#awaited = undefined;
    this.#setLoading(false);
    this.#dismissNotLoaded();
    if (!this.player.isGoing) this.#journey.begin();
  }

  #dismissNotLoaded(): void {
    const { failure } = this.notices;
    if (failure?.outcome === 'unloaded' || failure?.outcome === 'replaced') this.notices.dismissFailure();
  }

  #openReady(link: string): void {
    this.#isLoading = false;
    this.player.stop();
    this.player.forget();
    this.telling.forget();
    this.edits.forget();
    this.#journey.end();
    this.#endAsked();
    this.#address.noteBusy();
    this.#run.open(link, !this.#parked);
    if (this.#parked) this.#run.see(true);
    this.#parked = false;
    this.#ahead.hold(false);
    this.#run.attempt((run) => this.notices.read(run));
    this.#leaveUnknownView();
    this.#settle();
    this.#playUnasked();
  }

  /** The reader follows a link to see what comes of it: it plays from the moment that it names. */
  watchNext(): void {
    this.#isToBeWatched = true;
  }

  /** Finds out in idle time what the whole run will bring. */
  lookAhead(): void {
    this.#ahead.want();
  }

  /** Loads what is to be asked of the run. */
  load(asked: Asked): Promise<void> {
    return this.#core.load(asked);
  }

  /** Nothing is explained, compared or asked any more, and whoever still waits for that is too late. */
  #endAsked(): void {
    this.#wanted = {};
    this.walking.forget();
    this.asking.forget();
    this.comparing.forget();
  }

  /** Takes over what the run's link wants beside its run. */
  #adoptAsked(run: Run): void {
    this.comparing.asked = run.twin();
    this.asking.adopt(run);
    this.challenging.adopt(run);
  }

  /** Whoever loads what a reader asks for gets to know whether the reader still wants it once it is there. */
  want(): () => boolean {
    const wanted = {};
    this.#wanted = wanted;
    return () => this.#wanted === wanted;
  }

  /** Whether anybody sees the run: unseen it goes nowhere. */
  see(isSeen: boolean): void {
    this.player.see(isSeen);
    this.#journey.hold(!isSeen);
    this.#ahead.hold(!isSeen);
    this.#run.see(isSeen);
    this.walking.walk?.see(isSeen);
    this.comparing.twin?.see(isSeen);
    const isSeenAgain = isSeen && !this.#isSeen;
    this.#isSeen = isSeen;
    if (!isSeenAgain) return;
    if (this.#run.isResting) this.player.comeBack();
    this.#settle();
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
    this.#ahead.hold(true);
    this.edits.forget();
    this.#endAsked();
    this.#awaited = undefined;
    this.#isLoading = false;
    this.#parked = true;
    this.#run.forgetWaiting();
    this.#run.see(false);
  }

  /** The simulator, for whoever runs links beside the run. */
  get core(): Core {
    return this.#core;
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

  /**
   * What is known of the whole run, as it is and with each defence flipped; it comes once somebody looks ahead. No node can
   * know of it, and it would give a challenge away.
   */
  get outlook(): Outlook | undefined {
    return this.perspectiveName === undefined && !this.challenging.aim ? this.#readings.outlook : undefined;
  }

  /** Until when the time bar shows the run: to where its interest ends, unless the reader goes beyond. */
  get endMs(): number {
    const { shown_ms } = this.about;
    return this.timeMs > shown_ms ? this.state.end_ms : shown_ms;
  }

  /** Why the defences that are on help or do not, or what the reader may do next. */
  get next(): string {
    const { outlook } = this;
    if (!outlook) return '';
    if (outlook.said !== null) return outlook.said;
    if (this.playing || this.player.rests !== 'violation') return '';
    return this.#isMended(outlook) ? words.defences.next : words.defences.none;
  }

  /** Whether a switch keeps any check from breaking, or makes it break later; if that is not known, it may. */
  #isMended({ as_is, flipped }: Outlook): boolean {
    const broken = as_is?.checks ?? [];
    return flipped.some(
      ({ forecast: { checks } }) =>
        checks === null || broken.some((now, place) => brokenAt(now) < brokenAt(checks[place])),
    );
  }

  /** The name of the node in whose perspective the run is seen. */
  get perspectiveName(): string | undefined {
    const { perspective } = this.pictures.look;
    return this.about.nodes.find(({ id }) => id === perspective)?.name;
  }

  /** What the story's step points at in the pictures, in words. */
  get pointsAt(): string | undefined {
    const { look, selection } = this.pictures;
    const step = this.telling.story[this.telling.place];
    if (selection || !step) return undefined;
    if (step.message !== null) return step.message === look.light_message ? words.story.message : undefined;
    return this.about.nodes.find(({ id }) => id === step.node && id === look.light_node)?.name;
  }

  /** A verdict that turned at this very moment: nothing has happened since. No node can know of it. */
  get broken(): ShownVerdict | undefined {
    if (this.perspectiveName !== undefined) return undefined;
    const latest = this.state.log.at(-1)?.time_ms ?? 0;
    return this.state.verdicts.find(
      ({ state, at_ms }) => state === 'violated' && at_ms !== null && at_ms >= latest,
    );
  }

  /** What the time bar marks. No node can know of another run. */
  get marks(): Mark[] {
    const ofTwin = this.perspectiveName === undefined ? (this.comparing.twin?.marks ?? []) : [];
    return [...this.#readings.marks, ...ofTwin];
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

  get playing(): boolean {
    return this.player.playing;
  }

  get timeMs(): number {
    return this.#run.timeMs ?? this.state.time_ms;
  }

  /** The link that replays this run exactly, as a whole address. */
  get address(): string {
    return this.addressOf(this.link);
  }

  /** A link as a whole address. */
  addressOf(link: string): string {
    return new URL(link, window.location.href).href;
  }

  get link(): string {
    return this.#run.link;
  }

  /** The same run, opened at its start. */
  get linkFromStart(): string {
    return this.#run.attempt((run) => run.link_from_start()) ?? this.link;
  }

  /** The moment that the run is bound for, in milliseconds; where it is, once it is there. */
  get aimMs(): number {
    return this.#run.aimMs ?? this.timeMs;
  }

  /** Whether the run has been on its way for so long that a reader wants to know. */
  get isOnLongWay(): boolean {
    return this.#journey.isLong || this.player.isOnLongWay;
  }

  /** The digest of the trace so far: two runs with the same one did the same. */
  digest(): string {
    return this.#run.attempt((run) => run.digest()) ?? '';
  }

  /** The run's measurements so far. */
  series(): Series[] {
    return this.#later.ask((run) => run.series()) ?? [];
  }

  /** All rules of the published algorithm that it follows or modifies. */
  rules(): RuleGroup[] {
    return this.#later.ask((run) => run.rules()) ?? [];
  }

  /** What the reader chose for this device. */
  get choices(): Choices {
    return this.#device.choices;
  }

  /** Which view is shown: what the link asks for, or else what the reader chose last. */
  get view(): ShownViews {
    return shownOf(this.about, this.#view ?? this.choices.view);
  }

  // How it is shown.

  /** Takes over choices that the device is to remember. */
  choose(changed: Partial<Choices>): void {
    this.#device.choose(changed);
    if (changed.view !== undefined) {
      // A walk has pictures of its own, and so has what is told of an answer.
      if (this.walking.walk) this.walking.end();
      this.asking.endTold();
      this.#chooseView(changed.view);
    }
    if (changed.bent !== undefined) this.pictures.show({ bent: changed.bent });
    this.redraw();
  }

  setPalette(palette: Json<Palette>): void {
    if (this.pictures.setPalette(palette)) this.requestFrame();
  }

  /** Shows the run as a node sees it, or as it is: its words follow, too. */
  seeAs(node: string | null): void {
    this.fog.forget();
    // No node can know what explains a violation.
    if (node !== null && this.walking.walk) this.walking.end();
    if (node !== null) this.asking.endTold();
    this.#showAs(node);
  }

  /** Shows the run as a node sees it, or as it is, and reads what that tells. */
  #showAs(node: string | null): void {
    this.#lookAs(node);
    if (!this.asking.isSecret) this.#showLink();
    this.#readPast();
    this.#readState();
    this.requestFrame();
  }

  /** The same where all that is shown is read afterwards. */
  #lookAs(node: string | null): void {
    this.pictures.seeAs(node);
    // What broke in the fog stops nobody once it is lifted.
    if (node === null) this.#run.attempt((run) => this.player.guide.arrive(run, this.state.defences));
  }

  /** The pictures show something else: the page is to follow. */
  redraw(): void {
    this.#changed();
    this.requestFrame();
  }

  #playUnasked(): void {
    if (this.asking.isSecret) return;
    const isToBeWatched = this.#isToBeWatched;
    this.#isToBeWatched = false;
    if (!this.#autoplay || !this.choices.autoplay) return;
    const namesMoment = this.#run.attempt((run) => run.names_moment()) ?? true;
    if (isToBeWatched || !namesMoment) this.player.playUnasked();
  }

  /** A view that this lab has not stays in no link. */
  #leaveUnknownView(): void {
    const view = this.#view;
    if (view === undefined || shownOf(this.about, view) === view) return;
    const shown = shownOf(this.about, this.choices.view);
    this.#chooseView(shown);
    this.notices.problems.push(words.problems.noView(VIEWS[view].name, nameOf(shown)));
  }

  /** Other random numbers: another run, which plays as one that is opened does. */
  newSeed(): void {
    this.edits.newSeed();
    if (this.#autoplay && this.choices.autoplay) this.player.playUnasked();
  }

  #chooseView(view: ShownViews): void {
    this.#view = undefined;
    this.#run.attempt((run) => run.show_view(viewAlone(view)));
    this.#showLink();
  }

  #command(work: (run: Run) => void): void {
    this.edits.flush();
    this.telling.forget();
    this.player.rests = undefined;
    this.pictures.window.follows = true;
    this.#ahead.hold(false);
    this.#run.act(work);
    this.#settle();
    this.telling.relight();
    this.player.takeUp();
  }

  /** The picture and the words follow at once; marks, futures and the link when the control is let go. */
  #onMoved(): void {
    if (!this.player.isGoing) this.#journey.begin();
    this.#readState();
    this.#drawn();
  }

  #onPlay(): void {
    this.telling.forget();
    this.pictures.window.follows = true;
    this.telling.tellOn();
    this.#changed();
  }

  /** The run has come nearer to where it is bound for. The picture follows with the next frame: each has one picture at most. */
  #onNearer(): void {
    this.requestFrame();
    if (this.#readings.isStateDue) this.#readState();
  }

  #onArrival(): void {
    this.#settle();
    this.telling.light();
  }

  /** More is known of the whole run. */
  #onForetold(): void {
    this.telling.goToSought();
    this.#readState();
  }

  /** On the way to a step of the story it may rest before it has come there: then the moment that it is at is told. */
  #onPause(): void {
    if (this.player.rests !== 'goal') this.telling.forgetTold();
    this.#settle();
    this.telling.rest();
  }

  /** What is read of a playing run follows it as fast as a reader can. */
  #onFrame(isMoved: boolean): void {
    if (isMoved) this.#drawn();
    if (this.#readings.isStateDue) this.#readState();
    else if (this.#readings.isPastDue) this.#readPast();
  }

  #onAdopt(run: Run): void {
    const old = this.about;
    this.fog.forget();
    this.#endAsked();
    this.#readings.adopt(run);
    const isSame = isSameLab(old, this.about);
    if (!isSame) this.player.adoptLab();
    this.pictures.adopt(isSame, this.about);
    // Not of `run`: if that broke just now, another one stands in its place.
    this.#view = this.#run.attempt((present) => present.view());
    this.#run.attempt((present) => this.#adoptAsked(present));
  }

  #onBreak(): void {
    this.player.stop();
    this.#readPast();
    this.redraw();
  }

  /** A call held up the page: everything rests, so that the reader can do something about it. */
  #onHeldUp(ms: number): void {
    this.player.stop();
    this.#journey.end();
    this.#ahead.hold(true);
    this.#run.attempt((run) => run.stay());
    this.notices.problems = [words.problems.heldUp(Math.round(ms / 1000))];
    this.#settle();
  }

  /** Loads what it takes to do what waits. */
  async #makeWhole(): Promise<void> {
    await this.#core.makeWhole().catch((fault: unknown) => this.notices.tell(notLoaded(this.link, fault)));
  }

  /** What the reader did before all of the simulator was there has come to pass. */
  #onCaughtUp(): void {
    if (!this.#awaited) this.#dismissNotLoaded();
    this.#settle();
    this.telling.relight();
    this.player.takeUp();
  }

  /** All that waited for the rest of the simulator is asked again. */
  #onComplete(): void {
    this.#ahead.begin();
    this.pictures.show({});
    this.#readState();
    this.pictures.refresh();
    this.#changed();
    this.requestFrame();
  }

  /** After a command, or a pause: everything shown is made to agree with the run, as far as it has come. */
  #settle(): void {
    if (!this.player.isGoing) this.#journey.begin();
    this.walking.settle();
    this.asking.settle();
    this.#showLink();
    this.#readPast();
    this.#readState();
    this.requestFrame();
    this.#ahead.begin();
  }

  #showLink(): void {
    const link = this.#run.saveLink();
    // The address names another page, or what is being loaded.
    if (!this.#isLoading && !this.#parked) this.#address.show(link);
  }

  #readPast(): void {
    this.#run.attemptAwake((run) => this.#readings.readPast(run, this.endMs));
  }

  #readState(): void {
    const before = this.telling.place;
    this.#run.attemptAwake((run) => this.#readings.readState(run, this.playing));
    if (this.playing && this.telling.place !== before) this.telling.tellOn();
    this.pictures.refresh();
    this.#changed();
  }

  /** The pictures are painted anew with the next frame. */
  requestFrame(): void {
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

/** When a check breaks in a run. */
const brokenAt = (check: Foretold | undefined): number => check?.violated_ms ?? Infinity;

/** Whether the pictures can go on showing what they show. Documents need not have an id, so their nodes count too. */
function isSameLab(one: About, other: About): boolean {
  const nodes = (about: About) => JSON.stringify(about.nodes);
  return one.lab.id === other.lab.id && nodes(one) === nodes(other);
}
