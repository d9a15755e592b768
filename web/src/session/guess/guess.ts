/**
 * What a reader is asked before it is told. The run stops at a moment and is seen as one node sees it; what is true of it stays in
 * the simulator until the question is answered.
 */
import type {
  Core,
  Guess as Questions,
  GuessQuestion,
  GuessSubject,
  GuessTruth,
  Run,
} from '../../core/index.ts';
import type { GuardedRun } from '../run/guarded-run.ts';
import { whenIdle } from '../when-idle.ts';
import { count } from './score.ts';

/** How many events are played at a time to find what can be asked. */
const SLICE = 500;
/** For so long it works at a time. */
const WORK_MS = 10;
/** How long a busy page may put it off. */
const PATIENCE_MS = 300;

/** Whose run it is. */
export interface GuessOwner {
  readonly core: Core;
  /** Takes the run to a moment, as a node sees it, or as it is. */
  show(ms: number | undefined, node: string | null): void;
  /** Deals another run. */
  deal(): void;
  /** Something else is to be shown. */
  onTold(): void;
}

export class Guess {
  /** What is asked; nothing while that is sought, or if nothing can be. */
  question: GuessQuestion | undefined;
  /** What is true, once it is answered. */
  truth: GuessTruth | undefined;
  /** What the reader answered, by its place. */
  choice: number | undefined;
  /** Whether the answer counts: a question that was answered on this device before counts no more. */
  isCounted = true;
  /** Whether nothing can be asked about the run. */
  isEmpty = false;
  /** How whoever shared the link guessed: right ones, and all. */
  readonly challenge: [string, string] | undefined;

  readonly #run: GuardedRun;
  readonly #owner: GuessOwner;
  #questions: Questions | undefined;
  #place = 0;
  /** How many questions there are, once that is known. */
  #count = 0;
  #isOver = false;

  constructor(asked: string | undefined, run: GuardedRun, owner: GuessOwner) {
    const [right, of] = asked?.split('of') ?? [];
    this.challenge = right !== undefined && of !== undefined ? [right, of] : undefined;
    this.#run = run;
    this.#owner = owner;
    this.begin();
  }

  /** Whether the question is still to be answered, or is sought. */
  get isOpen(): boolean {
    return !this.#isOver && this.truth === undefined;
  }

  /** Whether nothing may be told of the run, beside what was answered: another question may be about it. */
  get isSecret(): boolean {
    return !this.#isOver && (this.truth === undefined || this.hasNext);
  }

  /** Whether the run has come to the moment that is asked about: on its way there, its pictures show another one. */
  get isThere(): boolean {
    const at = this.question?.at_ms;
    if (at === undefined) return false;
    return this.#run.attemptAwake((run) => !run.is_on_its_way() && run.time_ms() >= at) ?? false;
  }

  /** The message that is asked about, once the run has come to where it was sent. */
  get subject(): GuessSubject | undefined {
    return this.#attempt((questions, run) => questions.subject(this.#place, run)) ?? undefined;
  }

  get hasNext(): boolean {
    return this.#place + 1 < this.#count;
  }

  /** Looks for what can be asked of the run as it is. */
  begin(): void {
    this.#giveBack();
    this.#forget();
    [this.#place, this.#count] = [0, 0];
    const questions = this.#run.attemptAwake((run) => run.guesses());
    this.#questions = questions && this.#owner.core.keep(questions);
    this.#seek();
  }

  answer(choice: number): void {
    const { question } = this;
    if (!question || this.truth || !this.isThere || choice < 0 || choice >= question.options.length) return;
    this.choice = choice;
    this.truth = this.#attempt((questions, run) => questions.truth(this.#place, run)) ?? undefined;
    if (!this.truth) return;
    const { right, events } = this.truth;
    this.isCounted = count(question.mark, right === choice);
    this.#owner.show(undefined, null);
    this.#light(events);
    this.#owner.onTold();
  }

  next(): void {
    this.#place += 1;
    this.#ask();
  }

  another(): void {
    this.#forget();
    this.#owner.deal();
    this.begin();
  }

  /** Whether the run is still the one that is asked about. */
  isOf(run: Run): boolean {
    return this.#kept?.is_of(run) ?? false;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#giveBack();
  }

  #light(events: number[]): void {
    this.#run.attemptAwake((run) => run.light(Uint32Array.from(events), events.at(-1)));
  }

  get #kept(): Questions | undefined {
    return this.#questions && this.#owner.core.keeps(this.#questions) ? this.#questions : undefined;
  }

  #attempt<T>(work: (questions: Questions, run: Run) => T): T | undefined {
    return this.#run.attemptAwake((run) => this.#kept && work(this.#kept, run));
  }

  #giveBack(): void {
    if (this.#questions) this.#owner.core.close(this.#questions);
    this.#questions = undefined;
  }

  /** Nothing is asked, and nothing is lit. */
  #forget(): void {
    if (this.question) this.#light([]);
    this.question = undefined;
    this.truth = undefined;
    this.choice = undefined;
    this.isEmpty = false;
  }

  #seek(): void {
    const sought = this.#questions;
    whenIdle(() => {
      if (this.#isOver || sought !== this.#questions) return;
      const until = performance.now() + WORK_MS;
      let isKnown: boolean | undefined;
      do isKnown = this.#attempt((questions) => questions.go_on(SLICE));
      while (isKnown === false && performance.now() < until);
      if (isKnown === false) {
        this.#seek();
        return;
      }
      this.#count = this.#attempt((questions) => questions.count()) ?? 0;
      this.#ask();
    }, PATIENCE_MS);
  }

  #ask(): void {
    this.#forget();
    this.question = this.#attempt((questions, run) => questions.question(this.#place, run)) ?? undefined;
    this.isEmpty = this.question === undefined;
    if (this.question) {
      const { about, at_ms, node } = this.question;
      // Whoever sent it knows of it, and knows nothing of its way: that is how its perspective draws it.
      if (about !== null) this.#light([about]);
      this.#owner.show(at_ms, node);
    }
    this.#owner.onTold();
  }
}
