/** How the share of seeds that fail depends on one control: a plot with an interval for each value, and the same in numbers. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Control, HuntRun } from '../../core/index.ts';
import { countOf } from '../../session/hunt/count.ts';
import type { Result } from '../../session/hunt/hunting.ts';
import { words } from '../../session/hunt/words.ts';
import { save } from '../../files/save.ts';
import { stopsOf } from '../controls/stops.ts';

/** So many values of the control are tried. */
const VALUES = 9;

/** The plot, in its own units. */
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [360, 170, 44, 26, 8, 34] as const;

export const sweepStyles = css`
  .plot {
    width: 100%;
    height: auto;
    font-size: 11px;
    fill: var(--muted);
    stroke: none;
  }
  .csv {
    justify-self: start;
  }
  .plot line,
  .plot path {
    fill: none;
    stroke: var(--hairline);
  }
  .plot .interval {
    stroke: var(--danger);
    stroke-width: 1.5;
  }
  .plot .course {
    stroke: var(--danger);
    stroke-width: 1.5;
    stroke-dasharray: 3 3;
  }
  .plot circle {
    fill: var(--danger);
  }
`;

/** A value of the control, with what the runs there came to. */
export interface Stop {
  value: number;
  result: Result;
}

/** What was swept. */
export interface Sweep {
  stops: readonly Stop[];
  control: Control;
  /** How many seeds were to run at each value. */
  seeds: number;
  lab: string;
}

/** The values of a control that are tried, from its one end to the other. */
export function valuesOf(control: Control): number[] {
  const stops = stopsOf(control);
  const last = stops.length - 1;
  const count = Math.min(VALUES, stops.length);
  const places = Array.from({ length: count }, (_, index) =>
    Math.round((index * last) / Math.max(1, count - 1)),
  );
  return [...new Set(places)].map((place) => stops[place] ?? control.min);
}

/** Of what violates this check; without one, any. */
export function sweepOf(sweep: Sweep, check: string | undefined): TemplateResult {
  const { control, lab } = sweep;
  return html`
    ${plot(sweep, check)}
    <details>
      <summary>${words.numbers}</summary>
      ${table(sweep, check)}
    </details>
    <button class="do csv" @click=${() => save(words.file(lab, control.key), new Blob([csv(sweep)], { type: 'text/csv' }))}>
      ${words.csv}
    </button>
  `;
}

function table({ stops, control }: Sweep, check: string | undefined): TemplateResult {
  const rows = stops.flatMap(({ value, result }) => {
    const count = countOf(result, check);
    return count ? [{ named: words.value(value, control.unit), ...count }] : [];
  });
  const isAnyOpen = rows.some(({ undecided }) => undecided > 0);
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${control.label}</th>
          <th scope="col">${words.failed}</th>
          <th scope="col">${words.confidence}</th>
          ${isAnyOpen ? html`<th scope="col">${words.undecided}</th>` : nothing}
          ${check === undefined ? html`<th scope="col">${words.first}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ named, runs, violated, undecided, first }) => html`<tr>
            <th scope="row">${named}</th>
            <td>${words.fail(violated.count, runs)}</td>
            <td>${words.range(violated.low, violated.high)}</td>
            ${isAnyOpen ? html`<td>${words.count(undecided)}</td>` : nothing}
            ${check === undefined ? html`<td>${leadTo(first, named)}</td>` : nothing}
          </tr>`,
        )}
      </tbody>
    </table>
  `;
}

function leadTo(first: HuntRun | undefined, named: string): TemplateResult | typeof nothing {
  if (!first) return nothing;
  const label = words.firstAt(first.seed, named);
  return html`<a href=${first.link} aria-label=${label}>${words.run(first.seed)}</a>`;
}

function plot({ stops, control }: Sweep, check: string | undefined): TemplateResult {
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, stops.length - 1);
  const x = (place: number) => LEFT + place * step;
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const known = stops.flatMap(({ result }, place) => {
    const count = countOf(result, check);
    return count ? [{ place, share: count.violated }] : [];
  });
  const course = known.map(({ place, share }) => `${x(place)} ${y(share.of_these)}`).join('L');
  // Every second value where all would not fit.
  const isNamed = (place: number) => stops.length <= 5 || place % 2 === 0;
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${words.plot(control.label)}>
    ${[0, 0.5, 1].map(
      (share) => svg`<line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(share)} y2=${y(share)} />
        <text x=${LEFT - 6} y=${y(share) + 4} text-anchor="end">${Math.round(100 * share)}\u00a0%</text>`,
    )}
    ${course === '' ? nothing : svg`<path class="course" d=${`M${course}`} />`}
    ${known.map(
      ({
        place,
        share,
      }) => svg`<line class="interval" x1=${x(place)} x2=${x(place)} y1=${y(share.low)} y2=${y(share.high)} />
        <circle cx=${x(place)} cy=${y(share.of_these)} r="3" />`,
    )}
    ${stops.map(({ value }, place) =>
      isNamed(place)
        ? svg`<text x=${x(place)} y=${HEIGHT - 8} text-anchor="middle">${words.value(value, control.unit)}</text>`
        : nothing,
    )}
  </svg>`;
}

/** As a table for other programs: for each value a row for any check, and one for each; the link opens the run of any seed. */
export function csv({ stops, control: { key, unit }, seeds }: Sweep): string {
  const numbers = ['seeds', 'runs', 'failed', 'undecided', 'share', 'low', 'high'];
  const head = [key, 'unit', 'check', ...numbers, 'link'];
  const rows = stops.flatMap(({ value, result }) =>
    [undefined, ...(result.found?.checks ?? []).map(({ id }) => id)].flatMap((check) => {
      const count = countOf(result, check);
      if (!count) return [];
      const { runs, undecided, violated } = count;
      const { count: failed, of_these: share, low, high } = violated;
      return [
        [value, unit, check ?? 'any', seeds, runs, failed, undecided, share, low, high, `"${result.link}"`],
      ];
    }),
  );
  return [head, ...rows].map((row) => `${row.join(',')}\n`).join('');
}
