/** What a reader is told of the link and of the simulator, until it is dismissed. */
import type { Run } from '../../core/index.ts';
import type { Failure } from './failure.ts';
import type { GuardedRun } from './guarded-run.ts';

export class Notices {
  /** What could not be used of a link or a value, in sentences. */
  problems: string[] = [];
  /** Why the run may differ from the one that the link's author saw. */
  revision: string[] = [];

  readonly #run: GuardedRun;
  readonly #onChange: () => void;

  constructor(run: GuardedRun, onChange: () => void) {
    this.#run = run;
    this.#onChange = onChange;
  }

  /** How the simulator broke, if it did. */
  get failure(): Failure | undefined {
    return this.#run.failure;
  }

  /** A link could not be opened: the run goes on as it is. */
  tell(failure: Failure): void {
    this.#run.failure = failure;
    this.#onChange();
  }

  /** A link was opened: what is to be said of it. */
  read(run: Run): void {
    this.problems = run.problems();
    this.revision = run.revision_note();
  }

  /** What the simulator refuses is the reader's to mend, and no fault. */
  refuse(refusal: string): void {
    this.problems = [refusal];
  }

  /** Something could not be done that has nothing to do with the run. */
  tellProblem(problem: string): void {
    this.problems = [problem];
    this.#onChange();
  }

  dismissProblems(): void {
    this.problems = [];
    this.#onChange();
  }

  dismissRevision(): void {
    this.revision = [];
    this.#onChange();
  }

  dismissFailure(): void {
    this.#run.failure = undefined;
    this.#onChange();
  }
}
