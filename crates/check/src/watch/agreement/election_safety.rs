//! One leader per term.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{DiskChange, Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use super::sides::Sides;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// How many terms back votes are remembered.
const REMEMBERED: i64 = 16;

/// Election safety: a term has at most one leader, which is elected once.
///
/// Two leaders of one term have each been elected by a majority. If they go by the same members, a node has voted for both, and
/// the sentence names it; if none has, it tells who voted for whom. A node that is elected twice in a term has forgotten in
/// between that it led, and what it told others then.
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
    /// When each node last lost its disk.
    wipes: Map<NodeId, (SimTime, EventId)>,
    /// The sets of members in the log of each node, by their indices.
    members: Map<NodeId, Map<u32, i64>>,
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
    /// When it lost its disk after that, if it did.
    wipe: Option<(SimTime, EventId)>,
    events: [EventId; 2],
}

#[derive(Clone, Debug)]
struct Fault {
    term: i64,
    leaders: [NodeId; 2],
    twice: Option<Twice>,
    /// Who voted for whom, if nobody voted for both.
    sides: Option<Sides>,
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
            let last = |of: &Map<NodeId, (SimTime, EventId)>, since: SimTime| {
                of.get(&voter).copied().filter(|(at, _)| *at >= since)
            };
            let crash = last(&self.crashes, first.at);
            let twice = Twice {
                voter,
                crash,
                wipe: crash.and_then(|(crash, _)| last(&self.wipes, crash)),
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
            events.extend(twice.wipe.map(|(_, wipe)| wipe));
        }
        events.push(id);
        sim::sorting::sort(&mut events);
        let leaders = [first.node, leader.node];
        let sides = match twice {
            Some(_) => None,
            None => self.sides(term, leaders),
        };
        let fault = Fault {
            term,
            leaders,
            twice,
            sides,
        };
        self.finding.here(id, event, &events, fault);
    }

    fn sides(&self, term: i64, leaders: [NodeId; 2]) -> Option<Sides> {
        let votes = self.votes.iter();
        let votes = votes.map(|((term, voter), vote)| (*term, *voter, vote.candidate));
        let votes: Vec<(i64, NodeId, i64)> = votes.collect();
        let members = leaders.map(|leader| {
            let logged = self.members.get(&leader)?;
            logged.last_key_value().map(|(_, members)| *members)
        });
        Sides::of(term, leaders, &votes, members, !self.members.is_empty())
    }

    /// A log has an entry at an index, and nothing behind it.
    fn logged(&mut self, node: NodeId, index: u32, content: i64) {
        if content < 0 {
            self.truncated(node, index);
            let logged = self.members.entry(node).or_default();
            logged.insert(index, content);
        } else if !self.members.is_empty() {
            self.truncated(node, index);
        }
    }

    fn truncated(&mut self, node: NodeId, index: u32) {
        if let Some(logged) = self.members.get_mut(&node) {
            logged.retain(|known, _| *known < index);
        }
    }
}

impl Check for ElectionSafety {
    fn held(&self, by: Measure) -> usize {
        let members = self.members.values().map(|logged| logged.held(by));
        let faults = self.crashes.held(by) + self.wipes.held(by);
        self.leaders.held(by)
            + self.votes.held(by)
            + self.twice.held(by)
            + faults
            + self.members.held(by)
            + members.sum::<usize>()
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(kind, EventKind::Fact | EventKind::Crash | EventKind::Disk)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            self.crashes.insert(event.node, (event.time, id));
        }
        if event.kind == EventKind::Disk && event.detail() == Some(DiskChange::Wiped) {
            self.wipes.insert(event.node, (event.time, id));
        }
        match event.fact() {
            Some(Fact::Voted { term, candidate }) => self.voted(term, candidate, id, event),
            Some(Fact::Leads { term }) => self.leads(term, id, event),
            Some(Fact::Logged { index, content, .. }) => self.logged(event.node, index, content),
            Some(Fact::Truncated { index }) => self.truncated(event.node, index),
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
        let why = match (&fault.twice, &fault.sides) {
            (Some(twice), _) => twice.sentence(name),
            (None, Some(sides)) => sides.sentence(fault.leaders, name),
            (None, None) => {
                let at = seconds(finding.at);
                return finding.verdict(format!("{both}, {} since {at}.", name(other)));
            }
        };
        finding.verdict(format!("{both}: {why}."))
    }
}

impl Twice {
    /// How it came to vote twice.
    fn sentence(&self, name: &dyn Fn(NodeId) -> String) -> String {
        let voter = name(self.voter);
        match (self.crash, self.wipe) {
            (Some((crash, _)), Some((wipe, _))) => format!(
                "{voter} voted for both, because it crashed at {} and lost its disk, with its vote, at {}",
                seconds(crash),
                seconds(wipe)
            ),
            (Some((crash, _)), None) => format!(
                "{voter} voted for both, because it forgot its vote in the crash at {}",
                seconds(crash)
            ),
            (None, _) => format!("{voter} voted for both"),
        }
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
    fn a_vote_that_went_with_its_disk_is_not_called_forgotten() {
        terms()
            .at(110, 2, votes(4, 1))
            .at(120, 1, leads(4))
            .at(130, 2, CRASHES)
            .at(140, 2, Happening::of(DiskChange::Wiped))
            .at(150, 2, RESTARTS)
            .at(160, 2, votes(4, 3))
            .at(170, 3, leads(4))
            .violated("n1 and n3 both lead term 4: n2 voted for both, because it crashed at 0.13 s and lost its disk, with its vote, at 0.14 s.")
            .found_here();
    }

    #[test]
    fn leaders_with_voters_of_their_own_go_by_different_members() {
        terms()
            .at(100, 4, logs(3, 2, -7))
            .at(100, 1, votes(3, 1))
            .at(110, 2, votes(3, 1))
            .at(110, 3, votes(3, 4))
            .at(110, 4, votes(3, 4))
            .at(110, 5, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n3, n4 and n5 voted for n4, and n1 and n2 for n1, for the two go by different members.");
        terms()
            .at(100, 4, logs(3, 2, -7))
            .at(100, 4, logs(3, 2, 8))
            .at(100, 1, votes(3, 1))
            .at(110, 4, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n4 voted for n4, and n1 for n1.");
    }

    #[test]
    fn leaders_that_had_logged_the_same_members_do_not_both_go_by_them() {
        terms()
            .at(90, 1, logs(3, 2, -7))
            .at(90, 4, logs(3, 2, -7))
            .at(100, 1, votes(3, 1))
            .at(110, 4, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n4 voted for n4, and n1 for n1, although both had logged the same members.");
    }

    #[test]
    fn a_vote_of_an_older_term_that_is_missed_in_this_one_is_named() {
        terms()
            .at(100, 2, votes(5, 1))
            .at(110, 1, votes(7, 1))
            .at(120, 3, votes(7, 3))
            .at(130, 2, votes(7, 3))
            .at(140, 3, leads(7))
            .at(150, 1, leads(7))
            .violated("n3 and n1 both lead term 7: n2 and n3 voted for n3, and n1 for n1, which also counts the vote that n2 gave it in term 5.");
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
