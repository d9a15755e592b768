/** Where the run is between its beginning and its end, and what happened when; drag to go elsewhere. */
import { LitElement, css, html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import type { Mark, MarkKind } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
import { cssValues } from '../base/css-values.ts';
import { define, emit } from '../base/define.ts';
import { base, note } from '../base/shared.ts';
import { track } from '../base/track.ts';
import { MARKS } from './marks.ts';
import { words } from '../../words.ts';

/** A press of an arrow key moves by this much; a drag is rounded to it. */
const GRAIN_MS = 10;
/** The marks' picture is so wide; of the marks of a kind that fall together there is one. */
const WIDTH = 1000;
/** How near the pointer has to come to a mark to be told of it, in pixels. */
const NEAR_PX = 7;

/** From where to where a kind's line goes, in the bar's height of 28. */
const LINES: Readonly<Record<MarkKind, readonly [from: number, to: number]>> = {
  violation: [1, 27],
  fault: [3, 10],
  leadership: [18, 25],
  timeout: [19, 22],
  fork: [1, 27],
};

/** Sends `seek` with a moment in virtual milliseconds; `hold` and `release` around a drag. */
class SfTimeBar extends LitElement {
  static override properties = {
    time: { type: Number },
    end: { type: Number },
    marks: { attribute: false },
    told: { state: true },
  };

  static override styles = [
    base,
    track,
    css`
      :host {
        position: relative;
      }
      input[type='range'] {
        position: relative;
        height: 1.75rem;
      }
      svg {
        position: absolute;
        inset: 0 0.5rem;
        width: calc(100% - 1rem);
        height: 100%;
        overflow: visible;
        pointer-events: none;
      }
      path {
        fill: none;
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      .timeout {
        stroke: var(--muted);
        stroke-width: 1;
      }
      .fault {
        stroke: var(--ink);
      }
      .leadership {
        stroke: var(--accent);
        stroke-width: 3;
      }
      .fork {
        stroke: var(--accent);
        stroke-width: 3;
        stroke-dasharray: 4 2;
      }
      .violation {
        stroke: var(--danger);
        stroke-width: 3;
      }
      .told {
        position: absolute;
        /* As far along itself as along the bar: it never sticks out of it. */
        left: calc(var(--share) * 100%);
        translate: calc(var(--share) * -100%);
        bottom: calc(100% - 0.125rem);
        z-index: 2;
        width: max-content;
        max-width: min(22rem, 100%);
        ${note}
        pointer-events: none;
      }
      .told b {
        font-weight: 600;
      }
      .told .violation {
        color: var(--danger);
      }
      @media (pointer: coarse) {
        input[type='range'] {
          height: 2.25rem;
        }
      }
    `,
  ];

  declare time: number;
  declare end: number;
  declare marks: Mark[];
  /** What the pointer is over. */
  declare told: { share: number; time: number; mark: Mark | undefined } | undefined;

  #drawn: TemplateResult[] = [];

  constructor() {
    super();
    this.addEventListener('pointermove', this.#tell);
    this.addEventListener('pointerleave', () => {
      this.told = undefined;
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('marks') || changed.has('end')) this.#drawn = this.#draw();
  }

  protected override render() {
    const share = this.end > 0 ? this.time / this.end : 0;
    return html`
      <svg viewBox="0 0 ${WIDTH} 28" preserveAspectRatio="none" aria-hidden="true">${this.#drawn}</svg>
      <input
        type="range"
        aria-label=${words.timeBar.label}
        min="0"
        max=${Math.round(this.end / GRAIN_MS)}
        .value=${String(Math.round(this.time / GRAIN_MS))}
        aria-valuetext=${words.time.of(moment(this.time), moment(this.end))}
        ${cssValues({ '--from': 0, '--to': share })}
        @input=${(event: Event & { target: HTMLInputElement }) =>
          emit(this, 'seek', event.target.valueAsNumber * GRAIN_MS)}
        @pointerdown=${this.#hold}
      />
      ${this.told ? this.#told(this.told) : nothing}
    `;
  }

  #told({ share, time, mark }: NonNullable<SfTimeBar['told']>): TemplateResult {
    return html`<div class="told" ${cssValues({ '--share': share })} aria-hidden="true">
      <b>${moment(mark?.time_ms ?? time)}</b>
      <span class=${mark?.kind ?? nothing}>${mark ? unbroken(mark.sentence) : nothing}</span>
    </div>`;
  }

  #draw(): TemplateResult[] {
    // What is drawn last is on top.
    return [...MARKS].reverse().map((kind) => {
      const [from, to] = LINES[kind];
      const places = this.marks
        .filter((mark) => mark.kind === kind && mark.time_ms <= this.end)
        .map(({ time_ms }) => Math.round((time_ms / this.end) * WIDTH));
      const path = [...new Set(places)].map((x) => `M${x} ${from}V${to}`).join('');
      return svg`<path class=${kind} d=${path}></path>`;
    });
  }

  #tell(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    const { left, width } = this.getBoundingClientRect();
    const inset = 8;
    const x = Math.min(Math.max(event.clientX - left - inset, 0), width - 2 * inset);
    const time = (x / (width - 2 * inset)) * this.end;
    const near = (NEAR_PX / (width - 2 * inset)) * this.end;
    this.told = { share: (x + inset) / width, time, mark: this.#nearest(time, near) };
  }

  /** Of the marks near a moment the weightiest kind, and of those the nearest. */
  #nearest(time: number, near: number): Mark | undefined {
    const rank = ({ kind }: Mark) => MARKS.indexOf(kind);
    return this.marks
      .filter(({ time_ms }) => Math.abs(time_ms - time) <= near)
      .sort((a, b) => rank(a) - rank(b) || Math.abs(a.time_ms - time) - Math.abs(b.time_ms - time))[0];
  }

  /** The pointer may be let go anywhere. */
  #hold(): void {
    emit(this, 'hold', undefined);
    const held = new AbortController();
    const release = () => {
      held.abort();
      emit(this, 'release', undefined);
    };
    for (const end of ['pointerup', 'pointercancel']) {
      window.addEventListener(end, release, { signal: held.signal });
    }
  }
}

define('sf-time-bar', SfTimeBar);

declare global {
  interface HTMLElementTagNameMap {
    'sf-time-bar': SfTimeBar;
  }
}
