/** A view of a run: a tap on what it shows opens its card. Views with gestures of their own build on it. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import type { Look, State, View } from '../../core/index.ts';
import type { Pictures } from '../../session/pictures/pictures.ts';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';
import type { Painter, SfStage } from './sf-stage.ts';
import './sf-stage.ts';

/** A pointer that moved less has tapped. */
const TAP_PX = 6;

/** A place of the picture, in CSS pixels. */
export interface Place {
  x: number;
  y: number;
}

/** Sends `select` and `select-at` (the share of the width where the pointer was). */
export class SfPicture extends LitElement {
  static override properties = {
    pictures: { attribute: false },
    view: { type: String },
    look: { attribute: false },
    state: { attribute: false },
    playing: { type: Boolean },
    caption: { type: String },
  };

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        min-width: 0;
        min-height: 0;
        touch-action: pan-y;
        user-select: none;
        -webkit-user-select: none;
      }
      sf-stage {
        position: absolute;
        inset: 0;
      }
    `,
  ];

  declare pictures: Pictures;
  /** Which view it shows. */
  declare view: View;
  /** How the run is looked at, and the moment: what is beside the picture follows them. */
  declare look: Look;
  declare state: State;
  declare playing: boolean;
  declare caption: string;

  #drag: { start: Place; last: Place; isTap: boolean } | undefined;

  readonly #painter: Painter = (context, width, height) =>
    this.pictures.paint(this.view, context, width, height);

  paint(): void {
    this.renderRoot.querySelector<SfStage>('sf-stage')?.paint();
  }

  protected override render(): TemplateResult {
    return html`
      <sf-stage
        .painter=${this.#painter}
        caption=${this.caption}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#cancel}
      ></sf-stage>
    `;
  }

  /** A mouse is at a place, and no button is held. */
  protected hovered?(at: Place): void;

  /** The pointer was dragged on from `last`; the drag began at `start`. */
  protected dragged?(start: Place, last: Place, at: Place): void;

  /** The drag has ended where it was dragged to last, or was taken away by the browser. */
  protected dropped?(isDone: boolean): void;

  /** What is at a place. */
  protected pick({ x, y }: Place) {
    const { width, height } = this.getBoundingClientRect();
    return this.pictures.pick(this.view, x, y, width, height);
  }

  #at({ clientX, clientY }: PointerEvent): Place {
    const { left, top } = this.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event: PointerEvent & { currentTarget: Element }): void {
    if (!event.isPrimary || event.button !== 0) return;
    const at = this.#at(event);
    this.#drag = { start: at, last: at, isTap: true };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const [at, drag] = [this.#at(event), this.#drag];
    if (!drag) {
      if (event.pointerType === 'mouse') this.hovered?.(at);
      return;
    }
    const { start, last } = drag;
    const isTap = drag.isTap && Math.hypot(at.x - start.x, at.y - start.y) <= TAP_PX;
    this.#drag = { start, last: isTap ? last : at, isTap };
    if (!isTap) this.dragged?.(start, last, at);
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag?.isTap) this.#tap(this.#at(event));
    else if (drag) this.dropped?.(true);
  }

  #cancel(): void {
    this.#drag = undefined;
    this.dropped?.(false);
  }

  #tap(at: Place): void {
    emit(this, 'select-at', at.x / this.clientWidth);
    emit(this, 'select', this.pick(at));
  }
}

define('sf-picture', SfPicture);

declare global {
  interface HTMLElementTagNameMap {
    'sf-picture': SfPicture;
  }
}
