/** The part of the address bar that holds the run: everything from `#` on. */

/** Browsers refuse a page that rewrites its address many times a second. */
const MIN_INTERVAL_MS = 400;

export class Address {
  #pending: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written: string | undefined;
  #writtenAt = -Infinity;

  /** `onVisit` hears of links that somebody else put there: a reader, or a link on the page. */
  constructor(onVisit: (link: string) => void) {
    window.addEventListener('hashchange', () => {
      if (this.link === this.#written) return;
      this.#forgetPending();
      onVisit(this.link);
    });
    window.addEventListener('pagehide', () => this.#flush());
  }

  get link(): string {
    return window.location.hash;
  }

  /** Shows `link`, soon: a burst of writes becomes its first and its last. */
  show(link: string): void {
    this.#pending = link;
    if (this.#timer !== undefined) return;
    const wait = this.#writtenAt + MIN_INTERVAL_MS - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    const link = this.#pending;
    this.#forgetPending();
    if (link === undefined || link === this.link) return;
    window.history.replaceState(window.history.state, '', link);
    // As the browser spells it, which may differ in what it escapes.
    this.#written = this.link;
    this.#writtenAt = performance.now();
  }

  #forgetPending(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = undefined;
  }
}
