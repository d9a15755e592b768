//! Majorities: any two of them share a node, so each hears of what the other has promised (Gifford, *Weighted voting for
//! replicated data*, SOSP 1979; Thomas, *A majority consensus approach*, TODS 4(2), 1979).

use sim::held::{Held, Measure};
use sim::sorted::Set;

use sim::NodeId;

/// The smallest number that is more than half of `members`.
pub const fn majority(members: u16) -> u16 {
    members / 2 + 1
}

/// How many nodes decide anything together at most.
const MOST: usize = 16;

/// The most that `needed` of all have reached, if there are so many. They are 16 at most.
pub fn reached<T: Ord + Copy>(mut all: impl Iterator<Item = T>, needed: u16) -> Option<T> {
    let mut best = [all.next()?; MOST];
    let mut count = 1;
    for value in all.take(MOST - 1) {
        let mut place = count;
        while place > 0 && best[place - 1] < value {
            best[place] = best[place - 1];
            place -= 1;
        }
        best[place] = value;
        count += 1;
    }
    let needed = usize::from(needed);
    (1..=count).contains(&needed).then(|| best[needed - 1])
}

/// How many of the replicas of a key take part in a read, and how many in a write (Gifford 1979; N, R and W in DeCandia et
/// al., *Dynamo*, SOSP 2007, section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quorums {
    /// How many replicas a key has.
    pub n: u16,
    /// How many of them a read asks for an answer.
    pub r: u16,
    /// How many of them have a write before it is reported as written.
    pub w: u16,
}

impl Quorums {
    /// Quorums among `nodes` nodes: no more replicas than there are nodes, and no larger quorums than replicas.
    pub fn among(self, nodes: u16) -> Quorums {
        let n = self.n.clamp(1, nodes.max(1));
        Quorums {
            n,
            r: self.r.clamp(1, n),
            w: self.w.clamp(1, n),
        }
    }

    /// Whether each read shares a replica with each write.
    pub fn overlap(self) -> bool {
        self.r + self.w > self.n
    }

    /// The same, with the smaller quorum raised until they overlap.
    pub fn overlapping(mut self) -> Quorums {
        while !self.overlap() {
            if self.r <= self.w {
                self.r += 1;
            } else {
                self.w += 1;
            }
        }
        self
    }
}

/// The nodes that have said yes to something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Votes {
    needed: u16,
    yes: Set<NodeId>,
}

impl Votes {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.yes.held(by)
    }

    /// None yet, of which a majority is needed, out of `members` nodes.
    pub fn of_majority(members: u16) -> Votes {
        Votes::of(majority(members))
    }

    /// None yet, of `needed` that are needed.
    pub fn of(needed: u16) -> Votes {
        Votes {
            needed,
            yes: Set::new(),
        }
    }

    /// Counts a yes. Whether this yes completes the quorum: true once, however often the same node says it.
    pub fn add(&mut self, from: NodeId) -> bool {
        self.yes.insert(from) && self.yes.len() == usize::from(self.needed)
    }

    /// Whether enough have said yes.
    pub fn is_full(&self) -> bool {
        self.yes.len() >= usize::from(self.needed)
    }

    /// Whether this node has said yes.
    pub fn has(&self, node: NodeId) -> bool {
        self.yes.contains(&node)
    }

    /// How many have said yes.
    pub fn count(&self) -> u16 {
        self.yes.len() as u16
    }

    /// How many are needed.
    pub fn needed(&self) -> u16 {
        self.needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_majorities_always_share_a_node() {
        for members in 1..=9 {
            assert!(2 * majority(members) > members, "{members}");
            assert!(2 * (majority(members) - 1) <= members, "{members}");
        }
    }

    #[test]
    fn as_many_as_are_needed_have_reached_what_is_least_among_the_best() {
        let all = [9, 3, 9, 5];
        for (needed, most) in [
            (1, Some(9)),
            (2, Some(9)),
            (3, Some(5)),
            (4, Some(3)),
            (5, None),
        ] {
            assert_eq!(reached(all.into_iter(), needed), most, "{needed}");
        }
    }

    #[test]
    fn quorums_are_raised_until_they_overlap() {
        for n in 1..=9 {
            for (r, w) in (1..=9).flat_map(|r| (1..=9).map(move |w| (r, w))) {
                let quorums = Quorums { n, r, w }.among(7);
                let raised = quorums.overlapping();
                assert!(raised.overlap() && raised.r <= raised.n && raised.w <= raised.n);
                assert!(raised.r >= quorums.r && raised.w >= quorums.w);
                assert_eq!(raised == quorums, quorums.overlap());
            }
        }
        let raised = Quorums { n: 3, r: 1, w: 1 }.overlapping();
        assert_eq!((raised.r, raised.w), (2, 2));
    }

    #[test]
    fn a_node_counts_once_and_the_quorum_fills_once() {
        let mut votes = Votes::of_majority(3);
        assert!(!votes.add(NodeId(0)));
        assert!(!votes.add(NodeId(0)));
        assert!(!votes.is_full());
        assert!(votes.add(NodeId(2)));
        assert!(!votes.add(NodeId(1)), "it was full before");
        assert_eq!((votes.count(), votes.is_full()), (3, true));
    }
}
