export interface Hunted {
  runs: number;
  failed: number;
  interval: [number, number];
  violated: Record<string, number>;
  intervals: Record<string, [number, number]>;
  undecided?: Record<string, number>;
  first: { seed: number; check: string; at_ms: number; link: string } | null;
}

export function hunted(link: string, first: number, end: number): Hunted;
