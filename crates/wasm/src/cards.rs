//! Cards: all that can be said and done about a node, a message, a link or an event.

use scenario::Run;
use scenario::knob::Knob;
use scene::narrate;
use serde::Serialize;
use sim::network::CutMode;
use sim::protocol::{Argument, fill, seconds};
use sim::sorting::sort_by;
use sim::trace::EventKind;
use sim::{EventId, Flight, MessageId, NodeId, Place, Status};

use crate::state::{NamedValue, NodeStatus, monotonic_seconds, named, offset, status, wall_clock};

/// A deed that a card offers.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CardDeed {
    /// The button's words.
    label: String,
    /// What `act` takes; empty where it cannot be done now, and keeps its place.
    deed: String,
}

/// A timer that is set.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct TimerLine {
    /// What it is for.
    says: &'static str,
    due_in_ms: f64,
}

/// An operation that a node can be told to do.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct NodeOperation {
    name: &'static str,
    does: &'static str,
    /// What `act` takes; with an argument, `=` and a number follow.
    deed: String,
    takes: OperationArgument,
}

/// What an operation's argument is.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase", tag = "kind", content = "of")]
enum OperationArgument {
    Nothing,
    Number,
    /// The number of one of these nodes, from 1.
    Node(Vec<String>),
    /// A digit for each of some of these nodes: its number, from 1.
    Nodes(Vec<String>),
}

/// All about a node.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct NodeCard {
    name: String,
    role: &'static str,
    status: NodeStatus,
    /// Whether it believes that it leads.
    leads: bool,
    /// How many messages wait in its inbox.
    inbox: u32,
    /// How many writes its disk would lose in a crash.
    unsynced_writes: usize,
    /// How many times slower than healthy it works.
    limp: f64,
    wall_clock: String,
    monotonic_clock: String,
    /// How far the wall clock is off; null in a node's perspective, because no node can see it.
    offset: Option<String>,
    badge: String,
    state: Vec<NamedValue>,
    /// What it believes, in one sentence each.
    beliefs: Vec<String>,
    /// Its timers, the next one first.
    timers: Vec<TimerLine>,
    operations: Vec<NodeOperation>,
    deeds: Vec<CardDeed>,
}

/// All about a message on its way.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct MessageCard {
    label: String,
    says: String,
    from: String,
    to: String,
    sent_ms: f64,
    due_ms: f64,
    /// What will become of it, in words.
    fate: String,
    is_duplicate: bool,
    is_corrupted: bool,
    /// The event because of which it was sent, as a sentence; empty if there is none.
    cause: String,
    deeds: Vec<CardDeed>,
}

/// All about a directed link.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LinkCard {
    from: String,
    to: String,
    latency: String,
    jitter: String,
    loss: String,
    cut: LinkCut,
    deeds: Vec<CardDeed>,
}

/// What a link does with messages.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum LinkCut {
    Open,
    /// It is cut, and drops them.
    Dropped,
    /// It is cut, and holds them until it heals.
    Held,
}

/// All about an event.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct EventCard {
    time_ms: f64,
    sentence: String,
    node: String,
    /// The event that caused it.
    cause: Option<u32>,
    /// The events that it caused; the first ones, if there are many.
    effects: Vec<u32>,
}

fn offer(label: &str, deed: String) -> CardDeed {
    CardDeed {
        label: label.to_owned(),
        deed,
    }
}

/// All about a node.
pub(crate) fn node(run: &Run, id: &str) -> Option<NodeCard> {
    let node = run.scenario().node(id)?;
    let machine = run.timeline().machine();
    let kernel = machine.kernel();
    let name = |node: NodeId| run.scenario().name(node);
    let description = machine.describe(node, &name);
    Some(NodeCard {
        name: id.to_owned(),
        role: run.scenario().nodes[node.index()].role,
        status: status(kernel.status(node)),
        leads: machine.leads(node),
        inbox: kernel.inbox(node),
        unsynced_writes: machine.unsynced_writes(node),
        limp: f64::from(kernel.limp_permille(node)) / 1000.0,
        wall_clock: wall_clock(run, node),
        monotonic_clock: format!("{:.2}\u{a0}s", monotonic_seconds(run, node)),
        offset: offset(run, node),
        badge: description.badge,
        state: description
            .state
            .into_iter()
            .chain(round_trips(run, node))
            .map(named)
            .collect(),
        beliefs: description.beliefs,
        timers: timers(run, node),
        operations: match kernel.status(node) {
            Status::Crashed => Vec::new(),
            _ => operations(run, node),
        },
        deeds: node_deeds(id, kernel.status(node), kernel.limp_permille(node) != 1000),
    })
}

