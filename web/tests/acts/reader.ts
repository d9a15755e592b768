/**
 * A reader who does at random what a lab's page lets anybody do.
 *
 * It runs in the page, as the text of this one class: nothing around it is known there but types.
 */
import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { SfPicture } from '../../src/components/picture/sf-picture.ts';
import type { Session } from '../../src/session/session.ts';

export interface Place {
  x: number;
  y: number;
}

/** What is still to be done with a real keyboard, or with a mouse that is pressed, dragged along and let go. */
export type Gesture = { key: string } | { path: Place[] };

export interface Act {
  /** In words, for whoever has to do it again. */
  did: string;
  /** How long the reader watches what comes of it. */
  watchedMs: number;
  gesture?: Gesture;
}

type Kind = (this: Reader) => Act | Promise<Act>;

export class Reader {
  /** How often each kind of act is chosen, among all of them. */
  private readonly kinds: readonly (readonly [weight: number, kind: Kind])[] = [
    [30, this.press],
    [10, this.slide],
    [4, this.choose],
    [4, this.write],
    [12, this.strike],
    [8, this.goElsewhere],
    [10, this.tap],
    [6, this.drag],
    [6, this.travel],
    [4, this.watch],
    [6, this.byHand],
  ];
  private readonly keys = [
    ...[' ', 'ArrowRight', 'ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowLeft', '+', '-', '?', 'Escape'],
    ...['Control+z', 'Control+z', 'Control+Shift+z', 'Control+y'],
  ];
  private readonly realKeys = [
    ...['Tab', 'Shift+Tab', 'Enter', 'Space', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown'],
    ...['Home', 'End', 'PageUp', 'PageDown', 'Escape', 'Control+z', 'Control+Shift+z'],
  ];
  private readonly seed: string;
  private state = 1;
  private boxes = new Map<HTMLElement, string>();
  private arrangement = '';

  constructor(seed: string) {
    this.seed = seed;
    this.begin(0);
    // "New seed" is to draw the same ones each time.
    crypto.getRandomValues = <T extends ArrayBufferView | null>(values: T): T => {
      if (values) {
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        bytes.set(bytes.map(() => this.below(256)));
      }
      return values;
    };
  }

  /** Does the act of this number: what it is depends on the page, the seed and the number, not on the acts before. */
  async act(number: number): Promise<Act> {
    this.begin(number);
    const isElsewhere = this.app.place === 'start' || this.all('dialog:modal').length > 0;
    if (isElsewhere && this.chance(0.6)) return this.press();
    let at = this.below(this.kinds.reduce((sum, [weight]) => sum + weight, 0));
    const kind = this.kinds.find(([weight]) => (at -= weight) < 0)?.[1] ?? this.watch;
    return kind.call(this);
  }

  /** What is wrong with the page. */
  troubles(): string[] {
    const { session } = this;
    if (!session || this.app.place === 'start') return [];
    const troubles = session.problems.map((problem) => `it says: ${problem}`);
    if (session.failure) troubles.push(`the simulator broke: ${session.failure.detail}`);
    if (!(session.timeMs >= 0)) troubles.push(`the time is ${session.timeMs}`);
    const play = session.playing ? 'Pause' : 'Play';
    if (!this.find(`sf-transport button[aria-label="${play}"]:enabled`)) troubles.push(`no ${play}`);
    if (session.changes.length > 0 && !this.find('sf-changes .head button')) troubles.push('no way back');
    return [...troubles, ...this.moved()];
  }

  /** From the start page to the lab that was read. */
  return(): void {
    if (this.app.place === 'start') this.visit();
  }

  // Chance.

  /** Numbers of Marsaglia's xorshift, from FNV's hash of what they are for. */
  private begin(number: number): void {
    let hash = 2166136261;
    for (const letter of `${this.seed} ${number}`) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
    }
    this.state = hash || 1;
    for (let skipped = 0; skipped < 8; skipped += 1) this.below(2);
  }

