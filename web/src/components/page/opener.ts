/** What a reader pressed for something that then stood in the place of the pictures: there the reader goes on once that is gone. */
import { LitElement } from 'lit';

/** The requests for what stands in the place of the pictures. */
export const OPENING = ['explain', 'compare'] as const;

export class Opener {
  readonly #host: LitElement;
  readonly #button: HTMLElement | undefined;

  /** Whoever sent a request; nothing if that stood in the place of the pictures itself, and is gone with it. */
  static of(event: Event): Opener | undefined {
    const [host] = event.composedPath();
    return host instanceof LitElement && !host.matches('.picture') ? new Opener(host) : undefined;
  }

  private constructor(host: LitElement) {
    this.#host = host;
    const focused = host.shadowRoot?.activeElement;
    this.#button = focused instanceof HTMLElement ? focused : undefined;
  }

  /** Gives the focus back to what was pressed, or to what has come in its place. Answers whether that could be done. */
  async focus(): Promise<boolean> {
    // What it shows follows the run, and may take away what was pressed.
    await this.#host.updateComplete;
    const button = this.#button;
    (button?.isConnected && button.checkVisibility() ? button : this.#host).focus();
    return this.#host.shadowRoot?.activeElement !== null;
  }
}
