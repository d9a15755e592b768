/**
 * What crosses the border between the page and the simulator. All times are virtual milliseconds.
 *
 * Written by `SLOWFIRE_BLESS=1 cargo test -p slowfire-wasm` from the types in `crates/wasm/src`: change those instead.
 */

/** A lab, as the list of all labs has it. */
export interface LabEntry {
  /** Its name in links. */
  id: string;
  title: string;
  chapter: string;
  /** The question that it answers. */
  question: string;
  /** All words by which somebody may look for it: its faults, defences, algorithms, papers and topics. */
  words: string;
}

/** What stays the same as long as the run is the same. */
export interface About {
  lab: Lab;
  /** Virtual seconds per real second. */
  default_speed: number;
  /** Until when the lab is of interest: the time bar shows that much, and the rest on demand. */
  shown_ms: number;
  controls: Array<Control>;
  defences: Array<Defence>;
  nodes: Array<NodeName>;
  /** The published algorithm for a replicated log that its protocol is as long as all defences are on, if it is one. */
  algorithm: string | null;
}

/** Something that can be turned. Its bounds, its step and its first value are in its unit. */
export interface Control {
  /** Its name in links. */
  key: string;
  label: string;
  group: ControlGroup;
  min: number;
  max: number;
  step: number;
  unit: string;
  scale: Scale;
  initial: number;
  /** What turning it does. */
  hint: string;
}

/** Where a control is shown. `further` holds the usual faults that the lab does not show among its own controls. */
export type ControlGroup = 'network' | 'clocks' | 'processes' | 'protocol' | 'further';

/** A defence that the lab lets the reader switch. */
export interface Defence {
  id: string;
  label: string;
  /** What it protects from. */
  protects: string;
}

/** The lab that the run belongs to. */
export interface Lab {
  /** Its name in links; empty for a document of somebody's own. */
  id: string;
  title: string;
  chapter: string;
  /** The question that it answers. */
  question: string;
  /** What is to be seen, in Markdown. */
  summary: string;
  /** The group of curves that decides what happened, if one does. */
  decides: string | null;
  /** Whether it has something to ask before it tells. */
  asks: boolean;
  /** Whether it claims something that can be broken, or kept with fewer defences. */
  challenges: boolean;
}

/** A node, by its name. */
export interface NodeName {
  id: string;
  name: string;
}

/** How a slider's values lie along it. */
export type Scale = 'linear' | 'log';

/** Rules of a published algorithm that are about the same. */
export interface RuleGroup {
  name: string;
  rules: Array<Defence>;
}

/** A moment of the run, in words and numbers. */
export interface State {
  time_ms: number;
  end_ms: number;
  /** Why the run ended before its time, as a sentence; null if it did not. */
  stopped: string | null;
  /** How many events happened up to now. */
  events: number;
  seed: number;
  /** What each control is set to, by its key. */
  controls: { [key in string]: ControlValue };
  /** Whether each defence is on. */
  defences: { [key in string]: boolean };
  verdicts: Array<ShownVerdict>;
  /** The nodes in sight: in a node's perspective, that one alone. */
  nodes: Array<NodeState>;
  /** The others, in a node's perspective. */
  unseen: Array<UnseenNode>;
  /** How many messages are in flight; `messages` may hold fewer. */
  in_flight: number;
  messages: Array<MessageState>;
  /** The latest sentences, oldest first. */
  log: Array<LogEntry>;
}

/** What a control is set to. */
export interface ControlValue {
  /** In the control's unit. */
  value: number;
  /** The value with its unit: `80 ms`. */
  text: string;
}

/** What becomes of a message in flight. */
export type Fate = 'travelling' | 'dying' | 'duplicate';

/** An event, in words. */
export interface LogEntry {
  /** The event's number. */
  id: number;
  time_ms: number;
  sentence: string;
}

/** A message in flight. */
export interface MessageState {
  id: number;
  from: string;
  to: string;
  label: string;
  /** How much of its way is behind it, from 0 to 1. */
  progress: number;
  fate: Fate;
}

/** A part of a node's state. */
export interface NamedValue {
  name: string;
  value: string;
}

/** A node at this moment. */
export interface NodeState {
  id: string;
  name: string;
  role: string;
  status: NodeStatus;
  /** Whether it believes that it leads. */
  leads: boolean;
  /** How many messages wait at it, in a queue of its own or in its inbox, the one in hand included. */
  waiting: number;
  wall_clock: string;
  /** How far the wall clock is off; null in a node's perspective, because no node can see it. */
  offset: string | null;
  /** Its state, by name. */
  state: Array<NamedValue>;
  /** What it believes, in one sentence each. */
  beliefs: Array<string>;
}