  private below(count: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return Math.floor(((this.state >>> 0) / 2 ** 32) * count);
  }

  private chance(share: number): boolean {
    return this.below(1000) < share * 1000;
  }

  private oneOf<T>(all: readonly T[]): T | undefined {
    return all[this.below(all.length)];
  }

  // The page.

  private get app(): SfApp {
    const app = document.querySelector('sf-app');
    if (!app) throw new Error('no page');
    return app;
  }

  private get session(): Session | undefined {
    return this.app.session;
  }

  private all(selector: string, root: ParentNode = document): HTMLElement[] {
    const found: HTMLElement[] = [];
    for (const element of root.querySelectorAll('*')) {
      if (element.matches(selector) && element instanceof HTMLElement) found.push(element);
      if (element.shadowRoot) found.push(...this.all(selector, element.shadowRoot));
    }
    return found;
  }

  /** What a reader can see and reach of these. */
  private reachable(selector: string): HTMLElement[] {
    const sheet = this.all('dialog:modal')[0];
    return this.all(selector).filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        element.clientWidth + element.getBoundingClientRect().width > 0 &&
        (!sheet || this.isWithin(element, sheet)),
    );
  }

  private isWithin(element: Element, other: Element): boolean {
    let at: Node | null = element;
    while (at && at !== other) {
      if (at instanceof Element && at.assignedSlot) at = at.assignedSlot;
      else at = at instanceof ShadowRoot ? at.host : at.parentNode;
    }
    return at === other;
  }

  /** The last of these parts leads from one shadow root into the next. */
  private find(path: string): HTMLElement | undefined {
    const [host = '', ...rest] = path.split(' ');
    return this.all(host)
      .flatMap((element) => this.all(rest.join(' ') || '*', element.shadowRoot ?? element))
      .at(0);
  }

  /** One of them; what has many of a kind is not chosen more often. */
  private oneReachable(selector: string): HTMLElement | undefined {
    const rooms = new Map<string, HTMLElement[]>();
    for (const element of this.reachable(selector)) {
      const room = this.roomOf(element);
      rooms.set(room, [...(rooms.get(room) ?? []), element]);
    }
    return this.oneOf(this.oneOf([...rooms.values()]) ?? []);
  }

  private roomOf(element: Element): string {
    const root = element.getRootNode();
    return root instanceof ShadowRoot ? root.host.localName : '';
  }

  private nameOf(element: HTMLElement): string {
    const root = element.getRootNode();
    if (!(root instanceof ShadowRoot)) return element.localName;
    const text = element.getAttribute('aria-label') ?? element.textContent.replaceAll(/\s+/g, ' ').trim();
    return `${this.calledFor(root.host)} ${element.localName} “${text.slice(0, 50)}”`;
  }

  /** "sf-switch retry" */
  private calledFor(host: Element): string {
    const about = host instanceof HTMLElement ? Object.values({ ...host.dataset }) : [];
    return [host.localName, ...about].join(' ');
  }

  private get focused(): Element {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at ?? document.body;
  }

  /** What is open, what is offered, and how far it is scrolled: as long as that is the same, nothing may move. */
  private arranged(): string {
    const opened = this.all('details').map((each) => each.hasAttribute('open'));
    const notices = this.all('.notices').map(({ offsetHeight }) => offsetHeight);
    const offered = this.all('sf-control').map(({ dataset }) => dataset.control);
    const scrolled = [window.scrollX, window.scrollY, this.all('.side')[0]?.scrollTop];
    const { view, about } = this.session ?? {};
    return JSON.stringify([about?.lab.id, view, opened, notices, offered, scrolled]);
  }

  /** What stands elsewhere than after the act before. */
  private moved(): string[] {
    const before = this.boxes;
    this.boxes = new Map(
      this.all('sf-switch, sf-control, sf-transport, sf-time-bar, sf-views, sf-speed, sf-pace').map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return [each, [x, y, width, height].map(Math.round).join(' ')];
      }),
    );
    const [was, now] = [this.arrangement, this.arranged()];
    this.arrangement = now;
    if (was !== now) return [];
    return [...this.boxes].flatMap(([each, box]) => {
      const old = before.get(each);
      return old === undefined || old === box ? [] : [`${this.calledFor(each)} moved from ${old} to ${box}`];
    });
  }

  // Acts.

  private press(): Act {
    const control = this.oneReachable(
      'button:enabled, a[href^="#"], summary, input[type=checkbox], input[type=radio]',
    );
    if (!control) return this.watch();
    const did = `press ${this.nameOf(control)}`;
    control.focus({ preventScroll: true });
    control.click();
    return { did, watchedMs: 40 };
  }

  private slide(): Act {
    const slider = this.oneReachable('sf-control input, sf-speed input, input[type=range]:not([aria-label=Time])');
    if (!(slider instanceof HTMLInputElement)) return this.watch();
    const values: number[] = [];
    for (let move = this.below(4); move >= 0; move -= 1) {
      values.push(this.below(Number(slider.max) - Number(slider.min) + 1) + Number(slider.min));
    }
    for (const value of values) this.enter(slider, String(value));
    this.tell(slider, 'change');
    return { did: `slide ${this.nameOf(slider)} to ${values.join(', ')}`, watchedMs: this.chance(0.3) ? 700 : 40 };
  }

  private choose(): Act {
    const list = this.oneReachable('select');
    if (!(list instanceof HTMLSelectElement)) return this.watch();
    const option = this.oneOf([...list.options]);
    this.enter(list, option?.value ?? '');
    this.tell(list, 'change');
    return { did: `choose “${option?.text ?? ''}” in ${this.nameOf(list)}`, watchedMs: 40 };
  }

  private write(): Act {
    const field = this.oneReachable('input[type=number], input[type=search]');
    if (!(field instanceof HTMLInputElement)) return this.press();
    const text = this.oneOf(['0', '1', '2.5', '10.0001', '59.9', '60', '1000', '']) ?? '';
    this.enter(field, text);
    this.tell(field, 'change');
    return { did: `write “${text}” into ${this.nameOf(field)}`, watchedMs: 40 };
  }

  private enter(field: HTMLInputElement | HTMLSelectElement, value: string): void {
    field.focus({ preventScroll: true });
    field.value = value;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }

  private tell(target: EventTarget, type: string): void {
    target.dispatchEvent(new Event(type, { bubbles: true }));
  }

  private strike(): Act {
    const chord = this.oneOf(this.keys) ?? ' ';
    const parts = chord === '+' ? ['+'] : chord.split('+');
    const times = this.chance(0.3) ? 1 + this.below(8) : 1;
    const { focused } = this;
    for (let time = 0; time < times; time += 1) {
      focused.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: parts.at(-1) ?? '',
          shiftKey: parts.includes('Shift'),
          ctrlKey: parts.includes('Control'),
          bubbles: true,
          composed: true,
          cancelable: true,
        }),
      );
    }
    return { did: `strike ${chord} ${times} times`, watchedMs: 40 };
  }

  /** Drags the time bar. */
  private goElsewhere(): Act {
    const [bar] = this.reachable('input[aria-label=Time]');
    if (!(bar instanceof HTMLInputElement)) return this.watch();
    bar.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    const values = Array.from({ length: 1 + this.below(3) }, () => this.below(Number(bar.max) + 1));
    for (const value of values) this.enter(bar, String(value));
    window.dispatchEvent(new PointerEvent('pointerup'));
    return { did: `go to ${values.map((value) => `${value / 100} s`).join(', ')}`, watchedMs: 40 };
  }

  /** Somewhere in a picture, if possible where there is something. */
  private somewhere(picture: SfPicture): Place {
    const { clientWidth: width, clientHeight: height } = picture;
    let place = { x: 0, y: 0 };
    for (let attempt = 0; attempt < 40; attempt += 1) {
      place = { x: this.below(width), y: this.below(height) };
      if (picture.pictures.pick(picture.view, place.x, place.y, width, height)) return place;
    }
    return place;
  }

  private get picture(): SfPicture | undefined {
    return this.oneOf(this.reachable('.picture')) as SfPicture | undefined;
  }

  private tap(): Act {
    const { picture } = this;
    if (!picture) return this.watch();
    const place = this.somewhere(picture);
    this.point(picture, [place]);
    return { did: `tap ${picture.localName} at ${place.x} ${place.y}`, watchedMs: 40 };
  }

  private drag(): Act {
    const { picture } = this;
    if (!picture) return this.watch();
    const [from, to] = [this.corner(picture), this.corner(picture)];
    this.point(picture, [from, to]);
    return { did: `drag in ${picture.localName} from ${from.x} ${from.y} to ${to.x} ${to.y}`, watchedMs: 40 };
  }

  private corner({ clientWidth, clientHeight }: Element): Place {
    return { x: this.below(clientWidth), y: this.below(clientHeight) };
  }

  /** Presses the pointer on the first place, moves it to the others, and lets it go at the last. */
  private point(picture: SfPicture, path: Place[]): void {
    const { left, top } = picture.getBoundingClientRect();
    const canvas = picture.shadowRoot?.querySelector('sf-stage')?.shadowRoot?.querySelector('canvas');
    const send = (type: string, { x, y }: Place | undefined = { x: 0, y: 0 }) =>
      canvas?.dispatchEvent(
        new PointerEvent(type, {
          ...{ pointerId: 1, pointerType: 'mouse', isPrimary: true, button: 0 },
          ...{ clientX: left + x, clientY: top + y, bubbles: true, composed: true },
        }),
      );
    send('pointerdown', path[0]);
    for (const place of path) send('pointermove', place);
    send('pointerup', path.at(-1));
  }

  /** Back, forward, or to another run of the lab. */
  private async travel(): Promise<Act> {
    const { navigation } = window;
    const way = this.below(3);
    if (way === 0 && navigation.canGoBack) await navigation.back().finished;
    else if (way === 1 && navigation.canGoForward) await navigation.forward().finished;
    else return this.visit();
    return { did: way === 0 ? 'go back' : 'go forward', watchedMs: 40 };
  }

  private visit(): Act {
    const lab = this.session?.about.lab.id ?? 'double-charge';
    const link = `#/${lab}?seed=${this.below(1000)}${this.chance(0.5) ? `&t=${this.below(60)}s` : ''}`;
    location.hash = link;
    return { did: `visit ${link}`, watchedMs: 40 };
  }

  private watch(): Act {
    return { did: 'watch', watchedMs: 100 + this.below(900) };
  }

  /** With a real keyboard or mouse, which finds what is on top, and moves the focus. */
  private byHand(): Act {
    if (this.chance(0.6)) {
      const key = this.oneOf(this.realKeys) ?? 'Tab';
      // Nobody leaves the page.
      if (key === 'Enter' && this.focused.matches('a:not([href^="#"])')) return this.watch();
      return { did: `press the key ${key} on ${this.nameOf(this.focused as HTMLElement)}`, watchedMs: 40, gesture: { key } };
    }
    const isDrag = this.chance(0.5);
    const target = this.oneReachable(isDrag ? 'canvas, input[type=range]' : 'button:enabled, canvas, summary');
    if (!target) return this.watch();
    target.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const place = () => ({ x: left + 1 + this.below(width - 2), y: top + 1 + this.below(height - 2) });
    const path = isDrag ? [place(), place()] : [place()];
    const where = path.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`).join(' to ');
    return { did: `mouse on ${this.nameOf(target)} at ${where}`, watchedMs: 40, gesture: { path } };
  }
}
