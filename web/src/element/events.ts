/** What a page hears of a figure. All times are virtual milliseconds. */

/** The kinds of events, and the `detail` of each. */
export interface FigureEvents {
  /** The run is there; `link` is its address on the full page. */
  ready: { link: string };
  /** A check has been found violated, at `atMs` if that moment is known. */
  violation: { check: string; sentence: string; atMs: number | null };
  /** The run stands at another moment, or plays, or rests. At most once per frame. */
  timechange: { timeMs: number; endMs: number; playing: boolean };
  /** An attribute or the link has a value that cannot be used, or there is no simulator; `message` is a sentence. */
  error: { message: string; attribute?: string; value?: string };
}

export type Tell = <K extends keyof FigureEvents>(kind: K, detail: FigureEvents[K]) => void;
