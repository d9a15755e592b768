//! Version vectors: which events of each origin are known. Of two vectors, one may know all that the other knows, or
//! neither may.
//!
//! Parker et al., *Detection of mutual inconsistency in distributed systems*, IEEE TSE 9(3), 1983; as vector clocks,
//! Mattern 1988 and Fidge 1988.

use sim::held::{Held, Measure};
use sim::sorted::Map;

/// An event: its origin, and its number there, from 1. An origin is a node, unless a node has to number anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The node's number, or more if the node is not in its first numbering.
    pub origin: u32,
    /// The event's number at that origin.
    pub count: u32,
}

/// For each origin, up to which number its events are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct VersionVector {
    counts: Map<u32, u32>,
}

impl Held for VersionVector {
    fn held(&self, by: Measure) -> usize {
        self.counts.held(by)
    }
}

impl VersionVector {
    /// A vector that knows nothing.
    pub fn new() -> VersionVector {
        VersionVector::default()
    }

    /// Up to which number the events of an origin are known; 0 for none.
    pub fn of(&self, origin: u32) -> u32 {
        self.counts.get(&origin).copied().unwrap_or(0)
    }

    /// Whether an event is known.
    pub fn knows(&self, dot: Dot) -> bool {
        dot.count <= self.of(dot.origin)
    }

    /// Whether all that `other` knows is known.
    pub fn covers(&self, other: &VersionVector) -> bool {
        other
            .counts
            .iter()
            .all(|(origin, count)| self.of(*origin) >= *count)
    }

    /// Learns of an event, and of all events before it at its origin.
    pub fn learn(&mut self, dot: Dot) {
        let count = self.counts.entry(dot.origin).or_insert(0);
        *count = dot.count.max(*count);
    }

    /// Learns of all that `other` knows.
    pub fn merge(&mut self, other: &VersionVector) {
        for (origin, count) in &other.counts {
            self.learn(Dot {
                origin: *origin,
                count: *count,
            });
        }
    }

    /// The next event of a node, which is known from here on.
    pub fn tick(&mut self, node: u16) -> Dot {
        let origin = u32::from(node);
        let dot = Dot {
            origin,
            count: self.of(origin) + 1,
        };
        self.learn(dot);
        dot
    }

    /// How many events are known. A vector that knows all that another knows, and more, has the larger total.
    pub fn total(&self) -> i64 {
        self.counts.values().map(|count| i64::from(*count)).sum()
    }

    /// The counts of the first `nodes` nodes, as in `[2, 0, 1]`.
    pub fn words(&self, nodes: u16) -> String {
        let counts: Vec<String> = (0..nodes)
            .map(|node| self.of(u32::from(node)).to_string())
            .collect();
        format!("[{}]", counts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_what_was_learnt_directly_or_through_another() {
        let (mut a, mut b) = (VersionVector::new(), VersionVector::new());
        let first = a.tick(0);
        let other = b.tick(1);
        assert!(a.knows(first) && !a.knows(other) && !b.knows(first));
        b.merge(&a);
        let second = a.tick(0);
        assert!(b.knows(first) && !b.knows(second));
        assert!(a.covers(&VersionVector::new()) && b.covers(&b) && !a.covers(&b) && !b.covers(&a));
        assert_eq!(b.words(3), "[1, 1, 0]");
        assert_eq!(b.total(), 2);
    }
}
