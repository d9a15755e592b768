/** A presentation fills the screen, whatever its size. */
import { css } from 'lit';

export const presentationStyles = css`
  :host([presented]) {
    display: block;
    max-width: none;
    height: 100svh;
    padding: 0;
  }
  main.presentation {
    position: relative;
    grid-template: minmax(0, 1fr) auto auto auto / minmax(0, 1fr);
    gap: var(--space-2);
    height: 100svh;
    padding: var(--space-2) var(--space-5) var(--space-4);
  }
  .presentation .pictures {
    grid-row: auto;
    height: auto;
  }
  .presentation :is(.pictures, .modified, sf-caption, sf-worst, .notices) {
    grid-column: 1;
  }
  .presentation sf-caption {
    --lines: 2;
    --leading: 1.3;
    font-size: var(--text-l);
  }
  .presentation sf-worst {
    --why: block;
  }
  .presentation .notices {
    padding: 0;
  }
  .presentation .modified {
    margin: 0;
    color: var(--muted);
    font-size: var(--text-s);
    text-align: end;
  }
  .presentation .leave {
    position: absolute;
    z-index: 2;
    inset: 0 0 auto auto;
    color: var(--muted);
  }
  @media (max-width: 39.99em) {
    .present {
      display: none;
    }
  }
`;
