/** Keeps the focus where the reader works: the button that has it may be moved, or gone, with the next update. */
import type { LitElement, ReactiveController } from 'lit';
import { emit } from './define.ts';

/** Sends `focus-lost` from its element where nothing in it is left to work with. */
export class KeepsFocus implements ReactiveController {
  readonly #host: LitElement;
  /** Which of the element's controls has the focus. */
  #focused: HTMLElement | undefined;
  #place = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { shadowRoot } = this.#host;
    this.#focused = this.#controls.find((control) => control === shadowRoot?.activeElement);
    if (this.#focused) this.#place = this.#controls.indexOf(this.#focused);
  }

  /**
   * Where the control is gone, or cannot be used any more, the next one has come to its place. Of one that is disabled
   * the browser takes the focus later.
   */
  hostUpdated(): void {
    const active = this.#host.shadowRoot?.activeElement;
    if (!this.#focused || (active && !active.matches(':disabled'))) return;
    const controls = this.#controls;
    const isLeft = controls.includes(this.#focused);
    const next = isLeft ? this.#focused : (controls[this.#place] ?? controls.at(-1));
    if (next) next.focus();
    else emit(this.#host, 'focus-lost', undefined);
  }

  get #controls(): HTMLElement[] {
    return [
      ...(this.#host.shadowRoot?.querySelectorAll<HTMLElement>('button:enabled, input:enabled') ?? []),
    ];
  }
}
