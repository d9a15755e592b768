/** Line icons on a 20 by 20 grid; always beside a word or under an aria-label. */
import { svg, type SVGTemplateResult } from 'lit';

const icon = (content: SVGTemplateResult): SVGTemplateResult =>
  svg`<svg viewBox="0 0 20 20" aria-hidden="true">${content}</svg>`;

export const play = icon(svg`<path d="M6.5 4.2v11.6l9-5.8z" fill="currentColor"/>`);
export const pause = icon(svg`<path d="M7 5v10M13 5v10" stroke-width="3"/>`);
export const stepForward = icon(
  svg`<path d="M6 5.2v9.6l6.6-4.8z" fill="currentColor"/><path d="M15.2 5v10"/>`,
);
export const stepBack = icon(svg`<path d="M14 5.2v9.6L7.4 10z" fill="currentColor"/><path d="M4.8 5v10"/>`);
export const restart = icon(svg`<path d="M4.6 7.6A6 6 0 1 1 4 10.6"/><path d="M4.2 3.6v4.2h4.2"/>`);
export const shuffle = icon(
  svg`<path d="M3 6h2.6c3.8 0 4.6 8 8.4 8H17M3 14h2.6c1.1 0 2-.7 2.7-1.7M11.7 7.7c.7-1 1.4-1.7 2.3-1.7H17M14.6 3.6 17 6l-2.4 2.4M14.6 11.6 17 14l-2.4 2.4"/>`,
);
export const hunt = icon(svg`<path d="M3 16v-3M6.5 16v-8M10 16v-2M13.5 16V4M17 16v-3" />`);
export const link = icon(
  svg`<path d="M8.4 11.6a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3l-1.3 1.3M11.6 8.4a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l1.3-1.3"/>`,
);
export const share = icon(svg`<path d="M10 12.4V3.4M6.6 6.4 10 3l3.4 3.4M5.6 9.4H4.4v7.2h11.2V9.4h-1.2"/>`);
export const present = icon(svg`<path d="M3 4h14v9H3zM10 13v4M6.5 17h7"/>`);
export const moon = icon(svg`<path d="M15.8 12.2A6.5 6.5 0 0 1 7.8 4.2a6.5 6.5 0 1 0 8 8z"/>`);
export const sun = icon(
  svg`<circle cx="10" cy="10" r="3.2"/><path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M4.7 15.3l1.2-1.2M14.1 5.9l1.2-1.2"/>`,
);
export const undo = icon(svg`<path d="M4 8h8a4.2 4.2 0 0 1 0 8.4H8.4M7.4 4.4 3.8 8l3.6 3.6"/>`);
export const redo = icon(svg`<path d="M16 8H8a4.2 4.2 0 0 0 0 8.4h3.6M12.6 4.4 16.2 8l-3.6 3.6"/>`);
export const next = icon(
  svg`<path d="M3.6 5.2v9.6l6-4.8z" fill="currentColor"/><path d="M14.6 5.4 18 10l-3.4 4.6L11.2 10z"/>`,
);
export const previous = icon(
  svg`<path d="M16.4 5.2v9.6l-6-4.8z" fill="currentColor"/><path d="M5.4 5.4 2 10l3.4 4.6L8.8 10z"/>`,
);
export const list = icon(svg`<path d="M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.6 5.5h.1M3.6 10h.1M3.6 14.5h.1"/>`);
export const legend = icon(
  svg`<circle cx="5" cy="5.5" r="1.8"/><path d="M3.2 13h3.6v3.4H3.2zM10 5.5h7M10 14.7h7"/>`,
);
export const twin = icon(svg`<path d="M3 5h5.5v10H3zM11.5 5H17v10h-5.5z"/>`);
export const zoomIn = icon(svg`<path d="M10 5v10M5 10h10"/>`);
export const zoomOut = icon(svg`<path d="M5 10h10"/>`);
export const skip = icon(svg`<path d="M3 10h2M8 10h1.5M12.5 6l4 4-4 4M17.5 5v10"/>`);
export const follow = icon(
  svg`<circle cx="10" cy="10" r="3"/><path d="M2.5 10S5.5 4.8 10 4.8 17.5 10 17.5 10 14.5 15.2 10 15.2 2.5 10 2.5 10z"/>`,
);
export const before = icon(svg`<path d="M12.5 5 7.5 10l5 5"/>`);
export const after = icon(svg`<path d="M7.5 5l5 5-5 5"/>`);
export const close = icon(svg`<path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/>`);
export const open = icon(svg`<path d="M8 5H5v10h10v-3M11 4.5h4.5V9M15 5l-5.5 5.5"/>`);

export const holds = icon(svg`<circle cx="10" cy="10" r="7.5"/><path d="M6.7 10.2l2.3 2.3 4.3-4.8"/>`);
export const violated = icon(
  svg`<path d="M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7z"/><path d="M7.4 7.4l5.2 5.2M12.6 7.4l-5.2 5.2"/>`,
);
export const undecided = icon(
  svg`<circle cx="10" cy="10" r="7.5" stroke-dasharray="2.6 2.63"/><path d="M6.8 10h6.4"/>`,
);
