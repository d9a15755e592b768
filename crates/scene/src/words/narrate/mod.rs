//! An event as a plain sentence.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | what every kind of event says |
//! | `changes` | why messages are lost, and what was changed in clocks, disks, nodes, the network |

mod changes;

use scenario::Run;
use sim::NodeId;
use sim::trace::{Event, EventKind, OperatorCommand};

use super::{facts, vocabulary};

/// What happened in `event`, as a sentence. Empty for what is not worth one.
pub fn sentence(run: &Run, event: &Event) -> String {
    let name = |node: NodeId| run.scenario().name(node);
    let (node, peer) = (name(event.node), name(event.peer));
    let quoted = || quoted(run, event);
    match event.kind {
        EventKind::Start => format!("{node} starts."),
        EventKind::Send => {
            let says = vocabulary::says(run, vocabulary::message_of(run, event));
            format!("{node} to {peer}: {}", ended(&says))
        }
        EventKind::Deliver => format!("{node} gets {} from {peer}.", quoted()),
        EventKind::Lost => {
            let why = changes::why_lost(event);
            format!("{} from {peer} to {node} is lost: {why}.", quoted())
        }
        EventKind::Duplicate => {
            format!("The network copies {} from {node} to {peer}.", quoted())
        }
        EventKind::Queued => format!("{} from {peer} waits in the inbox of {node}.", quoted()),
        EventKind::Held => format!("{} from {peer} to {node} waits at the cut.", quoted()),
        EventKind::Meddled => {
            let meddled = changes::meddled(event);
            format!("By hand, {} to {node} is {meddled}.", quoted())
        }
        EventKind::TimerFired => {
            let timer = vocabulary::timer(run, event);
            let says = timer.map_or("a timer fires", |timer| timer.says);
            format!("{node}: {says}.")
        }
        EventKind::Crash => format!("{node} crashes and loses its memory."),
        EventKind::Restart => format!("{node} restarts with what is on its disk."),
        EventKind::Pause => format!("{node} is paused, and does not know it."),
        EventKind::Resume => format!("{node} continues as if nothing had happened."),
        EventKind::Limp => changes::limp(&node, event),
        EventKind::Clock => changes::clock(&node, event),
        EventKind::Network => changes::network(event),
        EventKind::Disk => changes::disk(&node, event),
        EventKind::Setting => changes::setting(&node, event),
        EventKind::Operation => format!("{node} is told: {}.", order(run, event)),
        EventKind::Fact => {
            let told = |fact| format!("{node}{}", facts::told(run, event.node, fact).sentence);
            event.fact().map_or_else(String::new, told)
        }
    }
}

/// The message that an event is about: its label, or what it says where it has none. Empty for one without words.
pub fn message(run: &Run, event: &Event) -> String {
    let message = vocabulary::message_of(run, event);
    let label = vocabulary::label(run, message);
    if label.is_empty() {
        return vocabulary::says(run, message);
    }
    label
}

/// A message in the middle of a sentence.
fn quoted(run: &Run, event: &Event) -> String {
    match message(run, event).as_str() {
        "" => "a message".to_owned(),
        words => format!("“{words}”"),
    }
}

/// The words with a full stop, unless they end like a sentence already.
fn ended(words: &str) -> String {
    if words.ends_with(['?', '!']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

/// What an operator told a node to do, as the end of a sentence.
fn order(run: &Run, event: &Event) -> String {
    let operations = run.timeline().machine().vocabulary().operations;
    let operation = |command: OperatorCommand| operations.get(usize::from(command.operation));
    let does = event.detail().and_then(operation);
    let does = does.map_or("something", |operation| operation.does);
    let argument = event
        .detail()
        .map_or(0, |command: OperatorCommand| command.argument);
    let mut words = does.replace("so many", &argument.to_string());
    if does.contains("number") {
        words += &format!(": {argument}");
    }
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    words
}
