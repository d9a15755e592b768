/** The part of the address bar that holds the run: everything from `#` on. */

/** Where a session keeps the link of its run. */
export interface LinkHolder {
  readonly link: string;
  /** Shows `link`, soon. */
  show(link: string): void;
  /** Writes what is still waiting; `link` is the link of the moment. */
  onLeave(link: () => string | undefined): void;
  /** A way of the run begins that may never end: should the page be closed over it, it is to know that. */
  noteBusy(): void;
  /** The way is over. */
  noteDone(): void;
  /** Whether the page was closed over this link the last time. */
  readonly wasClosedOver: boolean;
}

/** For a run that leaves the address of the page around it alone. */
export class HeldLink implements LinkHolder {
  link: string;
  readonly wasClosedOver = false;

  constructor(link: string) {
    this.link = link;
  }

  show(link: string): void {
    this.link = link;
  }

  onLeave(): void {
    // Nothing outlives this page.
  }

  noteBusy(): void {
    // As above.
  }

  noteDone(): void {
    // As above.
  }
}

/** Where the last link is kept over a reload: a tab's own storage. */
const LEFT = 'slowfire.left';

/** A reload may ask for the address of the moment when it began, whatever a page that goes writes into its own. */
function leave(link: string): void {
  try {
    sessionStorage.setItem(LEFT, JSON.stringify([window.location.href, link]));
  } catch {
    // Storage may be forbidden; then the address that was shown last serves.
  }
}

/** After a reload: the link of the moment when the page was left, if it was left at this address. */
function takeUpLeft(): void {
  const [navigation] = performance.getEntriesByType('navigation');
  if (!(navigation instanceof PerformanceNavigationTiming) || navigation.type !== 'reload') return;
  try {
    const left: unknown = JSON.parse(sessionStorage.getItem(LEFT) ?? 'null');
    if (!Array.isArray(left) || left[0] !== window.location.href) return;
    window.history.replaceState(window.history.state, '', String(left[1]));
  } catch {
    // As above.
  }
}

/** Where the address is kept of a page that is busy with its run: a page that ends in order takes it away. */
const BUSY = 'slowfire.busy';

/** The address that a page was busy with when it was closed over it. */
function takeBusy(): string | null {
  try {
    const busy = sessionStorage.getItem(BUSY);
    sessionStorage.removeItem(BUSY);
    return busy;
  } catch {
    return null;
  }
}

function keepBusy(address: string | undefined): void {
  try {
    if (address === undefined) sessionStorage.removeItem(BUSY);
    else sessionStorage.setItem(BUSY, address);
  } catch {
    // As above.
  }
}

/** Browsers refuse a page that rewrites its address many times a second. */
const MIN_INTERVAL_MS = 400;

export class Address implements LinkHolder {
  #pending: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the address was when it was last read or written here: another one is a visit of which the event is on its way. */
  #known: string;
  #writtenAt = -Infinity;
  #ofTheMoment: (() => string | undefined) | undefined;
  #isBusy = false;
  readonly #closedOver = takeBusy();

  /** `onVisit` hears of links that somebody else put there: a reader, or a link on the page. */
  constructor(onVisit: (link: string) => void) {
    takeUpLeft();
    this.#known = this.link;
    const visit = () => {
      if (this.link === this.#known) return;
      this.#forgetPending();
      this.#known = this.link;
      onVisit(this.link);
    };
    // On the way through its history a browser may leave out the second one: where the address was written meanwhile.
    window.addEventListener('popstate', visit);
    window.addEventListener('hashchange', visit);
    window.addEventListener('pagehide', () => {
      this.#pending = this.#ofTheMoment?.() ?? this.#pending;
      if (this.#pending !== undefined) leave(this.#pending);
      this.#flush();
      this.noteDone();
    });
  }

  get link(): string {
    return window.location.hash;
  }

  get wasClosedOver(): boolean {
    return this.#closedOver === window.location.href;
  }

  noteBusy(): void {
    this.#isBusy = true;
    keepBusy(window.location.href);
  }

  noteDone(): void {
    if (this.#isBusy) keepBusy(undefined);
    this.#isBusy = false;
  }

  onLeave(link: () => string | undefined): void {
    this.#ofTheMoment = link;
  }

  /** A burst of writes becomes its first and its last. */
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
    // It would be written over the address of a visit, and of the page that the reader goes back to.
    if (this.link !== this.#known) return;
    if (link === undefined || link === this.link) return;
    window.history.replaceState(window.history.state, '', link);
    // As the browser spells it, which may differ in what it escapes.
    this.#known = this.link;
    this.#writtenAt = performance.now();
    if (this.#isBusy) this.noteBusy();
  }

  #forgetPending(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = undefined;
  }
}
