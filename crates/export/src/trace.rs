//! A run's events as lines of JSON.
//!
//! The first line is `{"slowfire": "trace", "link"}`: the link makes the run. Every other line is an event,
//! `{"id", "time_ns", "kind", "node", "peer", "message", "cause", "code", "args"}`. `kind` is an event's word as in a lab's
//! story; `peer` and `message` are null if the event is not about a message, `cause` if nothing in the run caused it; `code`
//! and `args` refine the kind, as the kernel's documentation says.

use scenario::document::Scenario;
use scenario::lab::event_word;
use serde_json::json;
use sim::trace::Event;
use sim::{EventId, NodeId};

/// Writes the lines of one run.
#[derive(Clone, Debug)]
pub struct Lines {
    names: Vec<String>,
}

impl Lines {
    /// For runs of this scenario.
    pub fn of(scenario: &Scenario) -> Lines {
        let names = scenario.nodes.iter().map(|node| node.name.clone());
        Lines {
            names: names.collect(),
        }
    }

    /// The first line, with its end: `link` makes the run.
    pub fn head(link: &str) -> String {
        format!("{}\n", json!({"slowfire": "trace", "link": link}))
    }

    /// The line of one event, with its end.
    pub fn line(&self, id: EventId, event: &Event) -> String {
        let name = |node: NodeId| self.names.get(node.index());
        let is_message = event.is_about_a_message();
        let line = json!({
            "id": id.0,
            "time_ns": event.time.as_nanos(),
            "kind": event_word(event.kind),
            "node": name(event.node),
            "peer": name(event.peer).filter(|_| is_message),
            "message": is_message.then_some(event.message.0),
            "cause": event.cause.some().map(|cause| cause.0),
            "code": event.code,
            "args": event.numbers(),
        });
        format!("{line}\n")
    }
}