/** What a node is doing. */
export type NodeStatus = 'running' | 'paused' | 'crashed';

/** What a check says of the run up to now. */
export interface ShownVerdict {
  /** The check's id. */
  check: string;
  label: string;
  state: VerdictState;
  /** When the violation showed. */
  at_ms: number | null;
  sentence: string;
}

/** A node that lies in the fog around the one in whose perspective the run is seen. */
export interface UnseenNode {
  id: string;
  name: string;
  role: string;
  /** When it was last heard, and what it is taken for: *heard 2.1 s ago, taken for dead*. */
  known: string;
}

export type VerdictState = 'holds' | 'violated' | 'undecided';

/** What a lab teaches beside its story: what to try, what it promises and where that ends, and its sources. */
export interface Lesson {
  /** All that the story may tell, with whatever defences: the page keeps room for the longest. */
  told: Array<string>;
  /** All that may be said of defences, likewise. */
  said: Array<string>;
  tries: Array<Try>;
  promises: Array<Promised>;
  /** What its defences do not save the reader from, each with a run that shows it. */
  limits: Array<Try>;
  sources: Array<Source>;
}

/** What holds with some defences on, and in which weather. */
export interface Promised {
  /** What holds, as the checks say it. */
  holds: Array<string>;
  /** The defences that are on, by their names on the page. */
  on: Array<string>;
  /** Those that are off: the shorter list where a protocol has many. */
  off: Array<string>;
  /** The faults that it withstands, or after which it holds again, in a sentence. */
  withstands: string;
}

/** What real systems do, and who says so. */
export interface Source {
  /** What real systems do. */
  markdown: string;
  /** The source, as it is cited: author, title, year. May be empty. */
  cites: string;
  /** Where it can be read, an address that begins with `https://`. */
  url: string | null;
}

/** Something to try. */
export interface Try {
  markdown: string;
  /** The link that sets it up. */
  link: string | null;
}

/** A step of the story. */
export interface StoryStep {
  /** What is told; something else where the moment does not come in this run. */
  markdown: string;
  /** When it happens; null as long as it has not happened. */
  at_ms: number | null;
  /** Whether it is known that it does not happen in this run. */
  is_never: boolean;
  /** Whether the text says what happens instead. */
  is_instead: boolean;
  /** The node that it points at. */
  node: string | null;
  /** The message that it points at. */
  message: number | null;
}

/** What is known of the whole run. */
export interface Outlook {
  /** The run as it is; null until something is known. */
  as_is: Forecast | null;
  /** With each defence that the lab shows flipped. */
  flipped: Array<Flipped>;
  /** How many seeds were counted. */
  seeds: number;
  /** Why the defences that are on help in this run, or why they do not. */
  said: string | null;
}

/** The run with a defence flipped. */
export interface Flipped {
  defence: string;
  forecast: Forecast;
}

/** What a whole run brings. */
export interface Forecast {
  /** What each check says of it, in their order; null until it is known. */
  checks: Array<Foretold> | null;
  /** In how many seeds any check is violated; null where that was not counted. */
  broken_seeds: number | null;
}

/** What a check says of a whole run. */
export interface Foretold {
  label: string;
  state: VerdictState;
  /** From when on it is violated. */
  violated_ms: number | null;
  /** In how many seeds it is violated; null where that was not counted. */
  broken_seeds: number | null;
}

/** A measurement over time, for a plot. */
export interface Series {
  label: string;
  unit: string;
  /** The plot that it belongs to, by its title. */
  group: string;
  /** What the curves of that plot mean, in a sentence; empty where its title says it. */
  meaning: string;
  /** For how much of the time so far it was so, from 0 to 1; null where the curve is not about that. */
  share: number | null;
  /** Its place among all that the plot may have: its colour. */
  place: number;
  times_s: Array<number>;
  /** One value per time; null where there is nothing to measure. */
  values: Array<number | null>;
}

/** The clients' operations that the history shows. */
export interface Operations {
  /** The latest ones, in the order of their calls. */
  latest: Array<Operation>;
  /** How many earlier ones there are. */
  more: number;
}

/** A client's operation, as the history shows it. */
export interface Operation {
  client: string;
  /** What it asked for and was told. */
  says: string;
  state: OperationState;
  /** Whether it shows a violation. */
  is_accused: boolean;
  begun_ms: number;
  /** When it ended; null while it has not. */
  ended_ms: number | null;
}

