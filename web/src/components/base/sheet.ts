/** A sheet over the page, which gives the focus back when it is closed. */
import type { LitElement } from 'lit';
import { emit } from './define.ts';

/** Of the `dialog` in an element: sends `focus-lost` from it where what had the focus is gone when the sheet is closed. */
export class Sheet {
  readonly #host: LitElement;
  #opener: Element | undefined;

  constructor(host: LitElement) {
    this.#host = host;
  }

  get isOpen(): boolean {
    return this.#dialog?.open ?? false;
  }

  open(): void {
    // What has the focus now gets it back: a key may have opened the sheet where nothing had it.
    if (document.activeElement === document.body) emit(this.#host, 'focus-lost', undefined);
    this.#opener = focused();
    this.#dialog?.showModal();
  }

  close(): void {
    this.#dialog?.close();
  }

  /** To be called when the dialog has been closed, by whatever. */
  closed(): void {
    if (!this.#opener?.checkVisibility()) emit(this.#host, 'focus-lost', undefined);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector('dialog');
  }
}

function focused(): Element | undefined {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at ?? undefined;
}
