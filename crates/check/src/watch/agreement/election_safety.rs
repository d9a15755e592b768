//! One leader per term.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{DiskChange, Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use super::members::{AllMembers, Members};
use super::sides::Sides;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// How many terms back votes are remembered.
const REMEMBERED: i64 = 16;

/// Election safety: a term has at most one leader, which is elected once.
///
/// Two leaders of one term have each been elected by a majority. If both majorities are of the same members, a node has voted for
/// both, and the sentence names it; if none has, it tells who voted for whom. A node that is elected twice in a term has forgotten in
/// between that it led, and what it told others then.
#[derive(Clone, Debug, Default)]
pub struct ElectionSafety {
    /// The leader of each term.
    leaders: Map<i64, Leader>,
    /// The first vote of each node in each of the latest terms.
    votes: Map<(i64, NodeId), Vote>,
    /// Of each of these terms, a node that voted twice.
    twice: Map<i64, Twice>,
    /// The nodes that are down, and when each of them crashed.
    down: Map<NodeId, (SimTime, EventId)>,
    members: AllMembers,
    elected: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Leader {
    node: NodeId,
    event: EventId,
    /// Which members it had logged when it was elected.
    members: Members,
}

#[derive(Clone, Copy, Debug)]
struct Vote {
    candidate: i64,
    event: EventId,
    gone: Gone,
}

/// How a vote may have been forgotten since.
#[derive(Clone, Copy, Debug, Default)]
struct Gone {
    /// The first crash of its voter.
    crash: Option<(SimTime, EventId)>,
    /// The first time that the voter's disk was lost before it ran again after a crash.
    wipe: Option<Wipe>,
}

/// A disk that was lost, so that its node ran without what it had written from the next crash on.
#[derive(Clone, Copy, Debug)]
struct Wipe {
    lost: (SimTime, EventId),
    /// The crash before it, of a node that was down, or after it.
    crash: Option<(SimTime, EventId)>,
}

/// A node that voted for two candidates in one term.
#[derive(Clone, Copy, Debug)]
struct Twice {
    voter: NodeId,
    /// How it may have forgotten the first vote.
    gone: Gone,
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
            event: id,
            gone: Gone::default(),
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
            let twice = Twice {
                voter,
                gone: first.gone,
                events: [first.event, id],
            };
            self.twice.insert(term, twice);
        }
    }

    fn crashed(&mut self, crash: (SimTime, EventId), node: NodeId) {
        self.down.insert(node, crash);
        for gone in self.gone(node) {
            gone.crash.get_or_insert(crash);
            if let Some(wipe) = &mut gone.wipe {
                wipe.crash.get_or_insert(crash);
            }
        }
    }

    fn wiped(&mut self, lost: (SimTime, EventId), node: NodeId) {
        let crash = self.down.get(&node).copied();
        for gone in self.gone(node) {
            gone.wipe.get_or_insert(Wipe { lost, crash });
        }
    }

    /// What has become of the votes of a node.
    fn gone(&mut self, node: NodeId) -> impl Iterator<Item = &mut Gone> {
        let votes = self.votes.iter_mut();
        let own = votes.filter(move |((_, voter), _)| *voter == node);
        own.map(|(_, vote)| &mut vote.gone)
    }

    fn leads(&mut self, term: i64, id: EventId, event: &Event) {
        let leader = Leader {
            node: event.node,
            event: id,
            members: self.members.of(event.node),
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
            events.extend(twice.gone.told().map(|(_, event)| event));
        }
        events.push(id);
        sim::sorting::sort(&mut events);
        let leaders = [first.node, leader.node];
        let sides = match twice {
            Some(_) => None,
            None => self.sides(term, [first, leader]),
        };
        let fault = Fault {
            term,
            leaders,
            twice,
            sides,
        };
        self.finding.here(id, event, &events, fault);
    }

    fn sides(&self, term: i64, leaders: [Leader; 2]) -> Option<Sides> {
        let votes = self.votes.iter();
        let votes = votes.map(|((term, voter), vote)| (*term, *voter, vote.candidate));
        let votes: Vec<(i64, NodeId, i64)> = votes.collect();
        let members = leaders.map(|leader| leader.members);
        let members = self.members.have_changed().then_some(members);
        Sides::of(term, leaders.map(|leader| leader.node), &votes, members)
    }
}

