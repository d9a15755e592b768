//! A transaction, and what it is called.

use sim::NodeId;

use crate::watch::verdict::Words;

/// No place in a list.
pub(super) const NONE: u32 = u32::MAX;

/// A transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transaction {
    pub operation: u32,
    pub client: Option<NodeId>,
    pub fate: Fate,
    /// Its node in the graph, once it is committed.
    pub node: u32,
    /// The latest of its reads.
    pub read: u32,
    /// The latest read by a committed transaction of what it wrote, as long as the store does not have that.
    pub dirty: u32,
}

/// What has become of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Open,
    Committed,
    Failed,
}

impl Transaction {
    /// A transaction of which nothing is known.
    pub(super) fn new(operation: u32) -> Transaction {
        Transaction {
            operation,
            client: None,
            fate: Fate::Open,
            node: NONE,
            read: NONE,
            dirty: NONE,
        }
    }

    pub(super) fn name(&self, words: &Words<'_>) -> String {
        let (noun, number) = (words.operation, self.operation);
        match self.client {
            Some(client) => format!("{}'s {noun} #{number}", (words.node)(client)),
            None => format!("{noun} #{number}"),
        }
    }
}
