/** The reader's challenge: to break the system with the fewest faults, or to save it with the fewest defences. The simulator judges. */
import type { Contest, Run } from '../../core/index.ts';
import type { GuardedRun } from '../run/guarded-run.ts';

/** What is to be done. */
export type Aim = 'break' | 'save';

/** Whose run it is. */
interface Owner {
  /** Everything shown is to agree with the run. */
  settle(): void;
  /** Opens another link instead. */
  open(link: string): void;
}

export class Challenging {
  /** What the reader is challenged to, as long as nothing may be told that gives it away. */
  aim: Aim | undefined;
  /** How many faults, or defences, it took whoever made the link. */
  toBeat: number | undefined;

  readonly #run: GuardedRun;
  readonly #owner: Owner;

  constructor(run: GuardedRun, owner: Owner) {
    this.#run = run;
    this.#owner = owner;
  }

  /** Takes over what the run's link challenges to. */
  adopt(run: Run): void {
    const [aim, toBeat] = run.challenge()?.split('-') ?? [];
    this.aim = aim === 'break' || aim === 'save' ? aim : undefined;
    this.toBeat = toBeat === undefined ? undefined : Number(toBeat);
  }

  /** Begins a challenge, once that is loaded. */
  begin(aim: Aim): void {
    const link = this.linkOf(aim);
    if (link !== undefined) this.#owner.open(link);
  }

  /** The run is seen as any other. */
  end(): void {
    this.aim = undefined;
    this.#run.attempt((run) => run.show_challenge(undefined));
    this.#owner.settle();
  }

  /** How far it is met, once what judges it is loaded; nothing if there is no challenge. */
  contest(): Contest | undefined {
    const { aim } = this;
    if (!aim) return undefined;
    return this.#run.attemptAwake((run) => run.contest(aim)) ?? undefined;
  }

  /** What is to be broken, or kept. */
  claims() {
    return this.#run.attemptAwake((run) => run.challenge_claims()) ?? [];
  }

  /** The link of a challenge as it begins, which tells how many somebody needed. */
  linkOf(aim: Aim, score?: number): string | undefined {
    const challenge = score === undefined ? aim : `${aim}-${score}`;
    return this.#run.attempt((run) => run.challenge_link(challenge));
  }
}
