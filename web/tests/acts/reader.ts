/**
 * A reader who does at random what a lab's page lets anybody do.
 *
 * It runs in the page, as the text of this class and the one it extends: nothing around them is known there but types.
 */
import type { SfPicture } from '../../src/components/picture/sf-picture.ts';
import { Watcher } from './watcher.ts';

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

type Kind = () => Act | Promise<Act>;

export class Reader extends Watcher {
  /** How often each kind of act is chosen, among all of them. */
  private readonly kinds: readonly (readonly [weight: number, kind: Kind])[] = [
    [30, () => this.press()],
    [10, () => this.slide()],
    [4, () => this.choose()],
    [4, () => this.write()],
    [12, () => this.strike()],
    [8, () => this.goElsewhere()],
    [10, () => this.tap()],
    [6, () => this.drag()],
    [6, () => this.travel()],
    [4, () => this.watch()],
    [6, () => this.byHand()],
  ];
  private readonly keys = [
    ...[' ', 'ArrowRight', 'ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowLeft', '+', '-', '?', 'Escape'],
    ...['Control+z', 'Control+z', 'Control+Shift+z', 'Control+y'],
  ];
  private readonly realKeys = [
    ...['Tab', 'Shift+Tab', 'Enter', 'Space', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown'],
    ...['Home', 'End', 'PageUp', 'PageDown', 'Escape', 'Control+z', 'Control+Shift+z'],
  ];

  /** Does the act of this number: what it is depends on the page, the seed and the number, not on the acts before. */
  async act(number: number): Promise<Act> {
    this.begin(number);
    this.hadFocus = false;
    const isElsewhere = this.app.place === 'start' || this.all('dialog:modal').length > 0;
    if (isElsewhere && this.chance(0.6)) return this.press();
    let at = this.below(this.kinds.reduce((sum, [weight]) => sum + weight, 0));
    const kind = this.kinds.find(([weight]) => (at -= weight) < 0)?.[1] ?? (() => this.watch());
    return kind();
  }

  /** From any other page to the lab that was read. */
  return(): void {
    if (this.app.place !== 'lab') this.visit();
  }

  // Acts.

  private press(): Act {
    const control = this.oneReachable(
      'button:not([aria-disabled=true]), a[href^="#"], summary, input[type=checkbox], input[type=radio]',
    );
    if (!control) return this.watch();
    const did = `press ${this.nameOf(control)}`;
    control.focus({ preventScroll: true });
    // Another page begins at its top.
    this.hadFocus = control.localName !== 'a';
    control.click();
    return { did, watchedMs: 40 };
  }

  private slide(): Act {
    const slider = this.oneReachable(
      'sf-control input, sf-speed input, input[type=range]:not([aria-label=Time])',
    );
    if (!(slider instanceof HTMLInputElement)) return this.watch();
    const values: number[] = [];
    for (let move = this.below(4); move >= 0; move -= 1) {
      values.push(this.below(Number(slider.max) - Number(slider.min) + 1) + Number(slider.min));
    }
    for (const value of values) this.enter(slider, String(value));
    this.tell(slider, 'change');
    return {
      did: `slide ${this.nameOf(slider)} to ${values.join(', ')}`,
      watchedMs: this.chance(0.3) ? 700 : 40,
    };
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
    // What stands in the pictures' place has none of its own that can be picked in.
    const pictures = this.reachable('.picture').filter((one) => 'pictures' in one);
    return this.oneOf(pictures) as SfPicture | undefined;
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
    return {
      did: `drag in ${picture.localName} from ${from.x} ${from.y} to ${to.x} ${to.y}`,
      watchedMs: 40,
    };
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
      return {
        did: `press the key ${key} on ${this.nameOf(this.focused as HTMLElement)}`,
        watchedMs: 40,
        gesture: { key },
      };
    }
    const isDrag = this.chance(0.5);
    const target = this.oneReachable(
      isDrag ? 'canvas, input[type=range]' : 'button:not([aria-disabled=true]), canvas, summary',
    );
    if (!target) return this.watch();
    target.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const place = () => ({ x: left + 1 + this.below(width - 2), y: top + 1 + this.below(height - 2) });
    const path = isDrag ? [place(), place()] : [place()];
    const where = path.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`).join(' to ');
    return { did: `mouse on ${this.nameOf(target)} at ${where}`, watchedMs: 40, gesture: { path } };
  }
}
