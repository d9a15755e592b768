/** Styles that several components have in common. */
import { css } from 'lit';

/** What is there for a screen reader, and takes no room: the inside of a rule. */
export const unseen = css`
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
`;

export const base = css`
  :host {
    display: block;
    box-sizing: border-box;
    font-variant-numeric: tabular-nums lining-nums;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h1,
  h2,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 4px;
  }
  a {
    color: inherit;
    text-decoration-color: var(--line);
    text-underline-offset: 0.2em;
  }
  a:hover {
    text-decoration-color: currentColor;
  }
  .unseen {
    ${unseen}
    white-space: nowrap;
  }
`;

/** The shadow of what floats over the page. */
export const shadow = css`0 2px 12px rgb(0 0 0 / 14%)`;

/** What floats over the page: the inside of a rule. */
export const floating = css`
  border: 1px solid var(--line);
  background: var(--surface);
  box-shadow: ${shadow};
  font-size: var(--text-s);
`;

/** A floating note of a few words: the inside of a rule. */
export const note = css`
  ${floating}
  padding: var(--space-1) var(--space-2);
  border-radius: 4px;
  line-height: 1.35;
`;

/** A property whose new value is often the old one again: only a difference in what it says counts. */
export const byValue = {
  attribute: false,
  hasChanged: (value: unknown, old: unknown) => JSON.stringify(value) !== JSON.stringify(old),
};

/** Quiet buttons: words or an icon, on the ground itself, `--button-pad` from its edges. */
export const buttons = css`
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-width: calc(1.25rem + 2 * var(--button-pad, var(--space-2)));
    min-height: 2.25rem;
    padding: 0 var(--button-pad, var(--space-2));
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--ink);
    font: inherit;
    font-size: var(--text-s);
    white-space: nowrap;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:hover {
    background: var(--hairline);
  }
  svg {
    display: block;
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;

/** A sheet over the page: a `dialog` with a title in it. */
export const sheets = css`
  dialog {
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    color: var(--ink);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }
  .title {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: var(--space-3);
  }
  .title h2 {
    font-family: var(--serif);
    font-size: 1.375rem;
    font-weight: 400;
  }
  h3 {
    margin: var(--space-4) 0 var(--space-1);
    font-size: var(--text-m);
    font-weight: 600;
  }
`;

/** A page without a run: its bar above, and its text in the middle. */
export const plainPage = css`
  :host {
    max-width: 76rem;
    margin-inline: auto;
    padding: 0 clamp(1rem, 4vw, 2rem) var(--space-6);
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    height: 2.75rem;
    font-weight: 600;
  }
`;

/** A group's name: small, and hidden from the eye where `--heading` is `none`. */
export const headings = css`
  h2 {
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 600;
    line-height: 1.3;
  }
`;

/** What folds: an angle before its heading. */
export const folds = css`
  summary {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    padding-block: var(--space-1);
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::before {
    flex: none;
    width: 0.4rem;
    height: 0.4rem;
    border: solid var(--muted);
    border-width: 0 1.5px 1.5px 0;
    translate: 0 -0.1rem;
    rotate: -45deg;
    content: '';
  }
  [open] > summary::before {
    rotate: 45deg;
  }
`;
