/** The whole run ahead in a line: a strip of when its checks break, and words that say the same. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Forecast } from '../../core/index.ts';
import { moment, unbroken } from '../base/format.ts';
import { words } from '../../words.ts';

/** The strip's width and height as it is drawn; it is stretched to its place. */
const WIDTH = 1000;
const HEIGHT = 8;

export const outlookStyles = css`
  /* A picture of its own, and no icon. */
  .strip {
    display: block;
    stroke: none;
    width: 100%;
    height: 0.375rem;
  }
  .strip .held {
    fill: var(--ok);
  }
  .strip .open {
    fill: var(--line);
  }
  .strip .broken {
    fill: var(--danger);
  }
  .ahead {
    overflow: hidden;
    color: var(--muted);
    font-size: var(--text-s);
    line-height: 1.3;
    min-height: 1.3em;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .ahead b {
    color: var(--ink);
    font-weight: 600;
  }
  .ahead .bad {
    color: var(--danger);
  }
`;

/** A thin line while all holds; from the first violation on, a thick one. */
export function strip(forecast: Forecast | undefined, endMs: number): TemplateResult {
  const checks = forecast?.checks ?? [];
  const broken = Math.min(...checks.map(({ violated_ms }) => violated_ms ?? Infinity));
  const isOpen = checks.every(({ state }) => state === 'undecided');
  const x = Math.min(broken / endMs, 1) * WIDTH;
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class=${isOpen ? 'open' : 'held'} y=${HEIGHT - 2} width=${WIDTH} height="2"></rect>`}
    ${broken < Infinity ? svg`<rect class="broken" x=${x} width=${WIDTH - x} height=${HEIGHT}></rect>` : nothing}
  </svg>`;
}

/**
 * "breaks at 56.75 s (84 of 300 seeds): The file takes no write", of the check that breaks first: where one promise
 * is given up for another, something breaks in every seed.
 */
export function says(forecast: Forecast | undefined, seeds: number): TemplateResult | typeof nothing {
  if (!forecast?.checks) return nothing;
  const { checks, broken_seeds } = forecast;
  const broken = checks.flatMap((check) =>
    check.violated_ms === null ? [] : { ...check, ms: check.violated_ms },
  );
  const [first] = broken.sort((a, b) => a.ms - b.ms);
  if (first === undefined) {
    const isOpen = checks.every(({ state }) => state === 'undecided');
    const counted =
      broken_seeds === null ? nothing : html` · ${words.defences.ofSeeds(broken_seeds, seeds)}`;
    return html`<b>${isOpen ? words.defences.undecided : words.defences.holds}</b>${counted}`;
  }
  const counted =
    first.broken_seeds === null ? nothing : html` ${words.defences.inSeeds(first.broken_seeds, seeds)}`;
  // What is unseen stands where the line is not cut off: beyond, it would widen the page.
  return html`<b class="bad">${words.defences.breaks(moment(first.ms))}</b>
    <span class="unseen">${words.defences.ofChecks(broken.length, checks.length)}</span>${counted}: ${unbroken(first.label)}`;
}
