/** How the pages of a lesson path look. */
import { css } from 'lit';

export const pathStyles = css`
  header a {
    text-decoration: none;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 44rem);
    gap: var(--space-4);
    padding-block: var(--space-4);
    outline: none;
  }
  h1 {
    font-family: var(--serif);
    font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem);
    font-weight: 400;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }
  p,
  li {
    font-size: var(--text-m);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .muted {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-4);
  }
  .row button {
    border: 1px solid var(--line);
  }
  .main {
    display: inline-block;
    padding: var(--space-2) var(--space-4);
    border-radius: 6px;
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
    text-decoration: none;
  }
  @media (forced-colors: active) {
    .main {
      border: 1px solid;
    }
  }
`;
