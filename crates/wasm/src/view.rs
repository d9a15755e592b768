//! What the page's text shows: plain data for JavaScript.

use check::watch::State as Judgement;
use scenario::Run;
use scenario::knob::{Group, Knob};
use scenario::lab;
use scene::{narrate, world};
use serde::{Serialize, Serializer};
use sim::protocol::fill;
use sim::sorted::Map;
use sim::sorting::sort_by_key;
use sim::{Flight, NodeId, Place, Status};
use wasm_bindgen::JsValue;

/// How many events the log goes back.
const LOG_LENGTH: usize = 40;

/// Any of these as a JavaScript value; maps become plain objects.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// Writes a map with an entry a key.
fn as_object<S: Serializer, K: Serialize, V: Serialize>(
    map: &Map<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}

#[derive(Serialize)]
pub(crate) struct LabEntry {
    id: &'static str,
    title: &'static str,
    chapter: &'static str,
    question: &'static str,
}

#[derive(Serialize)]
struct LabText<'a> {
    id: &'a str,
    title: &'a str,
    chapter: &'a str,
    question: &'a str,
    summary: &'a str,
}

#[derive(Serialize)]
pub(crate) struct About<'a> {
    lab: LabText<'a>,
    seed: u32,
    default_speed: f64,
    controls: Vec<Control>,
    defences: Vec<Defence>,
    nodes: Vec<NodeName>,
    checks: Vec<CheckName>,
}

#[derive(Serialize)]
struct Control {
    key: String,
    label: String,
    group: &'static str,
    min: f64,
    max: f64,
    step: f64,
    unit: &'static str,
    scale: &'static str,
    initial: f64,
    hint: &'static str,
}

#[derive(Serialize)]
struct Defence {
    id: &'static str,
    label: &'static str,
    protects: &'static str,
}

#[derive(Serialize)]
struct NodeName {
    id: String,
    name: String,
    role: &'static str,
}

#[derive(Serialize)]
struct CheckName {
    id: String,
    label: String,
}

#[derive(Serialize)]
pub(crate) struct State {
    time_ms: f64,
    end_ms: f64,
    events: u32,
    seed: u32,
    is_out_of_events: bool,
    #[serde(serialize_with = "as_object")]
    controls: Map<String, Value>,
    #[serde(serialize_with = "as_object")]
    defences: Map<&'static str, bool>,
    verdicts: Vec<Verdict>,
    nodes: Vec<Node>,
    in_flight: usize,
    messages: Vec<Message>,
    log: Vec<LogLine>,
}

#[derive(Serialize)]
struct Value {
    value: f64,
    text: String,
}

#[derive(Serialize)]
struct Verdict {
    check: String,
    label: String,
    state: &'static str,
    at_ms: Option<f64>,
    sentence: String,
}

#[derive(Serialize)]
struct Node {
    id: String,
    name: String,
    role: &'static str,
    status: &'static str,
    leads: bool,
    wall_clock: String,
    monotonic_clock: String,
    /// How far the wall clock is off; through a node's eyes that cannot be seen.
    offset: Option<String>,
    beliefs: Vec<String>,
}

#[derive(Serialize)]
struct Message {
    id: u32,
    from: String,
    to: String,
    label: String,
    progress: f64,
    fate: &'static str,
}

#[derive(Serialize)]
struct LogLine {
    id: u32,
    time_ms: f64,
    sentence: String,
}

/// All labs.
pub(crate) fn labs() -> Vec<LabEntry> {
    let entry = |lab: &'static lab::Lab| LabEntry {
        id: &lab.id,
        title: &lab.title,
        chapter: &lab.chapter,
        question: &lab.question,
    };
    lab::labs().iter().map(entry).collect()
}

/// What stays the same as long as the run is the same.
pub(crate) fn about(run: &Run) -> About<'_> {
    let (lab, scenario) = (run.lab(), run.scenario());
    let nodes = scenario.nodes.iter();
    let shown = scenario
        .defences()
        .filter(|defence| lab.switches.contains(&defence.spec.id));
    About {
        lab: LabText {
            id: &lab.id,
            title: &lab.title,
            chapter: &lab.chapter,
            question: &lab.question,
            summary: &lab.summary,
        },
        seed: scenario.seed,
        default_speed: lab.speed,
        controls: controls(run),
        defences: shown
            .map(|defence| defence.spec)
            .map(|spec| Defence {
                id: spec.id,
                label: spec.label,
                protects: spec.protects,
            })
            .collect(),
        nodes: nodes
            .map(|node| NodeName {
                id: node.name.clone(),
                name: node.name.clone(),
                role: node.role,
            })
            .collect(),
        checks: scenario
            .checks
            .iter()
            .map(|check| CheckName {
                id: check.id.clone(),
                label: check.label.clone(),
            })
            .collect(),
    }
}

/// The lab's own controls, and then the usual faults that it does not show.
fn controls(run: &Run) -> Vec<Control> {
    let (lab, scenario) = (run.lab(), run.scenario());
    let own = lab.knobs(scenario).into_iter();
    let own = own.map(|knob| control(run, knob, group_word(knob.group())));
    let further = lab.further_knobs(scenario).into_iter();
    own.chain(further.map(|knob| control(run, knob, "further")))
        .collect()
}

fn group_word(group: Group) -> &'static str {
    match group {
        Group::Network => "network",
        Group::Clocks => "clocks",
        Group::Processes => "processes",
        Group::Protocol => "protocol",
    }
}

