//! Which operations are under way.

use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};
use sim::sorted::Passing;

use sim::trace::{Event, EventKind, Fact, Outcome};
use sim::{EventId, NodeId, SimTime};

/// The operations under way, as a trace tells them. A crash of its client ends an operation too.
#[derive(Clone, Debug, Default)]
pub(in crate::watch) struct UnderWay {
    /// By when they were called, and by their numbers.
    begun: Passing<(SimTime, u32), Begun>,
    /// When each was called.
    called: FxHashMap<u32, SimTime>,
}

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
            self.crashed(event.node);
        }
        match event.fact()? {
            Fact::Invoked { operation, .. } => {
                let begun = Begun {
                    operation,
                    client: event.node,
                    at: event.time,
                    event: id,
                };
                self.end(operation);
                self.called.insert(operation, event.time);
                self.begun.insert((event.time, operation), begun);
                None
            }
            Fact::Returned {
                operation, outcome, ..
            } => Some((self.end(operation)?, outcome)),
            _ => None,
        }
    }

    /// Takes out an operation.
    fn end(&mut self, operation: u32) -> Option<Begun> {
        let at = self.called.remove(&operation)?;
        self.begun.remove(&(at, operation))
    }

    fn crashed(&mut self, client: NodeId) {
        let called = &mut self.called;
        for begun in self.begun.values().filter(|begun| begun.client == client) {
            called.remove(&begun.operation);
        }
        self.begun.retain(|begun| begun.client != client);
    }

    /// The operation that has been under way for the longest.
    pub fn oldest(&self) -> Option<Begun> {
        self.begun.first().copied()
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.begun.held(by) + self.called.held(by)
    }

    /// How many are under way.
    pub fn count(&self) -> usize {
        self.begun.len()
    }
}
