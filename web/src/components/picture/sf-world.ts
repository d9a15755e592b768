/** The world: click or tap what you see for its card, drag a line across links to cut them. */
import { css, html, svg, type TemplateResult } from 'lit';
import type { DrawnCut, Line } from '../../session/pictures/pictures.ts';
import { define, emit } from '../base/define.ts';
import { SfPicture, type Place } from './sf-picture.ts';

/** Sends `act` too. */
export class SfWorld extends SfPicture {
  static override properties = {
    ...SfPicture.properties,
    line: { state: true },
  };

  static override styles = [
    ...SfPicture.styles,
    css`
      :host {
        /* Sideways a finger cuts links; up and down it scrolls. */
        touch-action: pan-y pinch-zoom;
      }
      :host([points]) {
        cursor: pointer;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
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

  /** The cut that is being drawn. */
  declare line: Line | undefined;

  protected override render(): TemplateResult {
    const { line } = this;
    return html`
      ${super.render()}
      <svg aria-hidden="true">
        ${line ? svg`<line x1=${line.x1} y1=${line.y1} x2=${line.x2} y2=${line.y2}></line>` : ''}
      </svg>
    `;
  }

  protected override hovered(at: Place): void {
    this.toggleAttribute('points', this.pick(at) !== undefined);
  }

  protected override dragged(start: Place, _last: Place, at: Place): void {
    this.line = { x1: start.x, y1: start.y, x2: at.x, y2: at.y };
  }

  protected override dropped(isDone: boolean): void {
    const { line } = this;
    this.line = undefined;
    if (!line || !isDone) return;
    const { width, height } = this.getBoundingClientRect();
    emit(this, 'cut', { line, width, height } satisfies DrawnCut);
  }
}

define('sf-world', SfWorld);

declare global {
  interface HTMLElementTagNameMap {
    'sf-world': SfWorld;
  }
}
