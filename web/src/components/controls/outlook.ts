/** The whole run ahead in a line: a strip of when its checks break, and words that say the same. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Forecast } from '../../core/index.ts';
import { moment, unbroken } from '../../format.ts';
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
  /* What has no room in the line is left out, rather than cut off in a word. */
  .fits {
    display: inline-flex;
    flex-wrap: wrap;
    max-width: 100%;
    vertical-align: top;
    gap: 1px 0.375em;
    height: 1.3em;
    overflow: hidden;
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

/** What a whole run brings, in parts: what becomes of it, when, in how many seeds, and which check breaks first. */
interface Told {
  outcome: string;
  /** When the first check breaks. */
  brokenMs: number | undefined;
  /** Of how many checks that is true. */
  ofChecks: string;
  ofSeeds: string;
  first: string | undefined;
}

/** Of the check that breaks first: where one promise is given up for another, something breaks in every seed. */
function told({ checks, broken_seeds }: Forecast, seeds: number, asItIs?: Forecast | null): Told {
  const all = checks ?? [];
  const broken = all.flatMap((check) =>
    check.violated_ms === null ? [] : { ...check, ms: check.violated_ms },
  );
  const [first] = broken.sort((a, b) => a.ms - b.ms);
  if (first === undefined) return unbrokenOne(all, broken_seeds, seeds);
  const { defences } = words;
  const before = asItIs ? told(asItIs, seeds) : undefined;
  // What is read as the same moment is the same.
  const isSame = before?.outcome === defences.breaks(moment(first.ms)) && before.first === first.label;
  return {
    outcome: (isSame ? defences.stillBreaks : defences.breaks)(moment(first.ms)),
    brokenMs: first.ms,
    ofChecks: defences.ofChecks(broken.length, all.length),
    ofSeeds: first.broken_seeds === null ? '' : defences.inSeeds(first.broken_seeds, seeds),
    first: first.label,
  };
}

function unbrokenOne(checks: NonNullable<Forecast['checks']>, broken: number | null, seeds: number): Told {
  const { defences } = words;
  const open = checks.filter(({ state }) => state === 'undecided').length;
  return {
    outcome: open === checks.length ? defences.undecided : defences.holds,
    brokenMs: undefined,
    ofChecks: open === 0 || open === checks.length ? '' : defences.ofUndecided(open, checks.length),
    ofSeeds: broken === null ? '' : defences.ofSeeds(broken, seeds),
    first: undefined,
  };
}

/**
 * "When on: breaks at 56.75 s (84/300 seeds) · The file takes no write"; "still" where the run as it is breaks just so. `when`
 * says when it is so.
 */
export function says(
  forecast: Forecast | undefined,
  seeds: number,
  when = '',
  asItIs?: Forecast | null,
): TemplateResult | typeof nothing {
  if (!forecast?.checks) return nothing;
  const { outcome, brokenMs, ofChecks, ofSeeds, first } = told(forecast, seeds, asItIs);
  const isBroken = brokenMs !== undefined;
  const rest = isBroken ? [ofSeeds, `· ${unbroken(first ?? '')}`] : [ofChecks, ofSeeds && `· ${ofSeeds}`];
  // What is unseen stands where the line is not cut off: beyond, it would widen the page.
  return html`<span class="fits">
    <span>${when} <b class=${isBroken ? 'bad' : ''}>${outcome}</b>${isBroken ? html`<span class="unseen"> ${ofChecks}</span>` : nothing}</span>
    ${rest.filter(Boolean).map((text) => html`<span>${text}</span>`)}
  </span>`;
}

/** The same where there is no room for a check's name. The moment is a button, which calls back with it. */
export function saysBriefly(
  forecast: Forecast,
  seeds: number,
  onMoment: (ms: number) => void,
): TemplateResult {
  const { outcome, brokenMs, ofChecks, ofSeeds, first } = told(forecast, seeds);
  if (brokenMs === undefined) return html`${says(forecast, seeds)}`;
  return html`<button class="bad" title=${words.defences.breaksFirst(first ?? '')} @click=${() => onMoment(brokenMs)}>
      ${outcome}</button
    ><span class="unseen"> ${ofChecks}: ${first}</span>${ofSeeds && ` ${ofSeeds}`}`;
}