fn control(run: &Run, knob: Knob, group: &'static str) -> Control {
    let slider = knob.slider();
    Control {
        key: knob.key(run.scenario()),
        label: knob.label(run.scenario()),
        group,
        min: slider.min,
        max: slider.max,
        step: slider.step,
        unit: slider.unit,
        scale: if slider.is_logarithmic {
            "log"
        } else {
            "linear"
        },
        initial: knob.value(&run.lab().scenario) / slider.scale,
        hint: knob.hint(),
    }
}

/// What the page's text shows at this moment; of the messages in flight at most so many.
pub(crate) fn state(run: &Run, most_messages: usize) -> State {
    let scenario = run.scenario();
    let lab = run.lab();
    let further = lab.further_knobs(scenario);
    let knobs = lab.knobs(scenario).into_iter().chain(further);
    let settings = run.settings();
    let nodes = (0..scenario.nodes.len() as u16).map(NodeId);
    State {
        time_ms: run.now().as_millis_f64(),
        end_ms: run.timeline().end().as_millis_f64(),
        events: run.timeline().events().len() as u32,
        seed: scenario.seed,
        is_out_of_events: run.timeline().is_out_of_events(),
        controls: knobs
            .map(|knob| {
                (
                    knob.key(scenario),
                    value(run.value_in(&settings, knob), knob),
                )
            })
            .collect(),
        defences: scenario
            .defences()
            .map(|defence| (defence.spec.id, defence.is_on))
            .collect(),
        verdicts: verdicts(run),
        nodes: nodes.map(|node| self::node(run, node)).collect(),
        in_flight: in_flight(run).count(),
        messages: messages(run, most_messages),
        log: log(run),
    }
}

fn value(value: f64, knob: Knob) -> Value {
    Value {
        value: value / knob.slider().scale,
        text: knob.range().unit.display(value),
    }
}

fn verdicts(run: &Run) -> Vec<Verdict> {
    let verdicts = run.verdicts().into_iter();
    let verdict = verdicts.map(|verdict| Verdict {
        check: verdict.check.id.clone(),
        label: verdict.check.label.clone(),
        state: match verdict.state {
            Judgement::Holds => "holds",
            Judgement::Violated => "violated",
            Judgement::Undecided => "undecided",
        },
        at_ms: verdict.seen_at.map(|at| at.as_millis_f64()),
        sentence: verdict.sentence,
    });
    verdict.collect()
}

fn node(run: &Run, node: NodeId) -> Node {
    let (scenario, machine) = (run.scenario(), run.timeline().machine());
    let settings = &scenario.nodes[node.index()];
    let kernel = machine.kernel();
    let wall = kernel.clocks(node).wall;
    let name = |node: NodeId| scenario.name(node);
    Node {
        id: settings.name.clone(),
        name: settings.name.clone(),
        role: settings.role,
        status: status_word(kernel.status(node)),
        leads: machine.leads(node),
        monotonic_clock: format!(
            "{:.1}\u{a0}s",
            kernel.clocks(node).monotonic.read(run.now()) as f64 / 1e9
        ),
        wall_clock: world::time_of_day(wall.read(run.now())),
        offset: offset(run, node),
        beliefs: machine.describe(node, &name).beliefs,
    }
}

/// What a node is doing, in a word.
pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Paused => "paused",
        Status::Crashed => "crashed",
    }
}

/// How far a node's wall clock is off, in words that need no context: `+1.20 s`. It is there in the true world alone: no
/// node can see it.
pub(crate) fn offset(run: &Run, node: NodeId) -> Option<String> {
    let clocks = run.timeline().machine().kernel().clocks(node);
    let seconds = clocks.wall.error(run.now()) as f64 / 1e9;
    let words = || format!("{seconds:+.2}\u{a0}s").replace('-', "−");
    run.eyes().is_none().then(words)
}

fn in_flight(run: &Run) -> impl Iterator<Item = &Flight> {
    let flights = run.timeline().machine().kernel().flights();
    flights.filter(|flight| flight.place != Place::Inbox)
}

/// The messages that were sent first of those in flight.
fn messages(run: &Run, most: usize) -> Vec<Message> {
    let mut flights: Vec<&Flight> = in_flight(run).collect();
    sort_by_key(&mut flights, |flight| flight.id);
    flights.truncate(most);
    let words = run.timeline().machine().vocabulary().messages;
    let message = |flight: &Flight| Message {
        id: flight.id.0,
        from: run.scenario().name(flight.from),
        to: run.scenario().name(flight.to),
        label: words
            .get(usize::from(flight.gist.kind))
            .map_or_else(String::new, |word| fill(word.label, flight.gist.args)),
        progress: flight.progress_permille(run.now()) as f64 / 1000.0,
        fate: match flight.ends {
            Some(_) => "dying",
            None if flight.is_duplicate => "duplicate",
            None => "travelling",
        },
    };
    flights.into_iter().map(message).collect()
}

fn log(run: &Run) -> Vec<LogLine> {
    let events = run.timeline().events();
    let lines = events
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, event)| run.eyes().is_none_or(|eyes| event.node == eyes))
        .map(|(place, event)| LogLine {
            id: place as u32,
            time_ms: event.time.as_millis_f64(),
            sentence: narrate::sentence(run, event),
        });
    let mut lines: Vec<LogLine> = lines
        .filter(|line| !line.sentence.is_empty())
        .take(LOG_LENGTH)
        .collect();
    lines.reverse();
    lines
}
