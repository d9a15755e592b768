//! An operation of a client that has not ended, and what it has heard.

use sim::held::{Held, Measure};
use sim::sorted::Set;
use sim::{NodeId, TimerId};

use super::Message;
use crate::parts::quorum::Votes;

/// An operation that has not ended.
#[derive(Clone, Debug, Hash)]
pub(super) struct Operation {
    pub(super) number: u32,
    pub(super) key: i64,
    pub(super) task: Task,
    pub(super) phase: Phase,
    /// The nodes that have answered in this phase; it ends when they are enough.
    pub(super) answers: Votes,
    /// The nodes that were asked and have not answered in this phase.
    pub(super) awaited: Set<NodeId>,
    /// How many stand-ins were asked, by the order of the ring.
    pub(super) stand_ins: u16,
    pub(super) since: i64,
    /// When it asks again, and when it gives up.
    pub(super) again: TimerId,
    pub(super) give_up: TimerId,
}

/// What an operation is for.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) enum Task {
    Read,
    Write,
}

/// What an operation is doing.
#[derive(Clone, Debug, Hash)]
pub(super) enum Phase {
    /// It asks for copies. These are the newest copy so far, and the nodes that have it.
    Query { newest: u32, holders: Vec<NodeId> },
    /// It makes sure that enough nodes have this write.
    Update { copy: u32 },
}

impl Phase {
    /// A query that has no answer yet.
    pub(super) fn query() -> Phase {
        Phase::Query {
            newest: 0,
            holders: Vec::new(),
        }
    }
}

impl Operation {
    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        let holders = match &self.phase {
            Phase::Query { holders, .. } => holders.held(by),
            Phase::Update { .. } => 0,
        };
        self.answers.held(by) + self.awaited.held(by) + holders
    }

    /// What it asks a node for: a replica, or one that stands in for a replica.
    pub(super) fn question(&self, stands_in_for: Option<NodeId>) -> Message {
        let (operation, key) = (self.number, self.key);
        match self.phase {
            Phase::Query { .. } => Message::Read { operation, key },
            Phase::Update { copy } => Message::Write {
                operation,
                key,
                copy,
                stands_in_for,
            },
        }
    }

    /// Hears an answer. Whether that is the one that ends the phase.
    pub(super) fn hears(&mut self, from: NodeId, message: Message) -> bool {
        if !self.learn(from, message) {
            return false;
        }
        self.awaited.remove(&from);
        self.answers.add(from)
    }

    /// Takes in an answer. Whether it belongs to this phase.
    fn learn(&mut self, from: NodeId, message: Message) -> bool {
        match (message, &mut self.phase) {
            (Message::Value { operation, copy }, Phase::Query { newest, holders })
                if operation == self.number =>
            {
                if copy > *newest {
                    (*newest, *holders) = (copy, Vec::new());
                }
                if copy == *newest {
                    holders.push(from);
                }
                true
            }
            (Message::Written { operation }, Phase::Update { .. }) => operation == self.number,
            _ => false,
        }
    }

    /// Begins to make sure that `needed` nodes have `copy`; `holders` have it already. Whether they are enough.
    pub(super) fn update(&mut self, copy: u32, holders: &[NodeId], needed: u16) -> bool {
        self.answers = Votes::of(needed);
        for holder in holders {
            self.answers.add(*holder);
        }
        self.awaited = Set::new();
        self.stand_ins = 0;
        self.phase = Phase::Update { copy };
        self.answers.is_full()
    }
}
