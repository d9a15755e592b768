//! What a leader knows of its followers.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;

use crate::parts::log::{Mark, Progress};
use crate::parts::quorum::reached;

/// What a leader has to know.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Office {
    pub(super) followers: Map<NodeId, Progress>,
    /// How many of its own entries are durable.
    pub(super) durable: u32,
    /// Which client waits for which operation.
    pub(super) waiting: Map<u32, NodeId>,
}

impl Office {
    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        size_of_val(self) + self.followers.held(by) + self.waiting.held(by)
    }

    /// What a leader knows that has just been elected and whose log ends at `last`.
    pub(super) fn new(peers: &[NodeId], last: Mark, now: i64) -> Office {
        let follower = Progress::new(last, now);
        let followers = peers.iter().map(|peer| (*peer, follower));
        Office {
            followers: followers.collect(),
            ..Office::default()
        }
    }

    /// How many servers are in touch, the leader included: followers whose last answer `is_recent`.
    pub(super) fn count_in_touch(&self, is_recent: impl Fn(i64) -> bool) -> usize {
        let followers = self.followers.values();
        followers
            .filter(|follower| is_recent(follower.heard))
            .count()
            + 1
    }

    /// How many entries `needed` of the servers have, the leader included.
    pub(super) fn accepted_by(&self, needed: u16) -> Option<u32> {
        let matched = self.followers.values().map(|follower| follower.matched);
        reached(matched.chain([self.durable]), needed)
    }
}
