/** The reader's comparison: what sets another run beside this one, and what takes it away. */
import type { Run } from '../../core/index.ts';
import type { Parts } from '../parts.ts';
import type { Followed, Twin, TwinParts } from './twin.ts';

/** What a comparison takes beside. */
interface BesideParts extends Parts {
  /** Opens a run as the session opens its own. */
  open: (link: string) => Run;
  /** What the twin follows. */
  session: Followed;
}

/** Whose run it is. */
interface Owner {
  /** Nothing else that a reader asked for stands in the place of the pictures. */
  makeRoom(): void;
  /** Everything shown is to agree with the run. */
  settle(): void;
}

export class Comparing {
  /** The same run with a defence or a deed flipped, while that is beside this one. */
  twin: Twin | undefined;
  /** The defence or deed that is to be flipped in a run beside this one, as the link asks, until somebody sees to that. */
  asked: string | undefined;

  readonly #parts: BesideParts;
  readonly #owner: Owner;

  constructor(parts: BesideParts, owner: Owner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Sets another run beside this one. */
  begin(beside: (parts: TwinParts) => Twin | undefined): void {
    const { core, run, open, session } = this.#parts;
    this.#owner.makeRoom();
    this.twin = beside({ core, open, session, own: run, remove: () => this.end() });
    const { twin } = this;
    if (!twin) {
      this.end();
      return;
    }
    run.attempt((own) => own.show_twin(twin.flipped));
    this.#owner.settle();
  }

  /** The run stands alone, and its link says so: also where the run was just built again from one that asks for another. */
  end(): void {
    this.#parts.run.attempt((run) => run.show_twin(undefined));
    this.forget();
    this.#owner.settle();
  }

  /** Ends with what is shown. */
  forget(): void {
    const { twin } = this;
    this.twin = undefined;
    this.asked = undefined;
    twin?.end();
  }
}
