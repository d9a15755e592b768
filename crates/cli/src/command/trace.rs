//! A run's events as lines of JSON.
//!
//! A line is `{"id", "time_ns", "kind", "node", "peer", "message", "cause", "code", "args"}`. `kind` is an event's word as
//! in a lab's story; `peer` and `message` are null if the event is not about a message, `cause` if nothing in the run
//! caused it; `code` and `args` refine the kind, as the kernel's documentation says.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use scenario::document::Scenario;
use scenario::lab::event_word;
use serde_json::json;
use sim::trace::Event;
use sim::{EventId, NodeId};

use crate::report::unless_left;

/// Writes events as they come.
pub struct Tracer {
    names: Vec<String>,
    out: Box<dyn Write>,
    is_stdout: bool,
}

impl Tracer {
    /// A tracer to a file, or to stdout for `-`.
    pub fn create(file: &Path, scenario: &Scenario) -> anyhow::Result<Tracer> {
        let is_stdout = file == Path::new("-");
        let out: Box<dyn Write> = if is_stdout {
            Box::new(std::io::stdout())
        } else {
            let file = File::create(file)
                .with_context(|| format!("cannot write the trace to {}", file.display()))?;
            Box::new(file)
        };
        Ok(Tracer {
            names: scenario
                .nodes
                .iter()
                .map(|node| node.name.clone())
                .collect(),
            out: Box::new(BufWriter::new(out)),
            is_stdout,
        })
    }

    /// Writes one event.
    pub fn write(&mut self, id: EventId, event: &Event) -> anyhow::Result<()> {
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
        Ok(unless_left(writeln!(self.out, "{line}"))?)
    }

    /// Ends the trace. Returns whether stdout is free for something else.
    pub fn finish(mut self) -> anyhow::Result<bool> {
        unless_left(self.out.flush())?;
        Ok(!self.is_stdout)
    }
}
