/** The colours of the page, handed to the canvas. */

import { json, type Ink, type Json, type Palette } from '../core/index.ts';

/** The palette in force among the children of `place`, as the JSON text that the simulator takes. */
export function readPalette(place: ParentNode): Json<Palette> {
  const probe = document.createElement('span');
  place.append(probe);
  const style = getComputedStyle(probe);
  const colour = (ink: Ink) => {
    probe.style.color = `var(--${ink})`;
    return hex(style.color);
  };
  const palette: Palette = {
    font: style.getPropertyValue('--font').trim(),
    ground: colour('ground'),
    surface: colour('surface'),
    ink: colour('ink'),
    muted: colour('muted'),
    line: colour('line'),
    accent: colour('accent'),
    danger: colour('danger'),
    ok: colour('ok'),
    kind0: colour('kind0'),
    kind1: colour('kind1'),
    kind2: colour('kind2'),
    kind3: colour('kind3'),
    kind4: colour('kind4'),
    kind5: colour('kind5'),
  };
  probe.remove();
  return json(palette);
}

/** `rgb(251, 250, 247)`, the form that computed colours have, as `#fbfaf7`. */
function hex(computed: string): string {
  const channels = computed.match(/[\d.]+/g) ?? [];
  const byte = (text: string) => Math.round(Number(text)).toString(16).padStart(2, '0');
  return `#${channels.slice(0, 3).map(byte).join('')}`;
}
