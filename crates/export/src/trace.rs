//! A run's events as lines of JSON.
//!
//! The first line is `{"slowfire": "trace", "link"}`: the link makes the run. Every other line is an event,
//! `{"id", "time_ns", "kind", "node", "peer", "message", "cause", "code", "args"}`. `kind` is an event's word as in a lab's
//! story; `peer` and `message` are null if the event is not about a message, `cause` if nothing in the run caused it; `code`
//! and `args` refine the kind, as the kernel's documentation says.

use std::fmt::Write;

use scenario::document::Scenario;
use scenario::lab::event_word;
use sim::trace::Event;
use sim::{EventId, NodeId};

use crate::notation::quoted;

/// Writes the lines of one run.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The nodes' names, as JSON has them.
    names: Vec<String>,
}

impl Lines {
    /// For runs of this scenario.
    pub fn of(scenario: &Scenario) -> Lines {
        let names = scenario.nodes.iter().map(|node| quoted(&node.name));
        Lines {
            names: names.collect(),
        }
    }

    /// The first line, with its end: `link` makes the run.
    pub fn head(link: &str) -> String {
        format!("{{\"slowfire\":\"trace\",\"link\":{}}}\n", quoted(link))
    }

    /// Writes the line of one event, with its end.
    pub fn line(&self, id: EventId, event: &Event, out: &mut String) {
        let is_message = event.is_about_a_message();
        let [first, second, third] = event.numbers();
        let (id, code, kind) = (id.0, event.code, event_word(event.kind));
        let (cause, time) = (event.cause.some(), event.time.as_nanos());
        let cause = OrNull(cause.map(|cause| cause.0));
        let message = OrNull(is_message.then_some(event.message.0));
        let (node, peer) = (self.name(event.node), self.name(event.peer));
        let peer = if is_message { peer } else { "null" };
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "{{\"args\":[{first},{second},{third}],\"cause\":{cause},\"code\":{code},\"id\":{id},\"kind\":\"{kind}\",\
             \"message\":{message},\"node\":{node},\"peer\":{peer},\"time_ns\":{time}}}"
        );
    }

    fn name(&self, node: NodeId) -> &str {
        self.names.get(node.index()).map_or("null", String::as_str)
    }
}

struct OrNull(Option<u32>);

impl std::fmt::Display for OrNull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("null"),
        }
    }
}