/** What became of an operation. */
export type OperationState = 'under way' | 'answered' | 'refused' | 'given up';

/** A moment worth a mark on the time bar. */
export interface Mark {
  time_ms: number;
  kind: MarkKind;
  sentence: string;
}

/** What a mark stands for. */
export type MarkKind = 'fault' | 'violation' | 'leadership' | 'timeout' | 'fork';

/** A future that was tried. */
export interface Future {
  name: string;
  forked_at_ms: number;
  is_current: boolean;
}

/** Something about the run that is not as its lab has it, or that the lab does by itself. */
export interface Change {
  /** In words: "Loss 20 %". */
  says: string;
  /** When it is done; null for what holds for the whole run. */
  at_ms: number | null;
  can_hold_from_the_start: boolean;
  kind: ChangeKind;
  /** What is flipped in the run without it, as `twin=` of a link says it. */
  twin: string;
}

/** What is to be done with an entry of the list of changes. */
export type ChangeKind = 'own' | 'left-out' | 'planned';

/** How many steps can be taken back, and taken again. */
export interface Steps {
  undo: number;
  redo: number;
}

/** What is at a place of a view. */
export type Picked = { kind: 'node'; id: string }
  | { kind: 'message'; id: number }
  | { kind: 'link'; from: string; to: string }
  | { kind: 'event'; id: number };

/** A line of a legend. */
export interface LegendEntry {
  /** How it looks, as an SVG document in the page's colours. */
  svg: string;
  /** What it means. */
  words: string;
}

/** Which indices of the logs are in sight. */
export interface LogColumns {
  /** The index in the first column. */
  first: number;
  /** How many columns there are. */
  count: number;
  /** The index in the first column where the latest entries are in sight. */
  latest: number;
  /** How wide a column is, in CSS pixels. */
  width: number;
}

/** The chain of events that explains a violation. */
export interface WhyChain {
  /** The check's words. */
  label: string;
  /** What the check says. */
  sentence: string;
  /** When the violation is seen. */
  seen_ms: number;
  links: Array<WhyLink>;
  /** How many more events explain it, which are left out. */
  left_out: number;
}

/** What kind of link it is. */
export type WhyKind = 'loss' | 'fault' | 'message' | 'step';

/** An event that explains a violation. */
export interface WhyLink {
  /** The event's number. */
  id: number;
  time_ms: number;
  /** When what it ends began: a message that was lost, or arrives, was sent then. */
  from_ms: number | null;
  sentence: string;
  kind: WhyKind;
  node: string;
  /** The sender, of a message that arrives or is lost. */
  peer: string | null;
}

/** What comes of the run with something changed. */
export interface WhyTrial {
  /** Its place: links that one deed made share what comes of it. */
  place: number;
  change: WhyChange;
  /** The places of the two trials that it does both of; null unless it does. */
  both: Array<number> | null;
  /** The event that is taken away; null for anything but a single fault. */
  id: number | null;
  /** What is other than it was, in words, where no event says it. */
  says: string | null;
  /** How large a change that is; 0 is the smallest. */
  size: number;
  /** What the check says then of the whole run; null until that is known. */
  state: VerdictState | null;
  /** When its violation is seen then; null if it is not violated. */
  violated_ms: number | null;
  /** Whether there is nothing to recover from then: what the check says is what it demands of the time after the fault. */
  is_moot: boolean;
  /** Another check that is violated then, and is not in the run as it is. */
  breaks: string | null;
  /** What is flipped in the run with the change, as `twin=` of a link says it; null for two changes. */
  twin: string | null;
}

/** What is changed in a trial. */
export type WhyChange = 'fault' | 'setting' | 'switch' | 'both';

/** What is to be broken, or kept. */
export interface ChallengeClaim {
  /** What the check demands. */
  label: string;
  /** What it withstands, in a sentence. */
  withstands: string;
}

/** How far a run has met a challenge. */
export interface Contest {
  /** How many faults strike, or how many defences are on. */
  score: number;
  faults: Array<ContestFault>;
  /** How many faults there may be, and how many of them beyond what the lab claims to withstand. */
  most: number;
  most_beyond: number;
  /** What of the run the challenge does not allow, each as a sentence. */
  against: Array<string>;
  standing: ContestStanding;
  /** The checks that are violated, or not decided, where that is why it is not met. */
  checks: Array<string>;
}

