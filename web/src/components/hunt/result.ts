/** What a hunt found, as pictures and as text: a mark for each seed, the share that fails, and the first runs that do. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Core, HuntFound, HuntRun, HuntShare } from '../../core/index.ts';
import { countOf } from '../../session/hunt/count.ts';
import type { Result } from '../../session/hunt/hunting.ts';
import type { Strip } from '../../session/hunt/strip.ts';
import { words } from '../../session/hunt/words.ts';
import { moment } from '../../format.ts';
import * as icons from '../base/icons.ts';

export const resultStyles = css`
  .strip {
    width: 100%;
    height: 2rem;
    border-bottom: 1px solid var(--line);
    stroke: none;
  }
  .strip .violated {
    fill: var(--danger);
  }
  .strip .undecided {
    fill: var(--muted);
  }
  .strip .holds {
    fill: var(--ok);
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-3);
    color: var(--muted);
    font-size: var(--text-s);
  }
  .key span {
    display: inline-flex;
    align-items: end;
    gap: var(--space-1);
  }
  .key svg {
    width: 0.5rem;
    height: 1rem;
    stroke: none;
  }
  .share {
    font-size: var(--text-l);
    font-weight: 600;
    line-height: 1.35;
  }
  .share.violated {
    color: var(--danger);
  }
  .interval {
    color: var(--muted);
    font-size: var(--text-s);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--text-s);
  }
  th,
  td {
    padding: 0.125rem var(--space-2) 0.125rem 0;
    border-bottom: 1px solid var(--hairline);
    font-weight: 400;
    text-align: end;
    white-space: nowrap;
  }
  thead th {
    color: var(--muted);
  }
  tr > :first-child {
    text-align: start;
    white-space: normal;
  }
  @media (max-width: 39.99em) {
    th,
    td {
      white-space: normal;
    }
  }
  .failing li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2);
    border-bottom: 1px solid var(--hairline);
    font-size: var(--text-s);
  }
  .failing a {
    display: grid;
    grid-template-columns: 1.25rem minmax(0, 1fr);
    gap: 0 var(--space-2);
    padding-block: var(--space-1);
    color: var(--ink);
    text-decoration: none;
  }
  .pictured a {
    grid-template: auto 1fr / 6rem minmax(0, 1fr);
  }
  .failing sf-thumbnail {
    grid-row: 1 / 3;
  }
  .failing a:hover b {
    text-decoration: underline;
  }
  .failing svg {
    width: 1.25rem;
    grid-row: 1 / 3;
    color: var(--danger);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
  }
  .failing b {
    color: var(--accent);
    font-weight: 600;
  }
  .failing small {
    grid-column: 2;
    font-size: inherit;
  }
`;

/** The strip of a result, of all checks, and in words the share that violates one of them, or any. */
export function shareOf(result: Result, seeds: number, check?: string): TemplateResult {
  const { found, strip } = result;
  const count = countOf(result, check);
  if (!found || !count) return html`${stripOf(strip, '')}`;
  const { violated, undecided, runs } = count;
  return html`
    ${stripOf(strip, words.strip(seeds, said(found.failed, runs)))}
    <p class="share ${violated.count > 0 ? 'violated' : ''}">
      ${violated.count > 0 ? `${words.share(violated.of_these)}: ` : nothing}${said(violated, runs)}
    </p>
    <p class="interval">${words.interval(violated.low, violated.high)}</p>
    ${undecided > 0 ? html`<p class="interval open">${words.stillOpen(undecided)}</p>` : nothing}
  `;
}

const said = ({ count }: HuntShare, runs: number): string =>
  count === 0 ? words.none(runs) : words.fail(count, runs);

/** A run among thousands is seen, too. */
const LEAST_HEIGHT = 3;

/** The marks of a strip: high and red where seeds fail, short and green where they hold. Height tells them apart as well. */
function stripOf(strip: Strip, label: string): TemplateResult {
  const paths = { violated: '', undecided: '', holds: '' };
  for (let place = 0; place < strip.places; place += 1) {
    const { violated, undecided, holds } = strip.parts(place);
    const height = (share: number, most: number) =>
      share === 0 ? 0 : Math.max(share * most, Math.min(LEAST_HEIGHT, most));
    const bars = { violated: height(violated, 20), undecided: height(undecided, 12), holds: 6 * holds };
    let base = 20;
    for (const kind of ['violated', 'undecided', 'holds'] as const) {
      if (bars[kind] === 0) continue;
      paths[kind] += `M${place} ${base}h1v${-bars[kind]}h-1z`;
      base -= bars[kind];
    }
  }
  return html`<svg
    class="strip"
    role="img"
    aria-label=${label}
    viewBox="0 0 ${strip.places} 20"
    preserveAspectRatio="none"
    shape-rendering="crispEdges"
  >
    <path class="holds" d=${paths.holds} /><path class="undecided" d=${paths.undecided} /><path
      class="violated"
      d=${paths.violated}
    />
  </svg>`;
}

export function key(): TemplateResult {
  const sample = (kind: 'violated' | 'undecided' | 'holds', height: number) => html`<span
    ><svg class="strip" viewBox="0 0 8 20" aria-hidden="true">
      ${svg`<rect class=${kind} y=${20 - height} width="8" height=${height} />`}</svg
    >${words.legend[kind]}</span
  >`;
  return html`<p class="key">${sample('violated', 20)}${sample('undecided', 12)}${sample('holds', 6)}</p>`;
}

const share = ({ count, of_these }: HuntShare): string =>
  count === 0 ? '0' : `${words.count(count)} (${words.share(of_these)})`;

/** What each check says, as a table. */
export function checksOf({ checks }: HuntFound): TemplateResult {
  const isAnyOpen = checks.some(({ undecided }) => undecided > 0);
  return html`
    <table>
      <caption class="unseen">${words.checks}</caption>
      <thead>
        <tr>
          <th scope="col">${words.check}</th>
          <th scope="col">${words.violated}</th>
          <th scope="col">${words.confidence}</th>
          ${isAnyOpen ? html`<th scope="col">${words.undecided}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${checks.map(
          ({ id, label, violated, undecided }) => html`
            <tr data-check=${id}>
              <th scope="row">${label}</th>
              <td>${share(violated)}</td>
              <td>${words.range(violated.low, violated.high)}</td>
              ${isAnyOpen ? html`<td>${words.count(undecided)}</td>` : nothing}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** The first runs that fail: each opens where it does. With the simulator, each has a picture of that moment. */
export function failingOf(
  { failing }: HuntFound,
  shrink: (run: HuntRun) => void,
  core?: Core,
): TemplateResult | typeof nothing {
  if (failing.length === 0) return nothing;
  const picture = ({ link }: HuntRun) =>
    core ? html`<sf-thumbnail .core=${core} .link=${link}></sf-thumbnail>` : icons.violated;
  return html`
    <section class="failing ${core ? 'pictured' : ''}" aria-label=${words.failing}>
      <h3>${words.failing}</h3>
      <ul>
        ${failing.map((run) => {
          const time = moment(run.at_ms);
          return html`<li data-seed=${run.seed}>
            <a href=${run.link} aria-label=${words.opens(run.seed, run.label, time)}>
              ${picture(run)}<b>${words.run(run.seed)}</b><small>${words.runSays(run.label, time)}</small>
            </a>
            <button class="do smallest" aria-label=${words.shrinkThis(run.seed)} @click=${() => shrink(run)}>
              ${words.shrink}
            </button>
          </li>`;
        })}
      </ul>
    </section>
  `;
}
