/** Plays a run: whether it goes on, and how fast. */
import type { Run } from '../../core/index.ts';
import { FrameLoop } from './frame-loop.ts';
import { Guide, type Rest } from './guide.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import { LONG_MS } from '../run/journey.ts';
import { Motion } from './motion.ts';
import type { Readings } from '../run/readings.ts';
import type { Device } from '../choices.ts';
import { clampSpeed, faster, slower } from './speed.ts';

/** How much of each frame a run may take where it cannot keep the pace that the reader wants. */
const SLICE_MS = 12;
/** A frame that leads further than so long a time of the reader's leaps. */
const LEAP_MS = 1000;

/** Who is told of what the player does. */
interface Owner {
  onPlay(): void;
  /** From now on it takes the run on with each frame. */
  onGo(): void;
  onPause(): void;
  /** A frame has passed; the run may stand where it stood. */
  onFrame(isMoved: boolean): void;
  onSpeed(): void;
}

export class Player {
  playing = false;
  /** Why it rests by itself, if it does. */
  rests: Rest | undefined;
  readonly guide = new Guide();
  /** In virtual seconds per real second. */
  speed: number;

  readonly #run: GuardedRun;
  readonly #readings: Readings;
  readonly #device: Device;
  readonly #owner: Owner;
  readonly #motion: Motion;
  /** Whether the run was brought elsewhere, and is not known to be there yet. */
  #isBrought = false;
  /** Where the run set out last, by itself or brought elsewhere, in virtual milliseconds. */
  #fromMs = 0;
  /** Since when it has been on its way to where it was brought, or leaps; nothing once it is there. */
  #wayBegunAt: number | undefined;
  #isHeld = false;
  #isSeen = true;
  readonly #loop = new FrameLoop((elapsedMs) => this.#onFrame(elapsedMs));

  constructor(run: GuardedRun, readings: Readings, device: Device, owner: Owner) {
    this.#run = run;
    this.#readings = readings;
    this.#device = device;
    this.#owner = owner;
    this.#motion = new Motion(device);
    this.speed = this.#speedOfLab();
  }

  play(): void {
    if (this.playing || this.#run.isLost) return;
    if (this.#isAtEnd) this.#run.attempt((run) => run.restart());
    this.#setOut();
    this.#go();
  }

  /** The run was brought elsewhere, or is another one. It may still be on its way there. */
  takeUp(): void {
    if (this.playing) this.#setOut();
  }

  /** The run rested unseen: it is built again, and where that takes long it is on its way back to where it was. */
  comeBack(): void {
    this.#run.attempt((run) => (this.#fromMs = run.aim_ms()));
  }

  /** Whether a reader watches it: it plays, or rests by itself. */
  get isWatched(): boolean {
    return this.playing || this.rests !== undefined;
  }

  /** A switch was flipped, to see what comes of it: plays, and stops at what is violated, as if for the first time. */
  watchAnew(): void {
    this.guide.watchAnew(this.#readings.state.defences);
    this.play();
  }

  /** The reader tries something out while it plays: what comes of that stops nobody. */
  letGo(): void {
    if (this.playing) this.guide.letGo(this.#readings.state.defences);
  }

  /** Another run is watched: nobody has been stopped by anything in it. */
  forget(): void {
    this.rests = undefined;
    this.guide.forget();
  }

  /** Plays without being asked, unless that would set things in motion for somebody who wants none. */
  playUnasked(): void {
    if (this.glides) this.play();
  }

  /** Whether the run may glide from one moment to another. */
  get glides(): boolean {
    return !this.#motion.isReduced;
  }

  /** Plays to a moment that is still to come, and rests there. */
  playTo(ms: number): void {
    this.play();
    this.#run.attempt((run) => this.guide.headFor(ms, run, this.speed));
  }

  #setOut(): void {
    this.guide.setOut();
    this.#wayBegunAt = performance.now();
    this.#isBrought = true;
    this.#run.attempt((run) => {
      this.#fromMs = run.aim_ms();
      if (!run.is_on_its_way()) this.#arrive(run);
    });
  }

  #arrive(run: Run): void {
    if (this.#isBrought) this.guide.arrive(run, this.#readings.state.defences);
    this.#isBrought = false;
    this.#wayBegunAt = undefined;
  }

  #go(): void {
    this.rests = undefined;
    this.playing = true;
    this.#motion.begin();
    this.#start();
    this.#owner.onPlay();
  }

