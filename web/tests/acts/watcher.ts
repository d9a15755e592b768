/**
 * Looks at a lab's page from inside: what can be reached there, and what is wrong with it.
 *
 * It runs in the page, as the text of this one class: nothing around it is known there but types.
 */
import type { LitElement } from 'lit';
import type { Core } from '../../src/core/index.ts';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import type { Session } from '../../src/session/session.ts';

export class Watcher {
  private readonly seed: string;
  private state = 1;
  private boxes = new Map<HTMLElement, string>();
  private arrangement = '';
  /** Whether the reader was somewhere when the act began. */
  protected hadFocus = false;

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

  /** What is wrong with the page, once it shows what it is to show: another run takes several tasks. */
  async troubles(): Promise<string[]> {
    for (const part of ['sf-app', 'sf-page', 'sf-transport, sf-changes']) {
      for (const each of this.all(part)) await ('updateComplete' in each ? each.updateComplete : undefined);
    }
    for (let late = this.late(); late.length > 0; late = this.late())
      await Promise.all(late.map(({ updateComplete }) => updateComplete));
    const { session } = this;
    const { core } = this.app;
    if (!session || this.app.place !== 'lab') return [];
    const troubles = session.notices.problems.map((problem) => `it says: ${problem}`);
    if (session.notices.failure) troubles.push(`the simulator broke: ${session.notices.failure.detail}`);
    if (!(session.timeMs >= 0)) troubles.push(`the time is ${session.timeMs}`);
    troubles.push(...this.missing(session));
    // While a question is asked the link leads to it, and not to this moment.
    if (core && this.chance(0.3) && !session.asking.isSecret && !this.replays(core, session))
      troubles.push(`${session.link} is another run`);
    return [...troubles, ...this.seen(), ...this.moved()];
  }

  /** What has not shown itself yet. */
  private late(): LitElement[] {
    return this.all('*').filter((each): each is LitElement => 'hasUpdated' in each && !each.hasUpdated);
  }

  /** What a reader cannot do without. */
  private missing(session: Session): string[] {
    if (this.find('sf-page[presented]'))
      return this.find('sf-page .leave') ? [] : ['no way out of the presentation'];
    if (session.asking.isSecret)
      return (this.find('sf-guess .close') ?? this.find('sf-page .seeking .close'))
        ? []
        : ['no way out of the question'];
    const troubles: string[] = [];
    const play = session.playing ? 'Pause' : 'Play';
    if (!this.find(`sf-transport button[aria-label="${play}"]`)) troubles.push(`no ${play}`);
    // In a node's perspective what was done lies in fog, which can be lifted.
    const back = session.perspectiveName === undefined ? 'sf-changes .head button' : 'sf-fog button';
    if (session.changes.some(({ kind }) => kind !== 'planned') && !this.find(back))
      troubles.push('no way back');
    return troubles;
  }

  /** What nobody is to see. */
  private seen(): string[] {
    const troubles: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) troubles.push(`${scrollWidth - clientWidth} pixels stick out sideways`);
    if (this.hadFocus && this.focused === document.body)
      troubles.push('the focus fell to the top of the page');
    const nonsense = /\b(?:undefined|null|NaN|Infinity)\b|\[object/;
    for (const element of this.all('*').filter(({ children }) => children.length === 0)) {
      const text = `${element.textContent} ${element.title}`;
      if (element.localName !== 'style' && nonsense.test(text)) troubles.push(`it says “${text.trim()}”`);
    }
    return troubles;
  }

  /** Whether the link of this moment builds the same run here and now. */
  private replays(core: Core, session: Session): boolean {
    const run = core.open(session.link);
    while (!run.go_on());
    const digest = run.digest();
    if (digest === session.digest()) return true;
    // Steps go from one event to the next of the same moment; a link has all of its moment.
    session.travel.seek(session.timeMs);
    return digest === session.digest();
  }

  // Chance.

  /** Numbers of Marsaglia's xorshift, from FNV's hash of what they are for. */
  protected begin(number: number): void {
    let hash = 2166136261;
    for (const letter of `${this.seed} ${number}`) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
    }
    this.state = hash || 1;
    for (let skipped = 0; skipped < 8; skipped += 1) this.below(2);
  }

  protected below(count: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return Math.floor(((this.state >>> 0) / 2 ** 32) * count);
  }

  protected chance(share: number): boolean {
    return this.below(1000) < share * 1000;
  }

  protected oneOf<T>(all: readonly T[]): T | undefined {
    return all[this.below(all.length)];
  }

  // The page.

  protected get app(): SfApp {
    const app = document.querySelector('sf-app');
    if (!app) throw new Error('no page');
    return app;
  }

  protected get session(): Session | undefined {
    return this.app.session;
  }

  protected all(selector: string, root: ParentNode = document): HTMLElement[] {
    const found: HTMLElement[] = [];
    for (const element of root.querySelectorAll('*')) {
      if (element.matches(selector) && element instanceof HTMLElement) found.push(element);
      if (element.shadowRoot) found.push(...this.all(selector, element.shadowRoot));
    }
    return found;
  }

  /** What a reader can see and reach of these. */
  protected reachable(selector: string): HTMLElement[] {
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
  protected oneReachable(selector: string): HTMLElement | undefined {
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

  protected nameOf(element: HTMLElement): string {
    const root = element.getRootNode();
    if (!(root instanceof ShadowRoot)) return element.localName;
    const text = element.getAttribute('aria-label') ?? element.textContent.replaceAll(/\s+/g, ' ').trim();
    return `${this.calledFor(root.host)} ${element.localName} “${text.slice(0, 50)}”`;
  }

  /** "sf-switch retry" */
  private calledFor(host: Element): string {
    const about = host instanceof HTMLElement ? Object.values(host.dataset) : [];
    return [host.localName, ...about].join(' ');
  }

  protected get focused(): Element {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at ?? document.body;
  }

  /** What is open, what is offered, and how far it is scrolled: as long as that is the same, nothing may move. */
  private arranged(): string {
    const opened = this.all('details, [aria-expanded]').map(
      (each) => each.hasAttribute('open') || each.getAttribute('aria-expanded') === 'true',
    );
    const notices = this.all('.notices').map(({ offsetHeight }) => offsetHeight);
    const offered = this.all('sf-control, sf-switch').map((each) => this.calledFor(each));
    const scrolled = [window.scrollX, window.scrollY, this.all('.side')[0]?.scrollTop];
    const asked = this.all('sf-guess, sf-hunt, sf-shrink').map((each) => [
      each.localName,
      each.offsetHeight,
    ]);
    const { view, about, challenging } = this.session ?? {};
    return JSON.stringify([
      about?.lab.id,
      view,
      challenging?.aim,
      asked,
      opened,
      notices,
      offered,
      scrolled,
    ]);
  }

  /** What stands elsewhere than after the act before. */
  private moved(): string[] {
    const before = this.boxes;
    this.boxes = new Map(
      this.all('sf-switch, sf-control, sf-transport, sf-time-bar, sf-views, sf-speed, sf-pace').map(
        (each) => {
          const { x, y, width, height } = each.getBoundingClientRect();
          return [each, [x, y, width, height].map(Math.round).join(' ')];
        },
      ),
    );
    const [was, now] = [this.arrangement, this.arranged()];
    this.arrangement = now;
    if (was !== now) return [];
    return [...this.boxes].flatMap(([each, box]) => {
      const old = before.get(each);
      return old === undefined || old === box
        ? []
        : [`${this.calledFor(each)} moved from ${old} to ${box}`];
    });
  }
}