/// How long both ways of the round trips took by which it knows other clocks: no node can see that.
fn round_trips(run: &Run, node: NodeId) -> Vec<(String, String)> {
    if run.perspective().is_some() {
        return Vec::new();
    }
    let trips = scene::world::round_trips(run, node).into_iter();
    let named = |(with, ways)| (format!("there + back, {with}"), ways);
    trips.map(named).collect()
}

fn timers(run: &Run, node: NodeId) -> Vec<TimerLine> {
    let machine = run.timeline().machine();
    let words = machine.vocabulary().timers;
    let own = machine.kernel().timers().filter(|timer| timer.node == node);
    let mut lines: Vec<TimerLine> = own
        .map(|timer| TimerLine {
            says: words
                .get(usize::from(timer.kind))
                .map_or("a timer", |word| word.says),
            due_in_ms: timer.due.since(run.now()).as_millis_f64(),
        })
        .collect();
    sort_by(&mut lines, |a, b| {
        a.due_in_ms.total_cmp(&b.due_in_ms).then(a.says.cmp(b.says))
    });
    lines
}

/// The operations that a node of this role knows.
fn operations(run: &Run, node: NodeId) -> Vec<NodeOperation> {
    let scenario = run.scenario();
    let role = scenario.role(node).id;
    let words = run.timeline().machine().vocabulary().operations.iter();
    words
        .filter(|word| word.roles.contains(&role))
        .map(|word| NodeOperation {
            name: word.name,
            does: word.does,
            deed: format!("op.{}:{}", word.name, scenario.name(node)),
            takes: match word.takes {
                Argument::Nothing => OperationArgument::Nothing,
                Argument::Number => OperationArgument::Number,
                Argument::Node => OperationArgument::Node(scenario.knowing(word)),
                Argument::Nodes => OperationArgument::Nodes(scenario.knowing(word)),
            },
        })
        .collect()
}

fn node_deeds(id: &str, status: Status, limps: bool) -> Vec<CardDeed> {
    // Each has its place, whatever the node does: who presses twice at the same spot undoes what was done.
    let crash = match status {
        Status::Running | Status::Paused => offer("Crash", format!("crash:{id}")),
        Status::Crashed => offer("Restart", format!("restart:{id}")),
    };
    let pause = match status {
        Status::Running => offer("Pause", format!("pause:{id}")),
        Status::Paused => offer("Resume", format!("resume:{id}")),
        Status::Crashed => offer("Pause", String::new()),
    };
    let mut deeds = vec![crash, pause];
    deeds.push(if limps {
        offer("Back to full speed", format!("limp:{id}*1"))
    } else {
        offer("Slow down 10×", format!("limp:{id}*10"))
    });
    deeds.push(offer("Isolate", format!("isolate:{id}")));
    deeds.push(offer("Mute (hears, is not heard)", format!("mute:{id}")));
    deeds.push(offer("Heal every cut", "heal".to_owned()));
    deeds.push(offer("Clock +1 s", format!("step:{id}+1s")));
    deeds.push(offer("Clock −1 s", format!("step:{id}-1s")));
    deeds.push(offer("Clock 1 % fast", format!("drift.{id}:10000ppm")));
    deeds.push(offer("Clock keeps time", format!("drift.{id}:0ppm")));
    deeds.push(offer("Lose the disk", format!("wipe:{id}")));
    deeds
}

