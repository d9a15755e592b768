//! What a leader knows of its followers.

use std::cmp::Reverse;

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::sorting::sort_by_key;

/// What a leader has to know.
#[derive(Clone, Debug, Default)]
pub(super) struct Office {
    pub(super) followers: Map<NodeId, Follower>,
    /// How many of its own entries are durable.
    pub(super) durable: u32,
    /// Which client waits for which operation.
    pub(super) waiting: Map<u32, NodeId>,
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follower {
    /// How many entries it has for certain.
    pub(super) alike: u32,
    /// How many it was sent.
    pub(super) sent: u32,
    /// When it last answered, or the leader was elected.
    pub(super) heard: i64,
    /// When the leader last went back to send what the follower lacks.
    pub(super) rewound: i64,
}

impl Office {
    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        size_of_val(self) + self.followers.held(by) + self.waiting.held(by)
    }

    /// What a leader knows that has just been elected and has `length` entries.
    pub(super) fn new(peers: &[NodeId], length: u32, now: i64) -> Office {
        let follower = Follower {
            alike: 0,
            sent: length,
            heard: now,
            rewound: now,
        };
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

    /// How many entries `needed` of the servers have accepted, the leader included.
    pub(super) fn accepted_by(&self, needed: u16) -> Option<u32> {
        let followers = self.followers.values();
        let mut lengths: Vec<u32> = followers.map(|follower| follower.alike).collect();
        lengths.push(self.durable);
        sort_by_key(&mut lengths, |&length| Reverse(length));
        lengths.get(usize::from(needed) - 1).copied()
    }
}
