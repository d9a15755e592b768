/** A sheet over the page, which gives the focus back when it is closed. */
import type { LitElement, ReactiveController } from 'lit';
import { emit } from './define.ts';

/** Those that were opened, and may be closed by now. */
const opened = new Set<Sheet>();

/** Whether a sheet lies over the page: then no key is for what is below it, wherever the focus is. */
export function isAnySheetOpen(): boolean {
  return [...opened].some((sheet) => sheet.isOpen);
}

/** Of the `dialog` in an element: sends `focus-lost` from it where what had the focus is gone when the sheet is closed. */
export class Sheet implements ReactiveController {
  readonly #host: LitElement;
  #opener: Element | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    opened.delete(this);
  }

  get isOpen(): boolean {
    return this.#host.isConnected && (this.#dialog?.open ?? false);
  }

  open(): void {
    // What has the focus now gets it back: a key may have opened the sheet where nothing had it.
    if (document.activeElement === document.body) emit(this.#host, 'focus-lost', undefined);
    this.#opener = focused();
    this.#dialog?.showModal();
    opened.add(this);
  }

  close(): void {
    this.#dialog?.close();
  }

  /** To be called when the dialog has been closed, by whatever. */
  closed(): void {
    opened.delete(this);
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
