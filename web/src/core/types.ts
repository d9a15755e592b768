/** What crosses the border to the simulator. All times are virtual milliseconds. */

/** One run of a scenario: the object that the simulator exports. */
export interface Run {
  free(): void;
  problems(): string[];
  about(): About;
  state(): State;
  time_ms(): number;
  end_ms(): number;
  advance(ms: number): void;
  /** To the next event; false where there is none. */
  step(): boolean;
  step_back(): boolean;
  seek(ms: number): void;
  restart(): void;
  reseed(seed: number): void;
  set(control: string, value: number): void;
  defend(id: string, on: boolean): void;
  link(): string;
  digest(): string;
  set_palette(json: string): void;
  paint(context: CanvasRenderingContext2D, width: number, height: number): void;
}

/** What stays the same while a run is open, but for the seed. */
export interface About {
  lab: Lab;
  seed: number;
  /** Virtual seconds a real second. */
  default_speed: number;
  controls: Control[];
  defences: Defence[];
  nodes: { id: string; name: string; role: string }[];
  checks: { id: string; label: string }[];
}

export interface Lab {
  id: string;
  title: string;
  chapter: string;
  question: string;
  summary: string;
}

export interface Control {
  key: string;
  label: string;
  group: ControlGroup;
  /** The bounds, the step and the initial value are in `unit`. */
  min: number;
  max: number;
  step: number;
  unit: string;
  scale: 'linear' | 'log';
  initial: number;
  hint: string;
}

export type ControlGroup = 'network' | 'clocks' | 'processes' | 'protocol';

export interface Defence {
  id: string;
  label: string;
  protects: string;
}

/** A moment of the run, in words and figures. */
export interface State {
  time_ms: number;
  end_ms: number;
  events: number;
  seed: number;
  controls: Record<string, ControlValue>;
  defences: Record<string, boolean>;
  verdicts: Verdict[];
  nodes: NodeState[];
  messages: MessageState[];
  /** The latest sentences, oldest first. */
  log: LogEntry[];
}

export interface ControlValue {
  value: number;
  /** The value with its unit: "80 ms". */
  text: string;
}

export interface Verdict {
  check: string;
  label: string;
  state: 'holds' | 'violated' | 'undecided';
  at_ms: number | null;
  sentence: string;
}

export interface NodeState {
  id: string;
  name: string;
  role: string;
  status: 'running' | 'paused' | 'crashed';
  wall_clock: string;
  offset: string;
  beliefs: string[];
}

export interface MessageState {
  id: number;
  from: string;
  to: string;
  label: string;
  progress: number;
  fate: 'travelling' | 'dying' | 'duplicate';
}

export interface LogEntry {
  id: number;
  time_ms: number;
  sentence: string;
}
