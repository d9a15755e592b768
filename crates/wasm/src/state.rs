//! What the page's text shows at a moment.

use check::watch;
use scenario::Run;
use scenario::knob::Knob;
use scene::known::known;
use scene::narrate;
use scene::world::time_of_day;
use serde::Serialize;
use sim::protocol::fill;
use sim::sorted::Map;
use sim::sorting::sort_by_key;
use sim::{Flight, NodeId, Place, Status};

use crate::wire::as_object;

/// How many events the log goes back.
const LOG_LENGTH: usize = 40;
/// Among how many of the latest events it looks for them: few have no sentence, but a node may have been silent for long.
const LOG_SEARCHED: usize = 20_000;

/// A moment of the run, in words and numbers.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct State {
    time_ms: f64,
    end_ms: f64,
    /// Why the run ended before its time, as a sentence; null if it did not.
    stopped: Option<String>,
    /// How many events happened up to now.
    events: u32,
    seed: u32,
    /// What each control is set to, by its key.
    #[serde(serialize_with = "as_object")]
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, ControlValue>"))]
    controls: Map<String, ControlValue>,
    /// Whether each defence is on.
    #[serde(serialize_with = "as_object")]
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, bool>"))]
    defences: Map<&'static str, bool>,
    verdicts: Vec<ShownVerdict>,
    /// The nodes in sight: in a node's perspective, that one alone.
    nodes: Vec<NodeState>,
    /// The others, in a node's perspective.
    unseen: Vec<UnseenNode>,
    /// How many messages are in flight; `messages` may hold fewer.
    in_flight: usize,
    messages: Vec<MessageState>,
    /// The latest sentences, oldest first.
    log: Vec<LogEntry>,
}

/// What a control is set to.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct ControlValue {
    /// In the control's unit.
    value: f64,
    /// The value with its unit: `80 ms`.
    text: String,
}

/// What a check says of the run up to now.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct ShownVerdict {
    /// The check's id.
    check: String,
    label: String,
    state: VerdictState,
    /// When the violation showed.
    at_ms: Option<f64>,
    sentence: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub(crate) enum VerdictState {
    Holds,
    Violated,
    Undecided,
}

/// A node at this moment.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct NodeState {
    id: String,
    name: String,
    role: &'static str,
    status: NodeStatus,
    /// Whether it believes that it leads.
    leads: bool,
    /// How many messages wait at it, in a queue of its own or in its inbox, the one in hand included.
    waiting: u32,
    wall_clock: String,
    /// How far the wall clock is off; null in a node's perspective, because no node can see it.
    offset: Option<String>,
    /// Its state, by name.
    state: Vec<NamedValue>,
    /// What it believes, in one sentence each.
    beliefs: Vec<String>,
}

/// A node that lies in the fog around the one in whose perspective the run is seen.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct UnseenNode {
    id: String,
    name: String,
    role: &'static str,
    /// When it was last heard, and what it is taken for: *heard 2.1 s ago, taken for dead*.
    known: String,
}

/// A part of a node's state.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct NamedValue {
    name: String,
    value: String,
}

/// What a node is doing.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub(crate) enum NodeStatus {
    Running,
    Paused,
    Crashed,
}

/// A message in flight.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct MessageState {
    id: u32,
    from: String,
    to: String,
    label: String,
    /// How much of its way is behind it, from 0 to 1.
    progress: f64,
    fate: Fate,
}

/// What becomes of a message in flight.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum Fate {
    Travelling,
    /// It will be lost on its way.
    Dying,
    /// It is a copy.
    Duplicate,
}

/// An event, in words.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct LogEntry {
    /// The event's number.
    id: u32,
    time_ms: f64,
    sentence: String,
}

/// What the page's text shows at this moment; at most `most_messages` of the messages in flight.
pub(crate) fn state(run: &Run, most_messages: usize) -> State {
    let (scenario, timeline) = (run.scenario(), run.timeline());
    let nodes = (0..scenario.nodes.len() as u16).map(NodeId);
    let defences = scenario.defences();
    State {
        time_ms: run.now().as_millis_f64(),
        end_ms: timeline.end().as_millis_f64(),
        stopped: run.stopped(),
        events: timeline.events().len() as u32,
        seed: scenario.seed,
        controls: controls(run),
        defences: defences
            .map(|defence| (defence.spec.id, defence.is_on))
            .collect(),
        verdicts: verdicts(run),
        nodes: nodes
            .filter(|id| run.perspective().is_none_or(|own| own == *id))
            .map(|id| node(run, id))
            .collect(),
        unseen: unseen(run),
        in_flight: in_flight(run).count(),
        messages: messages(run, most_messages),
        log: log(run),
    }
}

fn controls(run: &Run) -> Map<String, ControlValue> {
    let (lab, scenario) = (run.lab(), run.scenario());
    let knobs = lab.knobs(scenario).into_iter();
    let knobs = knobs.chain(lab.further_knobs(scenario));
    let settings = run.settings();
    knobs
        .map(|knob| {
            let value = control_value(run.value_in(&settings, knob), knob);
            (knob.key(scenario), value)
        })
        .collect()
}

fn control_value(value: f64, knob: Knob) -> ControlValue {
    ControlValue {
        value: value / knob.slider().scale,
        text: knob.range().unit.display(value),
    }
}

fn verdicts(run: &Run) -> Vec<ShownVerdict> {
    let verdict = run.verdicts().into_iter().map(|verdict| ShownVerdict {
        check: verdict.check.id.clone(),
        label: verdict.check.label.clone(),
        state: match verdict.state {
            watch::State::Holds => VerdictState::Holds,
            watch::State::Violated => VerdictState::Violated,
            watch::State::Undecided => VerdictState::Undecided,
        },
        at_ms: verdict.seen_at.map(|at| at.as_millis_f64()),
        sentence: verdict.sentence,
    });
    verdict.collect()
}

