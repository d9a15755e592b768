/** What crosses the border to the simulator. All times are virtual milliseconds. */

/** One run of a scenario: the object that the simulator exports. */
export interface Run {
  free(): void;
  problems(): string[];
  about(): About;
  /** Of the messages in flight at most so many, the first ones sent. */
  state(mostMessages: number): State;
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
  /** Several controls as one step: their values by their keys, as JSON. */
  set_many(json: string): void;
  defend(id: string, on: boolean): void;
  link(): string;
  digest(): string;
  set_palette(json: string): void;
  /** Paints a view, named in the words of links. */
  paint(view: string, context: CanvasRenderingContext2D, width: number, height: number): void;

  /** Does something now, in the words of links without the time: `crash:bank`. Throws what a reader can mend. */
  act(deed: string): void;
  undo(): boolean;
  redo(): boolean;
  /** How often `undo` and `redo` would find something. */
  steps(): Steps;
  /** A slider was let go: its next turn is another step of `undo`. */
  end_drag(): void;
  /** The branches, the first of all first. */
  futures(): Future[];
  switch_future(place: number): void;
  next_interesting(): boolean;
  previous_interesting(): boolean;
  /** When the next event is due; the end where there is none. */
  next_activity_ms(): number;

  /** What all pictures show: a {@link Look} as JSON. */
  look(json: string): void;
  /** The view that the link or the lab asks for. */
  view(): string | undefined;
  /** The node through whose eyes the link has the run looked at. */
  eyes(): string | undefined;
  /** Says in the link which view is shown; nothing, if links have no word for it. */
  show_view(view: string): void;
  /** The clients' operations in the window. */
  history(): Operation[];
  /** What is at a place of a view. */
  pick(view: string, x: number, y: number, width: number, height: number): Pick | null;
  links_crossed(x1: number, y1: number, x2: number, y2: number, width: number, height: number): LinkEnds[];
  /** Of all that was ever simulated on this branch. */
  marks(): Mark[];

  node_card(id: string): NodeCard | null;
  message_card(id: number): MessageCard | null;
  link_card(from: string, to: string): LinkCard | null;
  event_card(id: number): EventCard | null;

  /** Breaks, with this message. */
  panic(message: string): void;

  story(): Lesson;
  series(): Series[];
}

export interface LabEntry {
  id: string;
  title: string;
  chapter: string;
  question: string;
}

export interface Steps {
  undo: number;
  redo: number;
}

export interface Future {
  name: string;
  forked_at_ms: number;
  frontier_ms: number;
  is_current: boolean;
}

export interface Look {
  /** The node whose view is shown; null for the true world. */
  perspective: string | null;
  light_node: string | null;
  light_message: number | null;
  selected_event: number | null;
  /** Whether space-time is drawn by each node's own clock. */
  bent: boolean;
  from_ms: number;
  to_ms: number;
}

export type Pick = NodePick | MessagePick | LinkPick | EventPick;

export interface EventPick {
  kind: 'event';
  id: number;
}

export interface NodePick {
  kind: 'node';
  id: string;
}

export interface MessagePick {
  kind: 'message';
  id: number;
}

export interface LinkEnds {
  from: string;
  to: string;
}

export interface LinkPick extends LinkEnds {
  kind: 'link';
}

export type MarkKind = 'fault' | 'violation' | 'leadership' | 'timeout' | 'fork';

export interface Mark {
  time_ms: number;
  kind: MarkKind;
  sentence: string;
}

/** What a card lets the reader do: a button's words, and what `act` takes. */
export interface CardAction {
  label: string;
  deed: string;
}

export interface NodeCard {
  id: string;
  name: string;
  role: string;
  status: NodeStatus;
  leads: boolean;
  inbox: number;
  unsynced_writes: number;
  /** How many times slower than healthy. */
  limp: number;
  wall_clock: string;
  monotonic_clock: string;
  /** How far the wall clock is off; through a node's eyes nobody can see that. */
  offset?: string;
  badge: string;
  state: { name: string; value: string }[];
  beliefs: string[];
  timers: { says: string; due_in_ms: number }[];
  operations: { name: string; does: string; deed: string }[];
  actions: CardAction[];
}

export interface MessageCard {
  id: number;
  label: string;
  says: string;
  from: string;
  to: string;
  sent_ms: number;
  due_ms: number;
  fate: string;
  is_duplicate: boolean;
  is_corrupted: boolean;
  cause: string;
  actions: CardAction[];
}

export interface LinkCard {
  from: string;
  to: string;
  latency: string;
  jitter: string;
  loss: string;
  cut: 'open' | 'dropped' | 'held';
  actions: CardAction[];
}

export interface EventCard {
  id: number;
  time_ms: number;
  sentence: string;
  node: string;
  cause: number | null;
  effects: number[];
}

export interface Lesson {
  steps: StoryStep[];
  tries: { markdown: string; link: string | null }[];
  sources: { markdown: string }[];
}

export interface StoryStep {
  markdown: string;
  at_ms: number | null;
  node: string | null;
  message: number | null;
}

/** A client's operation. */
export interface Operation {
  client: string;
  says: string;
  state: 'under way' | 'answered' | 'refused' | 'given up';
  /** Whether it shows a violation. */
  is_accused: boolean;
  begun_ms: number;
  ended_ms: number | null;
}

/** A measurement over time, for a plot. */
export interface Series {
  id: string;
  label: string;
  unit: string;
  times_s: number[];
  values: (number | null)[];
  group: string;
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

export type ControlGroup = 'network' | 'clocks' | 'processes' | 'protocol' | 'further';

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
  /** How many messages are in flight; `messages` may hold fewer. */
  in_flight: number;
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

export type NodeStatus = 'running' | 'paused' | 'crashed';

export interface NodeState {
  id: string;
  name: string;
  role: string;
  status: NodeStatus;
  leads: boolean;
  wall_clock: string;
  monotonic_clock: string;
  /** How far the wall clock is off; through a node's eyes nobody can see that. */
  offset?: string;
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
