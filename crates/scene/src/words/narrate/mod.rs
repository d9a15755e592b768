//! An event as a plain sentence.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | what every kind of event says |
//! | `changes` | why messages are lost, and what was changed in clocks, disks, nodes, the network |

mod changes;

use scenario::Run;
use sim::NodeId;
use sim::protocol::{Argument, OperationWord};
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
        EventKind::Network => changes::network(run, event),
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

/// A message, from its sending, with who sent it to whom: `“pay 20” from alice to bank`.
pub fn addressed(run: &Run, sending: &Event) -> String {
    let name = |node: NodeId| run.scenario().name(node);
    let (from, to) = (name(sending.node), name(sending.peer));
    format!("{} from {from} to {to}", quoted(run, sending))
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
    let command: Option<OperatorCommand> = event.detail();
    let operation = command.and_then(|command| operations.get(usize::from(command.operation)));
    let (Some(command), Some(operation)) = (command, operation) else {
        return "something".to_owned();
    };
    let argument = command.argument.to_string();
    let mut words = match operation.takes {
        Argument::Nothing => operation.does.to_owned(),
        Argument::Number => match operation.does.replace("so many", &argument) {
            words if words.contains("number") => format!("{words}: {argument}"),
            words => words,
        },
        Argument::Node => {
            let named = named(run, operation, &argument, argument.len());
            operation.does.replace("a server", &named)
        }
        Argument::Nodes => {
            let named = named(run, operation, &argument, 1);
            operation.does.replace("these servers", &named)
        }
    };
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    words
}

/// The nodes whose numbers, from 1, stand in an operation's argument, so many digits each: `n3, n4 and n5`.
fn named(run: &Run, operation: &OperationWord, argument: &str, digits: usize) -> String {
    let names = run.scenario().knowing(operation);
    let numbers = argument.as_bytes().chunks(digits);
    let numbers = numbers.filter_map(|number| str::from_utf8(number).ok()?.parse::<usize>().ok());
    let named = numbers.filter_map(|number| names.get(number.checked_sub(1)?));
    let named: Vec<&str> = named.map(String::as_str).collect();
    vocabulary::listed(&named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_the_servers_that_it_is_about() {
        for (order, said) in [
            ("op.add:n4=5", "n4 is told: add n5 to the members."),
            ("op.lead:n2=1", "n2 is told: hand the lead to n1."),
            (
                "op.members:n3=345",
                "n3 is told: make n3, n4 and n5 the members.",
            ),
        ] {
            let (mut run, problems) = Run::open(&format!("#/raft-rules?do={order}@1s"));
            assert_eq!(problems, []);
            run.seek(run.timeline().end());
            let mut told = run.timeline().events().iter();
            let told = told.find(|event| event.kind == EventKind::Operation);
            assert_eq!(sentence(&run, told.expect("it is told")), said);
        }
    }
}