  #start(): void {
    if (this.#isHeld || !this.#isSeen) return;
    this.#loop.start();
    this.#owner.onGo();
  }

  pause(): void {
    if (!this.playing) return;
    this.stop();
    this.#owner.onPause();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Pauses without a word: for an owner that knows. */
  stop(): void {
    this.#loop.stop();
    this.playing = false;
  }

  /** Whether it takes the run on with each frame. It does not while a run that plays is held. */
  get isGoing(): boolean {
    return this.#loop.isRunning;
  }

  /** Whether it has been on its way for longer than a reader waits without a word. */
  get isOnLongWay(): boolean {
    return (
      this.isGoing && this.#wayBegunAt !== undefined && performance.now() - this.#wayBegunAt >= LONG_MS
    );
  }

  /** Keeps the run where it is while the reader drags through time; it plays on after `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#loop.stop();
  }

  release(): void {
    this.#isHeld = false;
    if (this.playing) this.#start();
  }

  /** Whether anybody sees the run: one that plays unseen stays where it is, and costs nothing. */
  see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (!isSeen) this.#loop.stop();
    else if (this.playing) this.#start();
  }

  setSpeed(speed: number): void {
    this.speed = clampSpeed(speed);
    const { speeds } = this.#device.choices;
    this.#device.choose({ speeds: { ...speeds, [this.#readings.about.lab.id]: this.speed } });
    this.#owner.onSpeed();
  }

  faster(): void {
    this.setSpeed(faster(this.speed));
  }

  slower(): void {
    this.setSpeed(slower(this.speed));
  }

  /** Another lab is read: it has a speed of its own, unless the reader chose one for it. */
  adoptLab(): void {
    this.guide.forget();
    this.speed = this.#speedOfLab();
  }

  #speedOfLab(): number {
    const { lab, default_speed } = this.#readings.about;
    return clampSpeed(this.#device.choices.speeds[lab.id] ?? default_speed);
  }

  get #isAtEnd(): boolean {
    return this.#run.attempt((run) => run.time_ms() >= run.end_ms()) ?? false;
  }

  /** Brings a run that has just gone beyond what its lab is about back to there, and answers whether it has. */
  #restAtShown(): boolean {
    const { shown_ms } = this.#readings.about;
    const crosses = (run: Run) => this.#fromMs < shown_ms && run.time_ms() >= shown_ms;
    if (this.#run.attempt(crosses) !== true || this.#isAtEnd) return false;
    this.#run.attemptNow((run) => run.seek(shown_ms));
    return true;
  }

  #onFrame(elapsedMs: number): void {
    const isMoved = this.#run.attemptNow((run) => this.#moveOn(run, elapsedMs)) ?? false;
    if (this.#run.goOn(SLICE_MS) === false) {
      this.#owner.onFrame(isMoved);
      return;
    }
    this.#run.attemptNow((run) => this.#arrive(run));
    const isHeldBack =
      this.#run.attemptNow((run) => this.guide.holdsBack(run, this.#readings.story, this.#fromMs)) ?? false;
    if (!isHeldBack) this.#rest();
    // Both may have brought it back.
    this.#run.goOn(SLICE_MS);
    this.#owner.onFrame(isMoved);
    if (this.rests !== undefined) this.pause();
  }

  /** Brings a run back to where it is to rest, if it has gone beyond. */
  #rest(): void {
    const { defences } = this.#readings.state;
    this.rests = this.#run.attemptNow((run) => this.guide.rest(run, defences));
    if (this.rests === undefined && (this.#restAtShown() || this.#isAtEnd)) this.rests = 'end';
  }

  /** Sets out for where the frame leads, and answers whether there is something else to see. */
  #moveOn(run: Run, elapsedMs: number): boolean {
    const { about, state, story } = this.#readings;
    const speed = this.guide.speed(elapsedMs, this.speed, run, story);
    const isRead = this.guide.isRead;
    // A run that is not yet where it is bound for goes no further.
    if (run.is_on_its_way()) return true;
    this.#fromMs = run.time_ms();
    const isMoved = this.#motion.goOn(run, {
      elapsedMs,
      speed,
      isRead,
      labSpeed: about.default_speed,
      state,
    });
    if (run.aim_ms() - this.#fromMs > speed * LEAP_MS) this.#wayBegunAt = performance.now();
    return isMoved;
  }
}
