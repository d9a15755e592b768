/** What hunts and shrinks stand in: a panel beside the figure, with a title and a button that closes it. */
import { css } from 'lit';

export const panel = css`
  :host {
    display: block;
  }
  /* The figure stays in sight above it. */
  @media (max-width: 59.99em) and (min-height: 37.5em) {
    :host {
      scroll-margin-top: min(66svh, 34.75rem);
    }
  }
  section.panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3) var(--space-3);
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
    outline: none;
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  h2 {
    font-size: var(--text-m);
    font-weight: 600;
  }
  h3 {
    margin-top: var(--space-1);
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 600;
  }
  p {
    font-size: var(--text-s);
    line-height: 1.4;
  }
  .muted {
    color: var(--muted);
  }
  .do {
    border: 1px solid var(--line);
  }
  .main {
    border: 1px solid var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  .main:hover {
    background: var(--accent);
    filter: brightness(1.08);
  }
  progress {
    width: 100%;
    height: 0.375rem;
    accent-color: var(--accent);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
  }
`;
