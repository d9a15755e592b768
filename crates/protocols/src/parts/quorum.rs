//! Majorities: any two of them share a node, so what one has promised the other hears of (Gifford, *Weighted voting for
//! replicated data*, SOSP 1979; Thomas, *A majority consensus approach*, TODS 4(2), 1979).

use sim::sorted::Set;

use sim::NodeId;

/// The smallest number that is more than half of `members`.
pub const fn majority(members: u16) -> u16 {
    members / 2 + 1
}

/// Who has said yes to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    needed: u16,
    yes: Set<NodeId>,
}

impl Tally {
    /// A tally that needs a majority of so many members.
    pub fn of_majority(members: u16) -> Tally {
        Tally::of(majority(members))
    }

    /// A tally that needs so many.
    pub fn of(needed: u16) -> Tally {
        Tally {
            needed,
            yes: Set::new(),
        }
    }

    /// Counts a yes. Whether it is the one that makes the quorum full: true once, however often the same node says it.
    pub fn add(&mut self, from: NodeId) -> bool {
        self.yes.insert(from) && self.yes.len() == usize::from(self.needed)
    }

    /// Whether enough have said yes.
    pub fn is_full(&self) -> bool {
        self.yes.len() >= usize::from(self.needed)
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
    fn a_node_counts_once_and_the_quorum_fills_once() {
        let mut tally = Tally::of_majority(3);
        assert!(!tally.add(NodeId(0)));
        assert!(!tally.add(NodeId(0)));
        assert!(!tally.is_full());
        assert!(tally.add(NodeId(2)));
        assert!(!tally.add(NodeId(1)), "it was full before");
        assert_eq!((tally.count(), tally.is_full()), (3, true));
    }
}
