/** Where everything stands on a lab's page: on a laptop, on a phone, on a wall. */
import { css } from 'lit';
import { unseen } from '../base/shared.ts';

export const pageStyles = css`
  :host {
    --bar: 2.75rem;
    max-width: 110rem;
    margin-inline: auto;
    padding-inline: var(--space-4);
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    height: var(--bar);
  }
  header a {
    font-weight: 600;
    text-decoration: none;
  }
  .chapter {
    flex: 1;
    overflow: hidden;
    margin-inline-start: var(--space-3);
    color: var(--muted);
    font-size: var(--text-s);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (max-width: 39.99em) {
    .share span {
      ${unseen}
    }
  }
  main,
  .figure,
  .player {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-width: 0;
  }
  main {
    gap: var(--space-2);
    outline: none;
  }
  .player {
    gap: 0;
  }
  .pictures {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
    height: clamp(12rem, 36svh, 26rem);
  }
  .seeking {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
  }
  .both {
    grid-template-rows: minmax(0, 1fr) minmax(0, 1fr);
  }
  .with-logs {
    grid-template-rows: minmax(0, 3fr) minmax(0, 2fr);
    height: clamp(16rem, 46svh, 32rem);
  }
  /* What a reader asked for has the room of both. */
  sf-why,
  sf-twin,
  sf-guess {
    grid-row: 1 / -1;
  }
  .picture + .picture {
    border-top: 1px solid var(--hairline);
  }
  sf-mirror {
    position: absolute;
  }
  sf-card,
  sf-mirror[open] {
    position: absolute;
    z-index: 3;
    top: var(--space-2);
    right: 0;
    width: min(20rem, 100%);
    max-height: calc(100% - var(--space-4));
  }
  .left {
    right: auto;
    left: 0;
  }
  .decisive {
    /* A curve that joins the others later must not move what stands below. */
    height: 9.5rem;
    overflow: hidden;
  }
  .told {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    align-items: center;
    gap: var(--space-2);
  }
  .told sf-fog {
    grid-column: 2;
  }
  sf-legend {
    grid-column: 3;
  }
  .play {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
  }
  .time {
    white-space: nowrap;
    font-size: var(--text-s);
    color: var(--muted);
  }
  .time b {
    display: inline-block;
    min-width: calc(var(--digits) * 1ch);
    text-align: end;
    color: var(--ink);
    font-size: var(--text-l);
    font-weight: 600;
  }
  /* Two lines, whatever it says: nothing below it moves. */
  .verdict {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2);
    height: 2rem;
    font-size: var(--text-s);
    line-height: 1rem;
  }
  .verdict span {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
  }
  .verdict.next {
    padding: 0;
    border: 0;
    background: none;
    text-align: start;
    white-space: normal;
  }
  .verdict.next span {
    grid-column: 2 / -1;
    color: var(--accent);
    font-weight: 600;
  }
  .verdict.unknown span {
    grid-column: 1 / -1;
  }
  .verdict:is(.holds, .undecided, .unknown) span {
    color: var(--muted);
  }
  .holds svg {
    color: var(--ok);
  }
  .verdict.violated :is(svg, b) {
    color: var(--danger);
  }
  .pace {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 var(--space-3);
  }
  sf-speed {
    flex: 1 1 6.5rem;
    max-width: 10rem;
  }
  .side {
    /* What is unseen in it scrolls with it, and does not make the page longer. */
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: var(--space-4);
    padding-block: var(--space-2) var(--space-6);
  }
  /* Its line is there before its script is. */
  sf-rules:not(:defined) {
    display: block;
    min-height: 1.75rem;
  }
  sf-path-bar:not(:defined) {
    display: block;
    min-height: 3.25rem;
  }
  /* It takes no row of the grid before its script is there; on paper its own style shows it. */
  sf-sheet:not(:defined) {
    display: none;
  }
  @media print {
    :host {
      display: block;
      max-width: none;
      height: auto;
      padding: 0;
    }
    sf-sheet:defined:not([veiled]) ~ * {
      display: none;
    }
  }
  .facts {
    color: var(--muted);
    font-size: var(--text-s);
    overflow-wrap: anywhere;
  }
  @media (max-width: 39.99em) {
    header {
      gap: 0;
    }
    .chapter {
      visibility: hidden;
    }
    .play {
      gap: 0 var(--space-2);
    }
    .pace {
      flex: 1 0 100%;
      flex-wrap: nowrap;
    }
    /* So there is room for all buttons. */
    .time span {
      ${unseen}
    }
    .time b::after {
      content: ' s';
      color: var(--muted);
      font-size: var(--text-s);
      font-weight: 400;
    }
    sf-speed {
      flex: 1;
      max-width: none;
    }
    .side {
      --heading: none;
      --story: 0;
    }
    .side > sf-offers,
    sf-verdicts {
      order: -1;
    }
    sf-hunt,
    sf-shrink {
      order: -2;
    }
  }
  /* A phone has room for all of the head's buttons beside each other. */
  @media (max-width: 26em) {
    header {
      --button-pad: 0.375rem;
    }
  }
  /* As at 400 % zoom: all of the head's buttons beside each other. */
  @media (max-width: 22em) {
    header,
    sf-transport {
      --button-pad: 0.1875rem;
    }
    sf-transport {
      --play: 2.25rem;
    }
  }
  @media (max-width: 59.99em) and (max-height: 42em) {
    .pictures {
      height: 32svh;
    }
  }
  @media (max-width: 59.99em) and (max-height: 37.49em) {
    sf-caption {
      display: none;
    }
  }
  @media (max-width: 59.99em) {
    /* Where a sentence hardly fits into a line. */
    sf-caption {
      --lines: 2;
      --leading: 1.25;
    }
    sf-card,
    .left {
      position: fixed;
      inset: auto 0 0;
      z-index: 4;
      width: auto;
      max-height: 52svh;
      border-radius: 12px 12px 0 0;
    }
  }
  @media (max-width: 39.99em) {
    /* The story is below the first view: its step stands here. */
    sf-caption {
      --caption: var(--text-s);
    }
  }
  @media (max-width: 39.99em) and (min-height: 45em) {
    sf-caption {
      --lines: 4;
      --long-lines: 4;
    }
    /* A walk has three pictures, and tells below them what the caption and the player would. */
    .pictures:has(sf-why) {
      height: 46svh;
    }
  }
  @media (max-width: 59.99em) and (min-height: 37.5em) {
    /* The picture stays in sight while the reader goes to the controls. */
    .figure {
      position: sticky;
      top: 0;
      z-index: 2;
      margin-inline: calc(-1 * var(--space-4));
      padding: 0 var(--space-4) var(--space-2);
      border-bottom: 1px solid var(--hairline);
      background: var(--ground);
    }
  }
  @media (min-width: 60em) {
    /* One view: the figure keeps its place, and what explains it scrolls beside it. */
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      height: max(100svh, 30rem);
      padding-inline: var(--space-6);
    }
    main {
      grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) clamp(23rem, 34vw, 30rem);
      gap: 0 var(--space-6);
      padding-bottom: var(--space-3);
    }
    .notices,
    sf-lab-header {
      grid-column: 1 / -1;
      padding-bottom: var(--space-3);
    }
    .figure {
      grid-row: 3;
      grid-template-rows: auto minmax(0, 1fr) auto auto;
      padding-top: var(--space-1);
      border-top: 1px solid var(--hairline);
    }
    .figure.asking {
      grid-column: 1 / -1;
    }
    .pictures {
      grid-row: 2;
      height: auto;
    }
    .decisive {
      grid-row: 3;
    }
    .player {
      grid-row: 4;
    }
    .side {
      grid-row: 3;
      overflow: auto;
      /* The focus ring of what touches the edge. */
      margin-inline: calc(-1 * var(--space-2));
      padding: var(--space-3) var(--space-2) var(--space-6);
      border-top: 1px solid var(--hairline);
      scrollbar-width: thin;
      scrollbar-color: var(--hairline) transparent;
    }
    /* Narrower than its contents like to be: a clock that gets another digit must not move it to another line. */
    .pace {
      flex: 1 1 15rem;
      max-width: 25rem;
      margin-inline-start: auto;
    }
  }
  @media (min-width: 75.01em) {
    /* The words beside its icons. */
    .pace {
      flex-basis: 21.5rem;
    }
  }
  @media (min-width: 60em) and (max-height: 56em) {
    /* On a laptop all that explains the picture, and all that acts on it, is in the first view. */
    .side {
      --story: 5.25rem;
      --story-size: var(--text-m);
      gap: var(--space-2);
      padding-top: var(--space-1);
    }
    sf-verdicts {
      --heading: none;
    }
  }
  @media (min-width: 60em) and (max-height: 46em) {
    :host {
      --bar: 2.25rem;
    }
    sf-lab-header {
      padding-bottom: var(--space-2);
    }
    .side {
      --story: 5.5rem;
      gap: var(--space-3);
    }
  }
`;
