/**
 * For a page with frames of Slowfire: gives each the height that it asks for, at the width that it has.
 *
 * A page that would rather not load it does the same itself: see "The frame" in `docs/embed.md`.
 */
import { heightIn } from './core/frame-height.ts';

window.addEventListener('message', ({ source, origin, data }) => {
  const height = heightIn(data);
  if (height === undefined) return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source && isFrom(frame, origin)) frame.style.height = `${height}px`;
  }
});

/** A frame in a sandbox has no origin. */
function isFrom(frame: HTMLIFrameElement, origin: string): boolean {
  return origin === 'null' || origin === new URL(frame.src, window.location.href).origin;
}
