//! One leader per term.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// How many terms back votes are remembered.
const REMEMBERED: i64 = 16;

/// Election safety: a term has at most one leader, which is elected once.
///
/// Two leaders of one term have each been elected by a majority, so a node has voted for both; the sentence names it. A node
/// that is elected twice in a term has forgotten in between that it led, and what it told others then.
#[derive(Clone, Debug, Default)]
pub struct ElectionSafety {
    /// The leader of each term.
    leaders: Map<i64, Leader>,
    /// The first vote of each node in each of the latest terms.
    votes: Map<(i64, NodeId), Vote>,
    /// Of each of these terms, a node that voted twice.
    twice: Map<i64, Twice>,
    /// When each node last crashed.
    crashes: Map<NodeId, (SimTime, EventId)>,
    elected: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Leader {
    node: NodeId,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Vote {
    candidate: i64,
    at: SimTime,
    event: EventId,
}

/// A node that voted for two candidates in one term.
#[derive(Clone, Copy, Debug)]
struct Twice {
    voter: NodeId,
    /// When it crashed between the two votes, if it did.
    crash: Option<(SimTime, EventId)>,
    events: [EventId; 2],
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    term: i64,
    leaders: [NodeId; 2],
    twice: Option<Twice>,
}

impl ElectionSafety {
    /// A check that has seen nothing yet.
    pub fn new() -> ElectionSafety {
        ElectionSafety::default()
    }

    fn voted(&mut self, term: i64, candidate: i64, id: EventId, event: &Event) {
        let voter = event.node;
        let vote = Vote {
            candidate,
            at: event.time,
            event: id,
        };
        let Some(first) = self.votes.get(&(term, voter)).copied() else {
            self.votes.insert((term, voter), vote);
            let latest = self
                .votes
                .last_key_value()
                .map_or(term, |((term, _), _)| *term);
            self.votes
                .retain(|(term, _), _| *term > latest - REMEMBERED);
            self.twice.retain(|term, _| *term > latest - REMEMBERED);
            return;
        };
        if first.candidate != candidate {
            let crash = self.crashes.get(&voter).copied();
            let twice = Twice {
                voter,
                crash: crash.filter(|(at, _)| *at >= first.at),
                events: [first.event, id],
            };
            self.twice.insert(term, twice);
        }
    }

    fn leads(&mut self, term: i64, id: EventId, event: &Event) {
        let leader = Leader {
            node: event.node,
            event: id,
        };
        let Some(first) = self.leaders.get(&term).copied() else {
            self.leaders.insert(term, leader);
            self.elected += 1;
            return;
        };
        let twice = self.twice.get(&term).copied();
        let mut events = vec![first.event];
        if let Some(twice) = twice {
            events.extend(twice.events);
            events.extend(twice.crash.map(|(_, crash)| crash));
        }
        events.push(id);
        sim::sorting::sort(&mut events);
        let fault = Fault {
            term,
            leaders: [first.node, leader.node],
            twice,
        };
        self.finding.here(id, event, &events, fault);
    }
}

impl Check for ElectionSafety {
    fn held(&self, by: Measure) -> usize {
        self.leaders.held(by) + self.votes.held(by) + self.twice.held(by) + self.crashes.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(kind, EventKind::Fact | EventKind::Crash)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            self.crashes.insert(event.node, (event.time, id));
        }
        match event.fact() {
            Some(Fact::Voted { term, candidate }) => self.voted(term, candidate, id, event),
            Some(Fact::Leads { term }) => self.leads(term, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let name = words.node;
        let Some((finding, fault)) = self.finding.get() else {
            let terms = counted(self.elected, "term");
            let text = match self.elected {
                0 => "No leader has been elected yet.".to_owned(),
                _ => format!("{terms} had a leader, each one alone."),
            };
            return Verdict::unviolated(self.elected > 0, text);
        };
        let [one, other] = fault.leaders;
        if one == other {
            let (name, term, at) = (name(one), fault.term, seconds(finding.at));
            return finding.verdict(format!(
                "{name} was elected twice in term {term}, again at {at}."
            ));
        }
        let both = format!(
            "{} and {} both lead term {}",
            name(one),
            name(other),
            fault.term
        );
        finding.verdict(match fault.twice {
            None => format!("{both}, {} since {}.", name(other), seconds(finding.at)),
            Some(Twice {
                voter,
                crash: Some((crash, _)),
                ..
            }) => format!(
                "{both}: {} voted for both, because it forgot its vote in the crash at {}.",
                name(voter),
                seconds(crash)
            ),
            Some(Twice { voter, .. }) => format!("{both}: {} voted for both.", name(voter)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn terms() -> Trial {
        trial(ElectionSafety::new(), "write")
    }

    #[test]
    fn terms_have_leaders_of_their_own() {
        terms()
            .undecided("No leader has been elected yet.")
            .at(100, 1, votes(1, 1))
            .at(110, 1, leads(1))
            .at(200, 2, votes(2, 2))
            .at(210, 2, leads(2))
            .holds("2 terms had a leader, each one alone.");
    }

    #[test]
    fn a_node_that_is_elected_twice_in_a_term_is_found() {
        terms()
            .at(110, 2, leads(1))
            .at(130, 2, CRASHES)
            .at(140, 2, RESTARTS)
            .at(300, 2, leads(1))
            .violated("n2 was elected twice in term 1, again at 0.30 s.")
            .found_here();
    }

    #[test]
    fn a_vote_that_was_forgotten_is_named() {
        terms()
            .at(100, 1, votes(4, 1))
            .at(110, 2, votes(4, 1))
            .at(120, 1, leads(4))
            .at(130, 2, CRASHES)
            .at(140, 2, RESTARTS)
            .at(150, 3, votes(4, 3))
            .at(160, 2, votes(4, 3))
            .at(170, 3, leads(4))
            .violated("n1 and n3 both lead term 4: n2 voted for both, because it forgot its vote in the crash at 0.13 s.")
            .found_here();
    }

    #[test]
    fn two_leaders_of_one_term_are_found_whoever_voted() {
        terms()
            .at(100, 1, leads(3))
            .at(200, 2, leads(3))
            .violated("n1 and n2 both lead term 3, n2 since 0.20 s.")
            .found_here();
        terms()
            .at(100, 5, votes(3, 1))
            .at(110, 5, votes(3, 2))
            .at(120, 1, leads(3))
            .at(130, 2, leads(3))
            .violated("n1 and n2 both lead term 3: n5 voted for both.");
    }
}
