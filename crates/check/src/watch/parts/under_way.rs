//! Which operations are under way.

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::trace::{Event, EventKind, Fact, Outcome};
use sim::{EventId, NodeId, SimTime};

/// The operations under way, as a trace tells them. A crash of its client ends an operation too.
#[derive(Clone, Debug, Default)]
pub(in crate::watch) struct UnderWay(Map<u32, Begun>);

/// How an operation began.
#[derive(Clone, Copy, Debug)]
pub(in crate::watch) struct Begun {
    /// Its number in the run.
    pub operation: u32,
    /// The node that called it.
    pub client: NodeId,
    /// When it was called.
    pub at: SimTime,
    /// The event of the call.
    pub event: EventId,
}

impl UnderWay {
    /// Takes in an event. Returns the operation that it ends, and how.
    pub fn observe(&mut self, id: EventId, event: &Event) -> Option<(Begun, Outcome)> {
        if event.kind == EventKind::Crash {
            self.0.retain(|_, begun| begun.client != event.node);
        }
        match event.fact()? {
            Fact::Invoked { operation, .. } => {
                let begun = Begun {
                    operation,
                    client: event.node,
                    at: event.time,
                    event: id,
                };
                self.0.insert(operation, begun);
                None
            }
            Fact::Returned {
                operation, outcome, ..
            } => Some((self.0.remove(&operation)?, outcome)),
            _ => None,
        }
    }

    /// The operation that has been under way for the longest.
    pub fn oldest(&self) -> Option<Begun> {
        self.0.values().min_by_key(|begun| begun.at).copied()
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.0.held(by)
    }

    /// How many are under way.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
