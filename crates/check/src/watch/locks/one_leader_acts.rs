//! At most one leader's operations take effect.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Fact, Function};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// One leader acts: once the leader of a term has let an operation take effect, no leader of an earlier term lets another
/// one do so, and in each term one node alone does.
///
/// A node may believe that it is the leader for as long as it likes. What counts is what it lets take effect; a read has no
/// effect. An earlier leader may still tell of an operation that its successor had stored before it acted itself: that
/// operation is not undone. Nor is one over which the successor had stored another one under the same key, which it finds on its
/// disk after a restart. In Raft such an answer comes when the acknowledgements were late (*leader completeness* in Ongaro
/// and Ousterhout, *In search of an understandable consensus algorithm*, USENIX ATC 2014, section 5.4.3).
#[derive(Clone, Debug, Default)]
pub struct OneLeaderActs {
    /// For each operation, the copies of it.
    stored: Map<u32, Vec<Holding>>,
    reads: Set<u32>,
    /// Who acted in the highest term so far, and when it first did.
    latest: Option<Actor>,
    acts: usize,
    finding: Found<Fault>,
}

/// A node's copy of an operation.
#[derive(Clone, Copy, Debug)]
struct Holding {
    node: NodeId,
    key: i64,
    /// When the node first stored it.
    since: EventId,
    /// When the node restarted, if it has not put the copy on record again: at that moment it finds what its disk has.
    lost: Option<SimTime>,
}

#[derive(Clone, Copy, Debug)]
struct Actor {
    node: NodeId,
    term: i64,
    since: SimTime,
    first: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    late: NodeId,
    late_term: i64,
    operation: u32,
    latest: Actor,
}

impl OneLeaderActs {
    /// A check that has seen nothing yet.
    pub fn new() -> OneLeaderActs {
        OneLeaderActs::default()
    }

    fn stores(&mut self, operation: u32, key: i64, id: EventId, event: &Event) {
        let copies = self.stored.entry(operation).or_default();
        let known = copies.iter().position(|copy| copy.node == event.node);
        let found = known.map(|place| copies.swap_remove(place));
        let kept = found.filter(|copy| copy.lost.is_none_or(|at| at == event.time));
        let holding = Holding {
            node: event.node,
            key,
            since: kept.map_or(id, |copy| copy.since),
            lost: None,
        };
        copies.push(holding);
        if found.is_some_and(|copy| copy.lost == Some(event.time)) {
            self.finds_what_preceded(holding, event.time);
        }
    }

    /// A node has found a copy on its disk when it restarted. It had stored it over those that it had stored before, under the
    /// same key: they are in it.
    fn finds_what_preceded(&mut self, found: Holding, restarted: SimTime) {
        let copies = self.stored.values_mut().flatten();
        let preceding = copies.filter(|copy| {
            (copy.node, copy.key) == (found.node, found.key)
                && copy.since < found.since
                && copy.lost == Some(restarted)
        });
        preceding.for_each(|copy| copy.lost = None);
    }

    fn discards(&mut self, operation: u32, node: NodeId) {
        if let Some(copies) = self.stored.get_mut(&operation) {
            copies.retain(|copy| copy.node != node);
        }
    }

    /// A node has lost its memory: it holds what it then puts on record.
    fn restarted(&mut self, event: &Event) {
        let copies = self.stored.values_mut().flatten();
        for copy in copies.filter(|copy| copy.node == event.node) {
            copy.lost.get_or_insert(event.time);
        }
    }

    /// Whether a leader had stored an operation before it first acted, and has it still.
    fn began_with(&self, leader: Actor, operation: u32) -> bool {
        let mut copies = self.stored.get(&operation).into_iter().flatten();
        copies.any(|copy| {
            copy.node == leader.node && copy.since < leader.first && copy.lost.is_none()
        })
    }

    fn acts(&mut self, operation: u32, term: i64, id: EventId, event: &Event) {
        self.acts += 1;
        let actor = Actor {
            node: event.node,
            term,
            since: event.time,
            first: id,
        };
        match self.latest {
            Some(latest) if term > latest.term => self.latest = Some(actor),
            None => self.latest = Some(actor),
            Some(latest) if (term, event.node) == (latest.term, latest.node) => {}
            Some(latest) if term < latest.term && self.began_with(latest, operation) => {}
            Some(latest) => {
                let fault = Fault {
                    late: event.node,
                    late_term: term,
                    operation,
                    latest,
                };
                self.finding.here(id, event, &[latest.first, id], fault);
            }
        }
    }
}

