/** The look of the lists below the switches: what to try, what is promised, who says so. */
import { css } from 'lit';

export const lists = css`
  :host {
    display: grid;
    gap: var(--space-3);
    font-family: var(--serif);
    font-size: var(--text-m);
    line-height: 1.4;
  }
  h2 {
    margin-bottom: var(--space-1);
    font-family: var(--font);
  }
  ul {
    display: grid;
    gap: var(--space-2);
  }
  a {
    color: var(--accent);
  }
`;