/** A fault of a challenge, as it is counted. */
export interface ContestFault {
  /** In words: `crash bank`. */
  says: string;
  /** When it strikes; null for what holds for the whole run. */
  at_ms: number | null;
  /** How many faults it counts as. */
  times: number;
  /** Whether the lab claims to withstand it. */
  is_claimed: boolean;
}

/** How a run stands in a challenge. */
export type ContestStanding = 'open' | 'met' | 'uncounted' | 'held' | 'violated' | 'undecided';

/** A question about a run at a moment. */
export interface GuessQuestion {
  /** What this question about this run is known by, whenever it is asked. */
  mark: string;
  at_ms: number;
  /** The node that is asked. */
  node: string;
  asks: GuessKind;
  /** Who does not answer. */
  peer: string | null;
  /** For how long it has not, in milliseconds. */
  silent_ms: number | null;
  /** What the check that is asked about demands. */
  check: string | null;
  /** The number of the event where the message was sent that has no answer: the node knows of it. */
  about: number | null;
  /**
   * The defences that can matter and are on, by their labels: those that the lab lets its readers switch, and those that are not
   * as the lab has them.
   */
  on: Array<string>;
  /** Those of them that are off. */
  off: Array<string>;
  /** What the lab says before it asks. */
  markdown: string;
  /** What can be answered: words of the page, or names of nodes. */
  options: Array<string>;
}

/** What is asked. */
export type GuessKind = 'silence' | 'wrong' | 'holds';

/** What is true. */
export interface GuessTruth {
  /** The right answer, by its place. */
  right: number;
  /** The events that show it, to be lit. */
  events: Array<number>;
  /** What the run says of it. */
  sentences: Array<string>;
  /** When it is seen, if that is later than the question. */
  seen_ms: number | null;
}

/** The message that a question is about. */
export interface GuessSubject {
  /** When it was sent. */
  time_ms: number;
  sentence: string;
}

/** What differs between a run and the one beside it. */
export interface TwinAbout {
  /**
   * What is flipped, in words: "Idempotency key", "Loss", "crash bank", or the node or message that something befalls. Empty for a
   * message that this run has not sent yet.
   */
  says: string;
  differs: TwinDiffers;
  /** The values of a knob in this run and in the other one; null for anything else. */
  values: Array<string> | null;
  /** Whether this run has what is flipped. */
  is_here: boolean;
}

/** In which way two runs differ. */
export type TwinDiffers = 'switch' | 'value' | 'deed' | 'arrival' | 'pause' | 'pace';

/** The numbers of one of two runs. */
export interface TwinFigures {
  sent: number;
  retries: number;
  /** Half of the operations that were served took no longer, in milliseconds; null if none was. */
  latency_ms: number | null;
  /** The share of operations that were served, from 0 to 1; null if none was asked for. */
  served: number | null;
  /** How many checks are violated. */
  violations: number;
}

/** What many runs come to. */
export interface HuntFound {
  runs: number;
  /** The runs that violate any check. */
  failed: HuntShare;
  checks: Array<HuntCheck>;
  /** The first runs that fail, by their seeds. */
  failing: Array<HuntRun>;
}

/** What many runs say of a check. */
export interface HuntCheck {
  id: string;
  label: string;
  violated: HuntShare;
  /** How many runs leave it undecided. */
  undecided: number;
}

/** A run that fails. */
export interface HuntRun {
  seed: number;
  /** The check that is violated first. */
  label: string;
  at_ms: number;
  /** The link that opens it at that moment. */
  link: string;
}

/** Some of the runs. */
export interface HuntShare {
  count: number;
  /** The share of these runs, from 0 to 1. */
  of_these: number;
  /** With 95 % confidence the share of all seeds is at least this. */
  low: number;
  /** And at most this. */
  high: number;
}

/** How far a search has come. */
export interface ShrinkProgress {
  runs: number;
  /** How many deeds, faults and settings are left that may be taken away. */
  things: number;
  nodes: number;
  /** What is being tried. */
  trying: string;
}

/** The smallest run that was found. */
export interface SmallestRun {
  /** The link that opens it, at the violation. */
  link: string;
  /** The check that it violates. */
  label: string;
  at_ms: number;
  /** How many runs the search has taken. */
  runs: number;
  /** How many faults befell the run that was given, until it failed. */
  faults_before: number;
  /** How many faults befall this one. */
  faults: number;
  less: Array<LessOf>;
  /** What is still done to it, and which settings of the weather are not calm, as links write them. */
  left: Array<string>;
}

/** Something of which there is less than before. */
export interface LessOf {
  what: string;
  from: string;
  to: string;
}