impl Check for OneLeaderActs {
    fn held(&self, by: Measure) -> usize {
        self.stored.held(by) + all_held(self.stored.values(), by) + self.reads.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Restart {
            self.restarted(event);
        }
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function: Function::Read,
                ..
            }) => {
                self.reads.insert(operation);
            }
            Some(Fact::Acts { operation, .. }) if self.reads.contains(&operation) => {}
            Some(Fact::Acts { operation, term }) => self.acts(operation, term, id, event),
            Some(Fact::Stored { operation, key, .. }) => self.stores(operation, key, id, event),
            Some(Fact::Discarded { operation, .. }) => self.discards(operation, event.node),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let (noun, name) = (words.operation, words.node);
        if let Some((finding, fault)) = self.finding.get() {
            let latest = fault.latest;
            return finding.verdict(format!(
                "{} let {noun} #{} take effect at {} as leader of term {}, but {} had acted as leader of term {} since {}.",
                name(fault.late),
                fault.operation,
                seconds(finding.at),
                fault.late_term,
                name(latest.node),
                latest.term,
                seconds(latest.since)
            ));
        }
        match self.latest {
            None => Verdict::undecided(format!("No {noun} has taken effect yet.")),
            Some(latest) => {
                let acts = counted(self.acts, noun);
                let who = name(latest.node);
                let text = format!("{acts} took effect, one leader at a time: now {who}.");
                Verdict::holds(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn leaders() -> Trial {
        trial(OneLeaderActs::new(), "write")
    }

    #[test]
    fn leaders_may_follow_each_other() {
        leaders()
            .at(100, 1, acts(1, 1))
            .at(200, 1, acts(2, 1))
            .at(300, 2, acts(3, 2))
            .at(400, 1, acts(4, 3))
            .holds("4 writes took effect, one leader at a time: now n1.");
    }

    #[test]
    fn who_was_succeeded_may_not_act() {
        leaders()
            .at(100, 1, acts(1, 1))
            .at(300, 2, acts(2, 2))
            .at(350, 3, reads(4))
            .at(360, 1, acts(4, 1))
            .holds("2 writes took effect, one leader at a time: now n2.")
            .at(400, 1, acts(3, 1))
            .violated("n1 let write #3 take effect at 0.40 s as leader of term 1, but n2 had acted as leader of term 2 since 0.30 s.")
            .found_here();
    }

    /// n1 tells late of a write that n2 stored at this time; n2 has acted as its successor since 300 ms.
    fn told_late(stored_at: u64) -> Trial {
        let stored = |at, trial: Trial| {
            if at == stored_at {
                trial.at(at, 2, stores(1))
            } else {
                trial
            }
        };
        let before = stored(200, leaders().at(100, 1, stores(1)));
        let since = stored(350, before.at(300, 2, acts(2, 2)));
        since.at(400, 1, acts(1, 1))
    }

    #[test]
    fn what_the_successor_began_with_may_be_told_late() {
        told_late(200).holds("2 writes took effect, one leader at a time: now n2.");
        for at in [0, 350] {
            told_late(at).violated("n1 let write #1 take effect at 0.40 s as leader of term 1, but n2 had acted as leader of term 2 since 0.30 s.");
        }
    }

    #[test]
    fn what_the_successor_lost_at_a_restart_may_not_be_told_late() {
        let restarted = || {
            leaders()
                .at(100, 1, stores(1))
                .at(200, 2, stores(1))
                .at(300, 2, acts(2, 2))
                .at(310, 2, CRASHES)
                .at(320, 2, RESTARTS)
        };
        let late = "n1 let write #1 take effect at 0.40 s as leader of term 1, but n2 had acted as leader of term 2 since 0.30 s.";
        restarted().at(400, 1, acts(1, 1)).violated(late);
        let copied = restarted().at(350, 2, stores(1));
        copied.at(400, 1, acts(1, 1)).violated(late);
        let kept = restarted().at(320, 2, stores(1));
        kept.at(400, 1, acts(1, 1))
            .holds("2 writes took effect, one leader at a time: now n2.");
    }

    #[test]
    fn what_the_successor_stored_another_write_over_is_not_lost_at_a_restart() {
        let restarted = |found| {
            leaders()
                .at(100, 1, stores(1))
                .at(200, 2, stores(1))
                .at(300, 2, acts(2, 2))
                .at(305, 2, stores(3))
                .at(310, 2, CRASHES)
                .at(320, 2, RESTARTS)
                .at(320, 2, found)
                .at(400, 1, acts(1, 1))
        };
        restarted(stores(3)).holds("2 writes took effect, one leader at a time: now n2.");
        let late = "n1 let write #1 take effect at 0.40 s as leader of term 1, but n2 had acted as leader of term 2 since 0.30 s.";
        restarted(stores(4)).violated(late);
        restarted(under(5, stores(3))).violated(late);
    }

    #[test]
    fn a_term_has_one_leader() {
        leaders()
            .at(100, 1, acts(1, 1))
            .at(300, 2, acts(2, 1))
            .violated("n2 let write #2 take effect at 0.30 s as leader of term 1, but n1 had acted as leader of term 1 since 0.10 s.");
    }

    #[test]
    fn to_lead_without_acting_is_no_violation() {
        leaders()
            .at(100, 1, Fact::Leads { term: 1 })
            .at(100, 2, Fact::Leads { term: 2 })
            .undecided("No write has taken effect yet.");
    }
}
