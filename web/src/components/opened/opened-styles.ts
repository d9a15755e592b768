/** How the page of opened files looks. */
import { css } from 'lit';

export const openedStyles = css`
  header a {
    text-decoration: none;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }
  h1 {
    font-family: var(--serif);
    font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem);
    font-weight: 400;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }
  h2 {
    margin-bottom: var(--space-1);
    font-size: var(--text-m);
    font-weight: 600;
  }
  p,
  dl,
  .list {
    max-width: 50em;
    font-size: var(--text-m);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-1) var(--space-3);
  }
  dt {
    font-weight: 600;
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
  label {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    font-size: var(--text-m);
  }
  select,
  input {
    min-height: 2.25rem;
    padding-inline: var(--space-2);
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--surface);
    color: var(--ink);
    font: inherit;
    font-size: var(--text-m);
  }
  input {
    width: 8rem;
  }
  button,
  .choose {
    border: 1px solid var(--line);
  }
  .choose {
    min-height: 2.25rem;
    padding-inline: var(--space-3);
    border-radius: 4px;
    cursor: pointer;
  }
  .choose:focus-within {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  /* What somebody else's host is called may be long, and is shown whole. */
  .fetch {
    max-width: 100%;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .choose input {
    position: absolute;
    width: 1px;
    min-height: 0;
    height: 1px;
    padding: 0;
    opacity: 0;
  }
`;
