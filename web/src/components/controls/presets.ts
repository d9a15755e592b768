/** Well-known weathers, as values of whatever controls a lab has. */
import type { Control } from '../../core/index.ts';
import { words } from '../../words.ts';

interface Preset {
  name: string;
  hint: string;
  /** By the key of a control, in its unit. */
  values: Readonly<Record<string, number>>;
}

export const PRESETS: readonly Preset[] = [
  {
    name: words.presets.oneRack,
    hint: words.presets.oneRackHint,
    values: { latency: 1, jitter: 0, loss: 0, duplication: 0, spike: 0, corruption: 0 },
  },
  {
    name: words.presets.threeRegions,
    hint: words.presets.threeRegionsHint,
    values: { latency: 80, jitter: 20, loss: 1, duplication: 0, spike: 1, corruption: 0 },
  },
  {
    name: words.presets.badMobile,
    hint: words.presets.badMobileHint,
    values: { latency: 250, jitter: 200, loss: 10, duplication: 2, spike: 10, corruption: 0 },
  },
  {
    name: words.presets.onFire,
    hint: words.presets.onFireHint,
    values: { latency: 400, jitter: 400, loss: 35, duplication: 15, spike: 40, corruption: 5 },
  },
];

/** What a preset means for these controls; empty where it moves none of them. */
export function valuesOf(preset: Preset, controls: readonly Control[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const { key, min, max } of controls) {
    const value = preset.values[key];
    if (value !== undefined) values.set(key, Math.min(Math.max(value, min), max));
  }
  return values;
}
