/** The story: which of its steps is told, and how the run comes to the moment of one. */
import type { StoryStep } from '../../core/index.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { lightOf } from '../pictures/selection.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import type { Readings } from '../run/readings.ts';
import { placeOf } from './guide.ts';
import type { Player } from './player.ts';

interface Parts {
  run: GuardedRun;
  readings: Readings;
  player: Player;
  pictures: Pictures;
}

/** Whose run it is. */
interface Owner {
  /** Whether the run is where it is shown to end. */
  isAtEnd(): boolean;
  /** Whether nothing may be told: the reader is being asked, or challenged. */
  isSilent(): boolean;
  /** Wants to know of the whole run ahead; `goToSought` is to be called as more of it is known. */
  lookAhead(): void;
  seek(ms: number): void;
  /** Another step is told. */
  onTold(): void;
}

export class Telling {
  /** The step that the reader asked for, from 0, until the run goes elsewhere. */
  #told: number | undefined;
  /** The step that the reader asked for, as long as it is not known when it happens. */
  #sought: number | undefined;
  /** When the step that is told happens, while the run is on its way there. */
  #comingMs: number | undefined;

  readonly #parts: Parts;
  readonly #owner: Owner;

  constructor(parts: Parts, owner: Owner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** The story, as far as its moments have come. */
  get story(): StoryStep[] {
    return this.#parts.readings.story;
  }

  /** The step that is told, from 0: what the reader asked for, also on the way there, or what has happened last. */
  get place(): number {
    return this.#told ?? placeOf(this.story, this.#owner.isAtEnd());
  }

  /** Whether the step that the reader asked for does not happen in this run. */
  get isNever(): boolean {
    if (this.#sought !== undefined) return false;
    const step = this.story[this.place];
    if (step?.is_instead) return false;
    if (step?.is_never) return true;
    return this.#told !== undefined && step?.at_ms === null && !this.#parts.player.playing;
  }

  /** Whether what is told has not happened yet: when it will, in milliseconds, or null as long as nobody knows. */
  get coming(): number | null | undefined {
    if (this.#sought !== undefined) return null;
    const hasCome = this.story[this.place]?.at_ms !== null;
    return hasCome || this.#told === undefined || !this.#parts.player.playing ? undefined : this.#comingMs;
  }

  /** Tells a step of the story, from 0: plays on to its moment, or goes back to it, and rests there. */
  tell(place: number): void {
    this.#parts.player.pause();
    this.#told = place;
    this.#sought = place;
    this.goToSought();
    this.#owner.onTold();
  }

  /** Goes to the step that is sought, once it is known when that is. */
  goToSought(): void {
    const { run: guarded, player } = this.#parts;
    const place = this.#sought;
    if (place === undefined) return;
    if (guarded.attempt((run) => run.is_step_known(place)) === false) {
      this.#owner.lookAhead();
      return;
    }
    const now = guarded.attempt((run) => run.time_ms()) ?? 0;
    const comes = guarded.attempt((run) => run.step_ms(place));
    const moment = comes ?? now;
    this.#sought = undefined;
    this.#comingMs = comes;
    if (moment > now && player.glides) player.playTo(moment);
    else this.#goThere(moment);
    this.#told = place;
    this.light();
    this.#owner.onTold();
  }

  /** Rests at the moment of a step as if the run had played to it. */
  #goThere(ms: number): void {
    this.#owner.seek(ms);
    this.#parts.player.rests = 'goal';
  }

  /** Lights what the step is about that a resting run tells: one that the reader asked for, or where it rests by itself. */
  light(): void {
    const { player, pictures } = this.#parts;
    const rests = player.rests !== undefined && !pictures.selection;
    if (player.playing || this.#owner.isSilent() || (this.#told === undefined && !rests)) return;
    const step = this.story[this.place];
    if (step) pictures.light(lightOf(step));
  }

  /** The run is another one: what the story had lit goes out, unless the step that is told there lights it again. */
  relight(): void {
    const { pictures } = this.#parts;
    const { light_node, light_message } = pictures.look;
    if (pictures.selection || (light_node === null && light_message === null)) return;
    const step = this.#owner.isSilent() ? undefined : this.story[this.place];
    pictures.light(step && lightOf(step));
  }

  /** The playing run has come to another step. */
  tellOn(): void {
    const { player, pictures } = this.#parts;
    const step = this.story[this.place];
    if (!step || this.#owner.isSilent()) return;
    player.guide.tells(step.markdown);
    if (!pictures.selection) pictures.light(lightOf(step));
  }

  /** The run rests: what is told there is lit, and may be read for as long as the reader likes. */
  rest(): void {
    this.light();
    const step = this.#owner.isSilent() ? undefined : this.story[this.place];
    if (step) this.#parts.player.guide.tells(step.markdown);
  }

  /** The run goes elsewhere: it tells where it is. */
  forget(): void {
    this.#told = undefined;
    this.#sought = undefined;
  }

  /** The run rests before it has come to what was asked for: it tells where it is, and may still go there. */
  forgetTold(): void {
    this.#told = undefined;
  }
}
