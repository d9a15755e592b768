/** The colours of the page, handed to the canvas. */

const COLOURS = [
  'ground',
  'surface',
  'ink',
  'muted',
  'line',
  'accent',
  'danger',
  'ok',
  'kind0',
  'kind1',
  'kind2',
  'kind3',
  'kind4',
  'kind5',
] as const;

/** The palette in force among the children of `place`, as the JSON text that the simulator takes. */
export function readPalette(place: ParentNode): string {
  const probe = document.createElement('span');
  place.append(probe);
  const style = getComputedStyle(probe);
  const palette: Record<string, string> = { font: style.getPropertyValue('--font').trim() };
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`;
    palette[name] = hex(style.color);
  }
  probe.remove();
  return JSON.stringify(palette);
}

/** `rgb(251, 250, 247)`, the form that computed colours have, as `#fbfaf7`. */
function hex(computed: string): string {
  const channels = computed.match(/[\d.]+/g) ?? [];
  const byte = (text: string) => Math.round(Number(text)).toString(16).padStart(2, '0');
  return `#${channels.slice(0, 3).map(byte).join('')}`;
}
