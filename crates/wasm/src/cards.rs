//! Cards: all that can be said and done about a node, a message, a link or an event.

use scenario::Run;
use scenario::knob::Knob;
use scene::known::known;
use scene::narrate;
use serde::Serialize;
use sim::network::CutMode;
use sim::protocol::{Argument, fill, seconds};
use sim::sorting::sort_by;
use sim::trace::{Event, EventKind};
use sim::{EventId, Flight, MessageId, NodeId, Place, SimTime, Status};

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

/// What the node in whose perspective the run is seen knows of another one. The rest lies in fog.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UnseenCard {
    name: String,
    role: &'static str,
    /// Who knows it.
    own: String,
    /// When the node was last heard, in words.
    heard: String,
    /// What it is taken for, in words.
    taken_for: Option<&'static str>,
    /// What its latest message says.
    last_said: Option<String>,
    /// When that came.
    last_said_ms: Option<f64>,
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
    /// Whether what caused it lies in the fog around the node in whose perspective the run is seen.
    is_cause_unseen: bool,
    /// The events that it caused; the first ones, if there are many. In a node's perspective, those of its own past.
    effects: Vec<u32>,
    /// Whether what else it caused would lie in fog.
    are_effects_unseen: bool,
}

fn offer(label: &str, deed: String) -> CardDeed {
    CardDeed {
        label: label.to_owned(),
        deed,
    }
}

/// What the node in whose perspective the run is seen knows of another one; nothing of one that is in sight.
pub(crate) fn unseen(run: &Run, id: &str) -> Option<UnseenCard> {
    let own = run.perspective()?;
    let node = run.scenario().node(id).filter(|node| *node != own)?;
    let known = known(run, own).into_iter().nth(node.index())?;
    let (last_said_ms, last_said) = known.last_message(run).unzip();
    Some(UnseenCard {
        name: id.to_owned(),
        role: run.scenario().nodes[node.index()].role,
        own: run.scenario().name(own),
        heard: known.heard_words(run.now()),
        taken_for: known.opinion_words(),
        last_said: last_said.filter(|words| !words.is_empty()),
        last_said_ms: last_said_ms.map(SimTime::as_millis_f64),
    })
}

/// All about a node; nothing of one that lies in fog.
pub(crate) fn node(run: &Run, id: &str) -> Option<NodeCard> {
    let node = run.scenario().node(id)?;
    if run.perspective().is_some_and(|own| own != node) {
        return None;
    }
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

/// All about a message on its way, which no node sees.
pub(crate) fn message(run: &Run, id: u32) -> Option<MessageCard> {
    if run.perspective().is_some() {
        return None;
    }
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

/// All about a directed link. What the network does is hidden from every node.
pub(crate) fn link(run: &Run, from: &str, to: &str) -> Option<LinkCard> {
    if run.perspective().is_some() {
        return None;
    }
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

/// All about an event; nothing of one that the node in whose perspective the run is seen knows nothing of.
pub(crate) fn event(run: &Run, id: u32) -> Option<EventCard> {
    /// More effects than this are seldom read.
    const MOST_EFFECTS: usize = 50;
    /// Nor are effects that come after so many other events.
    const LOOKED_AHEAD: usize = 200_000;
    let events = run.timeline().events();
    let is_seen = |event: &Event| {
        run.perspective()
            .is_none_or(|own| event.is_own_past_of(own))
    };
    let event = events.get(id as usize).filter(|event| is_seen(event))?;
    let later = (id..).zip(events.skip(id as usize).iter());
    let later = later.skip(1).take(LOOKED_AHEAD);
    let effects =
        later.filter(|(_, later)| later.cause == EventId(id) && later.kind != EventKind::Queued);
    let effects = effects.filter(|(_, later)| is_seen(later));
    let cause = event.cause.some();
    let seen_cause = cause.filter(|cause| is_seen(&events[cause.index()]));
    Some(EventCard {
        time_ms: event.time.as_millis_f64(),
        sentence: narrate::sentence(run, event),
        node: run.scenario().name(event.node),
        cause: seen_cause.map(|cause| cause.0),
        is_cause_unseen: seen_cause != cause,
        effects: effects.map(|(place, _)| place).take(MOST_EFFECTS).collect(),
        are_effects_unseen: run.perspective().is_some() && event.kind == EventKind::Send,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::state;

    /// A run in the perspective of a node of this name.
    fn seen_by(link: &str, name: &str) -> Run {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let own = run.scenario().node(name);
        assert!(own.is_some());
        run.set_perspective(own);
        run
    }

    #[test]
    fn a_node_in_the_fog_has_a_card_of_what_is_known_of_it_alone() {
        let run = seen_by("#/double-charge?t=4s", "alice");
        assert!(node(&run, "bank").is_none());
        assert!(node(&run, "alice").is_some());
        assert!(unseen(&run, "alice").is_none());
        let bank = unseen(&run, "bank").expect("it lies in fog");
        assert!(bank.heard.ends_with(" s ago"), "{}", bank.heard);
        assert!(bank.last_said.is_some());
        let bob = unseen(&run, "bob").expect("it lies in fog");
        assert_eq!(
            (bob.heard.as_str(), bob.last_said),
            ("not heard from", None)
        );
    }

    #[test]
    fn from_outside_every_node_has_its_whole_card() {
        let (run, _) = Run::open("#/double-charge?t=4s");
        assert!(node(&run, "bank").is_some());
        assert!(unseen(&run, "bank").is_none());
    }

    #[test]
    fn no_node_has_a_card_of_a_message_on_its_way_or_of_a_link() {
        let link_of = |run: &Run| link(run, "alice", "bank").is_some();
        let (mut run, _) = Run::open("#/double-charge");
        while run.timeline().machine().kernel().flights().next().is_none() {
            assert!(run.step());
        }
        let id = run
            .timeline()
            .machine()
            .kernel()
            .flights()
            .next()
            .map(|flight| flight.id.0);
        let id = id.expect("a message is on its way");
        assert!(message(&run, id).is_some() && link_of(&run));
        run.set_perspective(run.scenario().node("alice"));
        assert!(message(&run, id).is_none() && !link_of(&run));
    }

    #[test]
    fn an_event_card_names_no_event_that_its_node_does_not_know_of() {
        let run = seen_by("#/double-charge?t=6s", "alice");
        let own = run.perspective().expect("it is seen by one");
        let (mut told, mut unseen_causes) = (0, 0);
        for (place, event_of) in run.timeline().events().iter().enumerate() {
            let card = event(&run, place as u32);
            assert_eq!(card.is_some(), event_of.is_own_past_of(own), "{place}");
            let Some(card) = card else { continue };
            told += 1;
            unseen_causes += usize::from(card.is_cause_unseen);
            for other in card.cause.iter().chain(&card.effects) {
                let other = &run.timeline().events()[*other as usize];
                assert!(other.is_own_past_of(own), "{place}");
            }
        }
        assert!(told > 5 && unseen_causes > 0, "{told}, {unseen_causes}");
    }

    #[test]
    fn what_is_listed_of_the_others_is_what_their_cards_say() {
        let run = seen_by("#/raft?t=4s", "n1");
        let state = state(&run, 10);
        assert_eq!(state.seen_names(), ["n1"]);
        let listed = state.known_of_others();
        assert_eq!(listed.len(), run.scenario().nodes.len() - 1);
        for (name, known) in listed {
            let card = unseen(&run, name).expect("it lies in fog");
            assert!(known.starts_with(&card.heard), "{known}");
            assert_eq!(card.taken_for.is_some(), known.contains(','), "{known}");
        }
    }
}