/// All about a message on its way.
pub(crate) fn message(run: &Run, id: u32) -> Option<MessageCard> {
    let machine = run.timeline().machine();
    let flight = machine.kernel().flight(MessageId(id))?;
    let words = machine
        .vocabulary()
        .messages
        .get(usize::from(flight.gist.kind));
    let events = run.timeline().events();
    let cause = events
        .get(flight.send_event.index())
        .and_then(|send| send.cause.some());
    let cause = cause.map_or_else(String::new, |cause| {
        narrate::sentence(run, &events[cause.index()])
    });
    Some(MessageCard {
        label: words.map_or_else(
            || "clock sync".to_owned(),
            |word| fill(word.label, flight.gist.args),
        ),
        says: words.map_or_else(String::new, |word| fill(word.says, flight.gist.args)),
        from: run.scenario().name(flight.from),
        to: run.scenario().name(flight.to),
        sent_ms: flight.sent.as_millis_f64(),
        due_ms: flight.due.as_millis_f64(),
        fate: fate(flight),
        is_duplicate: flight.is_duplicate,
        is_corrupted: flight.is_corrupted,
        cause,
        deeds: vec![
            offer("Drop it", format!("drop:m{id}")),
            offer("Delay it 1 s", format!("delay:m{id}+1s")),
            offer("Copy it", format!("dup:m{id}")),
            offer("Deliver it now", format!("now:m{id}")),
            offer("Flip its bits", format!("corrupt:m{id}")),
        ],
    })
}

fn fate(flight: &Flight) -> String {
    match (flight.place, flight.ends) {
        (Place::Held(_), _) => "waits at a cut until it heals".to_owned(),
        (Place::Inbox, _) => "waits in its receiver's inbox".to_owned(),
        (_, Some(_)) => format!("will be lost at {}", seconds(flight.next)),
        (_, None) => format!("will arrive at {}", seconds(flight.due)),
    }
}

/// All about a directed link.
pub(crate) fn link(run: &Run, from: &str, to: &str) -> Option<LinkCard> {
    let scenario = run.scenario();
    let (a, b) = (scenario.node(from)?, scenario.node(to)?);
    if a == b {
        return None;
    }
    let kernel = run.timeline().machine().kernel();
    let shown = |key: &str| {
        let own = Knob::parse(&format!("{key}.{from}..{to}"), scenario);
        let knob = own.or_else(|| Knob::parse(key, scenario));
        knob.map_or_else(String::new, |knob| {
            knob.range().unit.display(run.value(knob))
        })
    };
    let cut = kernel.network().cut(a, b);
    Some(LinkCard {
        from: from.to_owned(),
        to: to.to_owned(),
        latency: shown("latency"),
        jitter: shown("jitter"),
        loss: shown("loss"),
        cut: match cut {
            None => LinkCut::Open,
            Some(CutMode::Drop) => LinkCut::Dropped,
            Some(CutMode::Hold) => LinkCut::Held,
        },
        deeds: vec![
            offer("Cut it both ways", format!("cut:{from}-{to}")),
            offer(
                &format!("Cut {from} to {to} alone"),
                format!("cut:{from}..{to}"),
            ),
            offer("Cut and hold messages", format!("hold-cut:{from}-{to}")),
            offer("Heal every cut", "heal".to_owned()),
            offer("Lose half of its messages", format!("loss.{from}-{to}:0.5")),
            offer("Lose none", format!("loss.{from}-{to}:0")),
            offer("Make it 1 s slow", format!("latency.{from}-{to}:1s")),
        ],
    })
}

/// All about an event.
pub(crate) fn event(run: &Run, id: u32) -> Option<EventCard> {
    /// More effects than this are seldom read.
    const MOST_EFFECTS: usize = 50;
    /// Nor are effects that come after so many other events.
    const LOOKED_AHEAD: usize = 200_000;
    let events = run.timeline().events();
    let event = events.get(id as usize)?;
    let later = (id..).zip(events.skip(id as usize).iter());
    let later = later.skip(1).take(LOOKED_AHEAD);
    let effects =
        later.filter(|(_, later)| later.cause == EventId(id) && later.kind != EventKind::Queued);
    Some(EventCard {
        time_ms: event.time.as_millis_f64(),
        sentence: narrate::sentence(run, event),
        node: run.scenario().name(event.node),
        cause: event.cause.some().map(|cause| cause.0),
        effects: effects.map(|(place, _)| place).take(MOST_EFFECTS).collect(),
    })
}
