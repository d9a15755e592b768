/** The marks of the time bar: how each kind looks, on the bar and where it is explained. */
import { css, html, type TemplateResult } from 'lit';
import type { MarkKind } from '../../core/index.ts';
import { every } from '../base/every.ts';
import { words } from '../../words.ts';

/** The kinds, the weightiest first. */
export const MARKS = every<MarkKind>()('violation', 'fault', 'leadership', 'timeout', 'fork');

/** A kind with its look: a sample in `markStyles`. */
export const markSample = (kind: MarkKind): TemplateResult => html`<span class="mark ${kind}"></span>`;

export const markMeaning = (kind: MarkKind): string => words.timeBar[kind];

export const markStyles = css`
  .mark {
    display: block;
    width: 2px;
    height: 0.5rem;
    background: var(--ink);
  }
  .mark.violation {
    width: 3px;
    height: 1.25rem;
    background: var(--danger);
  }
  .mark.leadership {
    width: 3px;
    background: var(--accent);
  }
  .mark.timeout {
    width: 1px;
    height: 0.25rem;
    background: var(--muted);
  }
  .mark.fork {
    width: 0;
    height: 1.25rem;
    border-inline-start: 3px dashed var(--accent);
    background: none;
  }
  @media (forced-colors: active) {
    .mark {
      forced-color-adjust: none;
    }
  }
`;