fn node(run: &Run, node: NodeId) -> NodeState {
    let (scenario, machine) = (run.scenario(), run.timeline().machine());
    let settings = &scenario.nodes[node.index()];
    let name = |node: NodeId| scenario.name(node);
    let described = machine.describe(node, &name);
    NodeState {
        id: settings.name.clone(),
        name: settings.name.clone(),
        role: settings.role,
        status: status(machine.kernel().status(node)),
        leads: machine.leads(node),
        waiting: waiting(run, node),
        wall_clock: wall_clock(run, node),
        offset: offset(run, node),
        state: described.state.into_iter().map(named).collect(),
        beliefs: described.beliefs,
    }
}

fn unseen(run: &Run) -> Vec<UnseenNode> {
    let Some(own) = run.perspective() else {
        return Vec::new();
    };
    let others = (0..).map(NodeId).zip(known(run, own));
    let others = others.filter(|(node, _)| *node != own);
    let unseen = others.map(|(node, known)| {
        let settings = &run.scenario().nodes[node.index()];
        UnseenNode {
            id: settings.name.clone(),
            name: settings.name.clone(),
            role: settings.role,
            known: known.words(run.now()),
        }
    });
    unseen.collect()
}

fn waiting(run: &Run, node: NodeId) -> u32 {
    let machine = run.timeline().machine();
    let queue = machine.queue(node).map(|queue| queue.waiting);
    queue.unwrap_or_else(|| machine.kernel().inbox(node))
}

/// A part of a node's state, as its protocol tells it.
pub(crate) fn named((name, value): (String, String)) -> NamedValue {
    NamedValue { name, value }
}

/// What a node is doing.
pub(crate) fn status(status: Status) -> NodeStatus {
    match status {
        Status::Running => NodeStatus::Running,
        Status::Paused => NodeStatus::Paused,
        Status::Crashed => NodeStatus::Crashed,
    }
}

/// The time of day that a node's wall clock shows.
pub(crate) fn wall_clock(run: &Run, node: NodeId) -> String {
    let clocks = run.timeline().machine().kernel().clocks(node);
    time_of_day(clocks.wall.read(run.now()))
}

/// What a node's monotonic clock shows.
pub(crate) fn monotonic_seconds(run: &Run, node: NodeId) -> f64 {
    let clocks = run.timeline().machine().kernel().clocks(node);
    clocks.monotonic(run.now()) as f64 / 1e9
}

/// How far a node's wall clock is off, in words that need no context: `+1.20 s`. No node can see that, so in a node's
/// perspective there is nothing to tell.
pub(crate) fn offset(run: &Run, node: NodeId) -> Option<String> {
    let clocks = run.timeline().machine().kernel().clocks(node);
    let seconds = clocks.wall.error(run.now()) as f64 / 1e9;
    let words = || format!("{seconds:+.2}\u{a0}s").replace('-', "−");
    run.perspective().is_none().then(words)
}

/// The messages in flight: no node sees any.
fn in_flight(run: &Run) -> impl Iterator<Item = &Flight> {
    let flights = run.timeline().machine().kernel().flights();
    let is_seen = run.perspective().is_none();
    flights.filter(move |flight| is_seen && flight.place != Place::Inbox)
}

/// The messages in flight that were sent first.
fn messages(run: &Run, most: usize) -> Vec<MessageState> {
    let mut flights: Vec<&Flight> = in_flight(run).collect();
    if most < flights.len() {
        flights.select_nth_unstable_by_key(most, |flight| flight.id);
        flights.truncate(most);
    }
    sort_by_key(&mut flights, |flight| flight.id);
    let message = |flight: &Flight| message(run, flight);
    flights.into_iter().map(message).collect()
}

fn message(run: &Run, flight: &Flight) -> MessageState {
    let words = run.timeline().machine().vocabulary().messages;
    let words = words.get(usize::from(flight.gist.kind));
    MessageState {
        id: flight.id.0,
        from: run.scenario().name(flight.from),
        to: run.scenario().name(flight.to),
        label: words.map_or_else(String::new, |word| fill(word.label, flight.gist.args)),
        progress: flight.progress_permille(run.now()) as f64 / 1000.0,
        fate: match flight.ends {
            Some(_) => Fate::Dying,
            None if flight.is_duplicate => Fate::Duplicate,
            None => Fate::Travelling,
        },
    }
}

#[cfg(test)]
impl State {
    /// The names of the nodes in sight.
    pub(crate) fn seen_names(&self) -> Vec<&str> {
        self.nodes.iter().map(|node| node.name.as_str()).collect()
    }

    /// The names of the others, with what is known of them.
    pub(crate) fn known_of_others(&self) -> Vec<(&str, &str)> {
        let others = self.unseen.iter();
        others
            .map(|node| (node.id.as_str(), node.known.as_str()))
            .collect()
    }
}

/// The latest events that have a sentence; in a node's perspective, its own.
fn log(run: &Run) -> Vec<LogEntry> {
    let events = run.timeline().events().iter().enumerate().rev();
    let seen = events
        .take(LOG_SEARCHED)
        .filter(|(_, event)| match run.perspective() {
            Some(node) => event.is_own_past_of(node),
            None => true,
        });
    let entries = seen.map(|(place, event)| LogEntry {
        id: place as u32,
        time_ms: event.time.as_millis_f64(),
        sentence: narrate::sentence(run, event),
    });
    let told = entries.filter(|entry| !entry.sentence.is_empty());
    let mut log: Vec<LogEntry> = told.take(LOG_LENGTH).collect();
    log.reverse();
    log
}
