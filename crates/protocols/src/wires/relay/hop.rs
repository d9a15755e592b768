//! The relay, which passes messages on.

use sim::protocol::{Description, Outlook};
use sim::random::Probability;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::record::{Checks, Record};
use super::{Choices, Message, Node};
use crate::describe::roles::Role;

/// A relay that passes on what it receives, by way of its own memory.
#[derive(Clone, Debug, Hash)]
pub struct Relay {
    store: NodeId,
    checks: Checks,
    bad_memory: Probability,
    passed: u32,
    dropped: u32,
}

impl Relay {
    pub(super) fn new(choices: &Choices) -> Relay {
        Relay {
            store: choices.store,
            checks: Checks::of(choices).on_hops(),
            bad_memory: Probability::new(choices.bad_memory),
            passed: 0,
            dropped: 0,
        }
    }

    pub(super) fn pass(&mut self, message: Message, context: &mut Context<'_, Node>) {
        let record = message.body.record();
        if record.is_some_and(|record| !record.is_intact(self.checks)) {
            self.dropped += 1;
            context.record(Fact::Damaged {
                operation: message.operation,
            });
            return;
        }
        self.passed += 1;
        let body = record.map_or(message.body, |record| {
            message.body.with(self.copied(record, context))
        });
        let to = if body.is_request() {
            self.store
        } else {
            message.client
        };
        context.send(to, Message { body, ..message });
    }

    /// The record as it comes out of the relay's memory, with a sum of what it says there.
    fn copied(&self, record: Record, context: &Context<'_, Node>) -> Record {
        let record = if context.happens(self.bad_memory, u64::from(self.passed)) {
            record.swapped()
        } else {
            record
        };
        record.sealed()
    }
}

impl Role<Node> for Relay {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        let belief = if self.checks.hops {
            "What I pass on is what I received: I check its checksum, and make a new one."
        } else {
            "What I pass on is what I received."
        };
        Description {
            badge: format!("passed on {}", self.passed),
            state: vec![
                ("passed on".to_owned(), self.passed.to_string()),
                ("thrown away".to_owned(), self.dropped.to_string()),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}
