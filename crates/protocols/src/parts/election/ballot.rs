//! Terms: numbers that only grow, with at most one leader per term, because a node gives at most one vote per term (views in Oki
//! and Liskov, *Viewstamped replication*, PODC 1988; ballots in Lamport, *The part-time parliament*, TOCS 16(2), 1998;
//! terms in Ongaro and Ousterhout, *In search of an understandable consensus algorithm*, USENIX ATC 2014).

use sim::NodeId;

/// What a node must remember of elections, also beyond a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ballot {
    /// The highest term that the node knows of; 0 before the first.
    pub term: i64,
    /// The candidate that got its vote in that term.
    pub vote: Option<NodeId>,
}

impl Ballot {
    /// Learns of a term. Whether it is higher than any before; then the node leads or stands no longer.
    pub fn see(&mut self, term: i64) -> bool {
        let is_higher = term > self.term;
        if is_higher {
            *self = Ballot { term, vote: None };
        }
        is_higher
    }

    /// Begins the next term with a vote for itself; the term.
    pub fn stand(&mut self, me: NodeId) -> i64 {
        *self = Ballot {
            term: self.term + 1,
            vote: Some(me),
        };
        self.term
    }

    /// Gives the vote of `term` to `candidate` if it is free, or confirms that it gave it before. Whether it does.
    pub fn grant(&mut self, term: i64, candidate: NodeId) -> bool {
        self.see(term);
        if term < self.term {
            return false;
        }
        *self.vote.get_or_insert(candidate) == candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);

    #[test]
    fn there_is_one_vote_per_term() {
        let mut ballot = Ballot::default();
        assert!(ballot.grant(1, A));
        assert!(!ballot.grant(1, B));
        assert!(ballot.grant(1, A), "asked again, it says the same");
        assert!(ballot.grant(2, B), "a new term, a new vote");
        assert!(!ballot.grant(1, A), "an old term is over");
        assert_eq!(ballot.term, 2);
    }

    #[test]
    fn who_stands_has_voted() {
        let mut ballot = Ballot::default();
        ballot.see(4);
        assert_eq!(ballot.stand(A), 5);
        assert!(!ballot.grant(5, B));
        assert!(!ballot.see(5));
        assert!(ballot.see(6));
    }
}