impl Check for ElectionSafety {
    fn held(&self, by: Measure) -> usize {
        self.leaders.held(by)
            + self.votes.held(by)
            + self.twice.held(by)
            + self.down.held(by)
            + self.members.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        use EventKind::{Crash, Disk, Fact, Restart};
        matches!(kind, Fact | Crash | Disk | Restart)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.members.observe(event);
        if event.kind == EventKind::Crash {
            self.crashed((event.time, id), event.node);
        }
        if event.kind == EventKind::Restart {
            self.down.remove(&event.node);
        }
        if event.kind == EventKind::Disk && event.detail() == Some(DiskChange::Wiped) {
            self.wiped((event.time, id), event.node);
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
        match (self.gone.lost(), self.gone.crash) {
            (Some([(lost, _), (crash, _)]), _) if lost < crash => format!(
                "{voter} voted for both, because it lost its disk, with its vote, at {}, while it was running, and crashed at {}",
                seconds(lost),
                seconds(crash)
            ),
            (Some([(lost, _), (crash, _)]), _) => format!(
                "{voter} voted for both, because it crashed at {} and lost its disk, with its vote, at {}",
                seconds(crash),
                seconds(lost)
            ),
            (None, Some((crash, _))) => format!(
                "{voter} voted for both, because it forgot its vote in the crash at {}",
                seconds(crash)
            ),
            (None, None) => format!("{voter} voted for both"),
        }
    }
}

impl Gone {
    /// Where the disk was lost, and the crash that made it count.
    fn lost(&self) -> Option<[(SimTime, EventId); 2]> {
        let wipe = self.wipe?;
        Some([wipe.lost, wipe.crash?])
    }

    /// The events that are told.
    fn told(&self) -> impl Iterator<Item = (SimTime, EventId)> {
        let lost = self.lost();
        let crash = self.crash.filter(|_| lost.is_none());
        lost.into_iter().flatten().chain(crash)
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
    fn of_several_crashes_the_one_in_which_the_vote_went_is_named() {
        let voted = || {
            terms()
                .at(90, 2, CRASHES)
                .at(91, 2, Happening::of(DiskChange::Wiped))
                .at(92, 2, RESTARTS)
                .at(110, 2, votes(4, 1))
                .at(120, 1, leads(4))
                .at(130, 2, CRASHES)
        };
        let again = |trial: Trial| {
            trial
                .at(140, 2, RESTARTS)
                .at(145, 2, CRASHES)
                .at(150, 2, RESTARTS)
                .at(160, 2, votes(4, 3))
                .at(170, 3, leads(4))
        };
        again(voted())
            .violated("n1 and n3 both lead term 4: n2 voted for both, because it forgot its vote in the crash at 0.13 s.");
        again(voted().at(135, 2, Happening::of(DiskChange::Wiped)))
            .violated("n1 and n3 both lead term 4: n2 voted for both, because it crashed at 0.13 s and lost its disk, with its vote, at 0.14 s.");
    }

    #[test]
    fn leaders_with_voters_of_their_own_had_logged_different_members() {
        terms()
            .at(100, 4, logs(3, 2, -7))
            .at(100, 1, votes(3, 1))
            .at(110, 2, votes(3, 1))
            .at(110, 3, votes(3, 4))
            .at(110, 4, votes(3, 4))
            .at(110, 5, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n3, n4 and n5 voted for n4, and n1 and n2 for n1, because the two had logged different members.");
        terms()
            .at(100, 4, logs(3, 2, -7))
            .at(100, 4, logs(3, 2, 8))
            .at(100, 1, votes(3, 1))
            .at(110, 4, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n4 voted for n4, and n1 for n1.");
        // A snapshot may have other members.
        terms()
            .at(100, 4, logs(3, 2, -7))
            .at(101, 4, RESTARTS)
            .at(101, 4, compacts(3, 2))
            .at(105, 1, votes(3, 1))
            .at(110, 4, votes(3, 4))
            .at(120, 4, leads(3))
            .at(130, 1, leads(3))
            .violated("n4 and n1 both lead term 3: n4 voted for n4, and n1 for n1.");
    }

    #[test]
    fn what_a_leader_logs_after_its_election_had_no_part_in_it() {
        terms()
            .at(100, 1, votes(3, 1))
            .at(110, 4, votes(3, 4))
            .at(120, 4, leads(3))
            .at(125, 4, logs(3, 2, -7))
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
    fn a_vote_of_an_older_term_that_may_have_been_counted_again_is_named() {
        terms()
            .at(100, 2, votes(5, 1))
            .at(110, 1, votes(7, 1))
            .at(120, 3, votes(7, 3))
            .at(130, 2, votes(7, 3))
            .at(140, 3, leads(7))
            .at(150, 1, leads(7))
            .violated("n3 and n1 both lead term 7: n2 and n3 voted for n3, and n1 for n1; n1 may also have counted the vote that n2 gave it in term 5.");
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
