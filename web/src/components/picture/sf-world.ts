/** The world: click or tap what you see for its card, drag a line across links to cut them. */
import { LitElement, css, html, svg } from 'lit';
import type { Figure, Line } from '../../session/figure.ts';
import { define, emit } from '../base/define.ts';
import { base } from '../base/shared.ts';
import type { Painter, SfStage } from './sf-stage.ts';
import './sf-stage.ts';

/** A pointer that moved less has tapped. */
const TAP_PX = 6;

/** Sends `select`, `select-at` (the share of the width where the pointer was) and `act`. */
export class SfWorld extends LitElement {
  static override properties = {
    figure: { attribute: false },
    painter: { attribute: false },
    caption: { type: String },
    line: { state: true },
  };

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        min-width: 0;
        min-height: 0;
        /* Sideways a finger cuts links; up and down it scrolls. */
        touch-action: pan-y pinch-zoom;
        user-select: none;
        -webkit-user-select: none;
      }
      :host([points]) {
        cursor: pointer;
      }
      sf-stage,
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      svg {
        overflow: visible;
        pointer-events: none;
      }
      line {
        stroke: var(--accent);
        stroke-width: 2;
        stroke-dasharray: 7 5;
        stroke-linecap: round;
      }
    `,
  ];

  declare figure: Figure;
  declare painter: Painter;
  declare caption: string;
  /** The cut that is being drawn. */
  declare line: Line | undefined;

  #start: { x: number; y: number } | undefined;

  constructor() {
    super();
    this.addEventListener('pointerdown', this.#down);
    this.addEventListener('pointermove', this.#move);
    this.addEventListener('pointerup', this.#up);
    this.addEventListener('pointercancel', this.#cancel);
  }

  paint(): void {
    this.#stage?.paint();
  }

  protected override render() {
    const { line } = this;
    return html`
      <sf-stage .painter=${this.painter} caption=${this.caption}></sf-stage>
      <svg aria-hidden="true">
        ${line ? svg`<line x1=${line.x1} y1=${line.y1} x2=${line.x2} y2=${line.y2}></line>` : ''}
      </svg>
    `;
  }

  get #stage(): SfStage | null {
    return this.renderRoot.querySelector('sf-stage');
  }

  #at({ clientX, clientY }: PointerEvent): { x: number; y: number; width: number; height: number } {
    const { left, top, width, height } = this.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top, width, height };
  }

  #down(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    this.#start = this.#at(event);
    this.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const { x, y, width, height } = this.#at(event);
    const start = this.#start;
    if (!start) {
      if (event.pointerType === 'mouse') {
        this.toggleAttribute('points', this.figure.pick('world', x, y, width, height) !== undefined);
      }
    } else if (this.line || Math.hypot(x - start.x, y - start.y) > TAP_PX) {
      this.line = { x1: start.x, y1: start.y, x2: x, y2: y };
    }
  }

  #up(event: PointerEvent): void {
    const { x, y, width, height } = this.#at(event);
    const { line } = this;
    const isOurs = this.#start !== undefined;
    this.#cancel();
    if (!isOurs) return;
    if (line) this.#cut(line, width, height);
    else {
      emit(this, 'select-at', x / width);
      emit(this, 'select', this.figure.pick('world', x, y, width, height));
    }
  }

  #cancel(): void {
    this.#start = undefined;
    this.line = undefined;
  }

  #cut(line: Line, width: number, height: number): void {
    const crossed = this.figure.crossed(line, width, height);
    if (crossed.length > 0)
      emit(
        this,
        'act',
        crossed.map(({ from, to }) => `cut:${from}-${to}`),
      );
  }
}

define('sf-world', SfWorld);

declare global {
  interface HTMLElementTagNameMap {
    'sf-world': SfWorld;
  }
}
