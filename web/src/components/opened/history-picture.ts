/** A history of any system as a picture: a row for each process, a bar for each operation, in the order of the entries. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Bar, HistoryPicture } from '../../judge/judged.ts';
import { words } from '../../files/words.ts';

const ROW = 46;
const BAR = 16;
/** The middle of a bar in its row: its label is above it. */
const MIDDLE = 31;
const [NARROWEST, WIDEST] = [26, 84];
/** So wide is a letter of a label, on average. */
const LETTER = 6.4;
const MARGIN = 8;

export const historyStyles = css`
  .history {
    display: grid;
    grid-template-columns: fit-content(8rem) minmax(0, 1fr);
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--ground);
  }
  .history ol {
    border-inline-end: 1px solid var(--line);
  }
  .history li {
    display: block;
    height: ${ROW}px;
    padding: 1.25rem var(--space-3) 0;
    overflow: hidden;
    font-size: var(--text-s);
    line-height: 1.2;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .history + p {
    margin-top: var(--space-2);
  }
  .scroll {
    overflow-x: auto;
  }
  .scroll svg {
    display: block;
    width: auto;
    height: auto;
    max-width: none;
    stroke-linecap: butt;
  }
  .history text {
    fill: var(--ink);
    stroke: none;
    font-size: 12px;
    user-select: text;
  }
  .history path {
    fill: var(--surface);
    stroke: var(--ink);
    stroke-width: 1.2;
  }
  .history .lane {
    fill: none;
    stroke: var(--hairline);
  }
  .history .info path {
    stroke-dasharray: 4 4;
  }
  .history .fail {
    opacity: 0.55;
  }
  .history .accused path {
    stroke: var(--danger);
    stroke-width: 2.5;
  }
  .history .accused text {
    fill: var(--danger);
    font-weight: 600;
  }
`;

/** The picture; the names of the processes stay where they are when it is scrolled. */
export function historyPicture(picture: HistoryPicture): TemplateResult {
  const column = columnWidth(picture.bars);
  const [width, height] = [picture.columns * column + 2 * MARGIN, picture.rows.length * ROW];
  return html`<div class="history">
    <ol>
      ${picture.rows.map((name) => html`<li title=${words.open.process(name)}>${name}</li>`)}
    </ol>
    <div class="scroll" tabindex="0" role="group" aria-label=${words.open.picture}>
      <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}">
        ${picture.rows.map((_, row) => svg`<path class="lane" d="M0 ${(row + 1) * ROW - 0.5}H${width}" />`)}
        ${picture.bars.map((bar) => drawn(bar, column, width))}
      </svg>
    </div>
  </div>`;
}

/** Wide enough for most labels above their bars. */
function columnWidth(bars: readonly Bar[]): number {
  const wanted = bars.map(
    ({ from, to, label }) => (label.length * LETTER) / Math.max(1, (to ?? from + 4) - from),
  );
  return Math.round(Math.min(Math.max(NARROWEST, ...wanted), WIDEST));
}

function drawn(bar: Bar, column: number, width: number): TemplateResult {
  const { row, from, to, outcome } = bar;
  const [left, right] = [MARGIN + from * column, to === null ? width : MARGIN + to * column];
  const [top, bottom] = [row * ROW + MIDDLE - BAR / 2, row * ROW + MIDDLE + BAR / 2];
  const outline =
    to === null
      ? `M${right} ${top}H${left}V${bottom}H${right}`
      : `M${left} ${top}H${right}V${bottom}H${left}Z`;
  const classes = [
    outcome,
    ...(bar.is_accused ? ['accused'] : []),
    ...(bar.is_unplaced ? ['unplaced'] : []),
  ];
  return svg`<g class=${classes.join(' ')}>
    <title>${words.open.line(bar.line)}: ${bar.sentence}</title>
    <path d=${outline} />
    <text x=${left} y=${top - 4}>${bar.is_unplaced ? '✗ ' : nothing}${bar.label}</text>
  </g>`;
}
