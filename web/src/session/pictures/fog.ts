/** The fog of one node's perspective, and lifting it for a moment. */
import type { Pictures } from './pictures.ts';

/** Whose run it is. */
interface Owner {
  /** Whether what lies in the fog may not be told: a question is asked about it. */
  isSecret(): boolean;
  /** Shows the run as a node sees it, or as it is. */
  showAs(node: string | null): void;
}

export class Fog {
  readonly #pictures: Pictures;
  readonly #owner: Owner;
  /** Whose perspective the reader has lifted the fog of. */
  #lifted: string | undefined;
  /** Whether it stays lifted when no key is held. */
  #stays = false;

  constructor(pictures: Pictures, owner: Owner) {
    this.#pictures = pictures;
    this.#owner = owner;
  }

  /** Whether the true world is seen, and fog again afterwards. */
  get isLifted(): boolean {
    return this.#lifted !== undefined && this.#pictures.look.perspective === null;
  }

  /** The node in whose perspective the reader wants to see the run, also while the fog is lifted. */
  get seenBy(): string | null {
    return this.isLifted ? (this.#lifted ?? null) : this.#pictures.look.perspective;
  }

  /** Whether the reader may lift it: there is some, and no question is asked about what it hides. */
  get isThere(): boolean {
    return this.seenBy !== null && !this.#owner.isSecret();
  }

  /** The true world is seen, for as long as the reader holds a key. */
  lift(): void {
    const { perspective } = this.#pictures.look;
    if (perspective === null || this.#owner.isSecret()) return;
    this.#lifted = perspective;
    this.#owner.showAs(null);
  }

  /** The key is let go: the run is seen again as before, unless the reader wants the fog to stay lifted. */
  lower(): void {
    if (!this.#stays) this.#fall();
  }

  /** The true world is seen until the reader asks again. */
  toggle(): void {
    if (this.isLifted) {
      this.#fall();
      return;
    }
    this.lift();
    this.#stays = this.isLifted;
  }

  /** Nothing is lifted any more: another perspective is chosen, or another run is there. */
  forget(): void {
    this.#lifted = undefined;
    this.#stays = false;
  }

  #fall(): void {
    const node = this.isLifted ? this.#lifted : undefined;
    this.forget();
    if (node !== undefined) this.#owner.showAs(node);
  }
}
