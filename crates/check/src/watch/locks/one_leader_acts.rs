//! At most one leader's operations take effect.

use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// One leader acts: once the leader of a term has let an operation take effect, no leader of an earlier term does so any
/// more, and in each term one node alone does.
///
/// A node may believe that it is the leader for as long as it likes. What counts is what it lets take effect.
#[derive(Clone, Debug, Default)]
pub struct OneLeaderActs {
    /// Who acted in the highest term so far, and when it first did.
    latest: Option<Actor>,
    acts: usize,
    finding: Found<Fault>,
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
    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(Fact::Acts { operation, term }) = event.fact() {
            self.acts(operation, term, id, event);
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
                "{} let {noun} #{} take effect at {}, as leader of term {}; but {} had acted since {}, as leader of term {}.",
                name(fault.late),
                fault.operation,
                seconds(finding.at),
                fault.late_term,
                name(latest.node),
                seconds(latest.since),
                latest.term
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
            .at(400, 1, acts(3, 1))
            .violated("n1 let write #3 take effect at 0.40 s, as leader of term 1; but n2 had acted since 0.30 s, as leader of term 2.")
            .found_here();
    }

    #[test]
    fn a_term_has_one_leader() {
        leaders()
            .at(100, 1, acts(1, 1))
            .at(300, 2, acts(2, 1))
            .violated("n2 let write #2 take effect at 0.30 s, as leader of term 1; but n1 had acted since 0.10 s, as leader of term 1.");
    }

    #[test]
    fn to_lead_without_acting_is_no_violation() {
        leaders()
            .at(100, 1, Fact::Leads { term: 1 })
            .at(100, 2, Fact::Leads { term: 2 })
            .undecided("No write has taken effect yet.");
    }
}