/** All about a node. */
export interface NodeCard {
  name: string;
  role: string;
  status: NodeStatus;
  /** Whether it believes that it leads. */
  leads: boolean;
  /** How many messages wait in its inbox. */
  inbox: number;
  /** How many writes its disk would lose in a crash. */
  unsynced_writes: number;
  /** How many times slower than healthy it works. */
  limp: number;
  wall_clock: string;
  monotonic_clock: string;
  /** How far the wall clock is off; null in a node's perspective, because no node can see it. */
  offset: string | null;
  badge: string;
  state: Array<NamedValue>;
  /** What it believes, in one sentence each. */
  beliefs: Array<string>;
  /** Its timers, the next one first. */
  timers: Array<TimerLine>;
  operations: Array<NodeOperation>;
  deeds: Array<CardDeed>;
}

/** A deed that a card offers. */
export interface CardDeed {
  /** The button's words. */
  label: string;
  /** What `act` takes; empty where it cannot be done now, and keeps its place. */
  deed: string;
}

/** An operation that a node can be told to do. */
export interface NodeOperation {
  name: string;
  does: string;
  /** What `act` takes; with an argument, `=` and a number follow. */
  deed: string;
  takes: OperationArgument;
}

/** What an operation's argument is. */
export type OperationArgument = { kind: 'nothing' }
  | { kind: 'number' }
  | { kind: 'node'; of: Array<string> }
  | { kind: 'nodes'; of: Array<string> };

/** A timer that is set. */
export interface TimerLine {
  /** What it is for. */
  says: string;
  due_in_ms: number;
}

/** What the node in whose perspective the run is seen knows of another one. The rest lies in fog. */
export interface UnseenCard {
  name: string;
  role: string;
  /** Who knows it. */
  own: string;
  /** When the node was last heard, in words. */
  heard: string;
  /** What it is taken for, in words. */
  taken_for: string | null;
  /** What its latest message says. */
  last_said: string | null;
  /** When that came. */
  last_said_ms: number | null;
}

/** All about a message on its way. */
export interface MessageCard {
  label: string;
  says: string;
  from: string;
  to: string;
  sent_ms: number;
  due_ms: number;
  /** What will become of it, in words. */
  fate: string;
  is_duplicate: boolean;
  is_corrupted: boolean;
  /** The event because of which it was sent, as a sentence; empty if there is none. */
  cause: string;
  deeds: Array<CardDeed>;
}

/** All about a directed link. */
export interface LinkCard {
  from: string;
  to: string;
  latency: string;
  jitter: string;
  loss: string;
  cut: LinkCut;
  deeds: Array<CardDeed>;
}

/** What a link does with messages. */
export type LinkCut = 'open' | 'dropped' | 'held';

/** All about an event. */
export interface EventCard {
  time_ms: number;
  sentence: string;
  node: string;
  /** The event that caused it. */
  cause: number | null;
  /** Whether what caused it lies in the fog around the node in whose perspective the run is seen. */
  is_cause_unseen: boolean;
  /** The events that it caused; the first ones, if there are many. In a node's perspective, those of its own past. */
  effects: Array<number>;
  /** Whether what else it caused would lie in fog. */
  are_effects_unseen: boolean;
}

/** How the page looks at the run: what all its pictures show. */
export interface Look {
  /** The node whose perspective is shown; null for the true world. */
  perspective: string | null;
  /** The node that is lit up. */
  light_node: string | null;
  /** The message that is lit up. */
  light_message: number | null;
  /** The event that is selected: its causes and effects are lit up. */
  selected_event: number | null;
  /** Whether space-time is drawn by each node's own clock. */
  bent: boolean;
  /** The index in the first column of the logs; null to follow the latest. */
  first_index: number | null;
  /** Where the window on time begins. */
  from_ms: number;
  /** Where the window on time ends. */
  to_ms: number;
}

/** A value in its unit for each control that is turned, by its key. */
export type Turns = { [key in string]: number };

/** A kind of picture of a run. */
export type View = 'world' | 'spacetime' | 'history' | 'logs';

/** What a colour is for. */
export type Ink =
  | 'ground'
  | 'surface'
  | 'ink'
  | 'muted'
  | 'line'
  | 'accent'
  | 'danger'
  | 'ok'
  | 'kind0'
  | 'kind1'
  | 'kind2'
  | 'kind3'
  | 'kind4'
  | 'kind5';

/** A CSS colour for each ink, and the font of labels. */
export type Palette = Record<Ink | 'font', string>;
