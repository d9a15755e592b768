/** The reader's question: that it is wanted, that nothing is told meanwhile, and what ends it. */
import type { Run } from '../../core/index.ts';
import type { Parts } from '../parts.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import type { Guess, GuessOwner } from './guess.ts';

/** That the reader is to be asked first. */
export interface AskedGuess {
  /** `first`, or how whoever shared the link guessed. */
  score: string;
  /** Whether another run is to be dealt. */
  isFresh: boolean;
}

const FIRST = 'first';

/** Whose run it is. */
interface Owner {
  /** Nothing that a reader asked for stands in the place of the pictures. */
  makeRoom(): void;
  /** Nothing is picked in the pictures. */
  unselect(): void;
  /** Shows the run as a node sees it, or as it is. */
  showAs(node: string | null): void;
  /** The same where all that is shown is read afterwards. */
  lookAs(node: string | null): void;
  seek(ms: number): void;
  /** Changes the run, and shows what came of that. */
  command(work: (run: Run) => void): void;
  /** The run is shown as one that was just opened. */
  playUnasked(): void;
  redraw(): void;
  /** Everything shown is to agree with the run. */
  settle(): void;
}

export class Asking {
  /** What the reader is asked before it is told. */
  guess: Guess | undefined;
  /** That the reader is to be asked first, as the link or the reader wants, until somebody sees to that. */
  asked: AskedGuess | undefined;

  readonly #parts: Parts;
  readonly #owner: Owner;

  constructor(parts: Parts, owner: Owner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Takes over whether the run's link wants its reader to be asked. */
  adopt(run: Run): void {
    const score = run.guess();
    this.asked = score === undefined ? undefined : { score, isFresh: false };
  }

  /** Whether nothing may be told: the reader is being asked, or is about to be. */
  get isSecret(): boolean {
    return this.asked !== undefined || this.guess?.isSecret === true;
  }

  /** The reader wants to be asked: from now on nothing is told. What was seen of this run is no secret, so another one is dealt. */
  askFirst(): void {
    this.#parts.player.stop();
    this.asked = { score: FIRST, isFresh: true };
    // Another run has other events under the same numbers.
    this.#owner.unselect();
    this.#owner.redraw();
  }

  /** Where there is no room for questions, the run is shown as any other. */
  askNothing(): void {
    if (!this.asked) return;
    this.asked = undefined;
    this.#owner.playUnasked();
    this.#owner.redraw();
  }

  /** Begins to ask, once that is loaded. */
  begin(begin: (asked: string, run: GuardedRun, owner: GuessOwner) => Guess): void {
    const { asked } = this;
    if (!asked) return;
    const { run, player } = this.#parts;
    const { score, isFresh } = asked;
    player.stop();
    this.#owner.makeRoom();
    const owner = this.#ownerOfGuess();
    // Until it asks: whoever sees to what is wanted has begun to.
    this.asked = asked;
    if (isFresh) owner.deal();
    run.attempt((own) => own.show_guess(score));
    this.guess = begin(score, run, owner);
    this.asked = undefined;
    this.#owner.settle();
  }

  #ownerOfGuess(): GuessOwner {
    const { core, player } = this.#parts;
    return {
      core,
      show: (ms, node) => {
        if (ms === undefined) {
          this.#owner.showAs(node);
          return;
        }
        // A run that went on would go beyond what is asked.
        player.stop();
        this.#owner.lookAs(node);
        this.#owner.seek(ms);
      },
      deal: () => {
        player.stop();
        this.#owner.command((run) => run.deal(core.freshSeed()));
      },
      onTold: () => this.#owner.redraw(),
    };
  }

  /** Nothing is asked any more: the run is seen as it is. */
  end(): void {
    const { guess } = this;
    this.forget();
    this.#parts.run.attempt((run) => run.show_guess(undefined));
    // What was not asked yet is as its link has it.
    if (guess) this.#owner.lookAs(null);
    else this.#owner.playUnasked();
    this.#owner.settle();
  }

  /** What is told of an answer makes room for what the reader wants to see. */
  endTold(): void {
    if (this.guess && !this.isSecret) this.end();
  }

  /** Ends with what is shown. */
  forget(): void {
    const { guess } = this;
    this.guess = undefined;
    this.asked = undefined;
    guess?.end();
  }

  /** Ends if what is told is of another run; while it is asked, another one may be dealt. */
  settle(): void {
    const { guess } = this;
    if (guess && !guess.isOpen && this.#parts.run.attempt((run) => guess.isOf(run)) !== true) this.end();
  }

  /** The link of this run from its start, which asks first, and tells a score. */
  linkOfScore(score: string): string {
    const { run } = this.#parts;
    const link = run.attempt((own) => {
      own.show_guess(score);
      const shared = own.link_from_start();
      own.show_guess(FIRST);
      return shared;
    });
    return link ?? run.link;
  }
}
