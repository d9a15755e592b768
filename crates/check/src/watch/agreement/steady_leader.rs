//! A leader that serves stays in office while nothing fails.

use sim::held::Measure;
use sim::trace::{ClockChange, Event, EventKind, Fact, NetworkChange};
use sim::{EventId, NodeId, SimDuration, SimTime};

use super::traffic::Traffic;
use crate::watch::parts::faults::{Faults, Transition};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::seconds;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A leader that serves is not disturbed while nothing fails: nobody takes its place, and no later term begins.
///
/// A leader counts as steady if it lets an operation take effect when nothing has failed for some time; or if a fault lasted
/// for that time, and the leader still served at the fault's end, so that the fault did not touch it. What is over at once
/// counts as a fault, too: an operator tells a node to do something, a setting is changed, a message between servers is lost,
/// is late or says something else when it arrives.
#[derive(Clone, Debug)]
pub struct SteadyLeader {
    settles: SimDuration,
    faults: Faults,
    traffic: Traffic,
    /// When the present state began: a fault, or the time without one.
    since: SimTime,
    /// The leader of the latest term.
    leader: Option<Leader>,
    /// Whether it is steady.
    is_steady: bool,
    was_steady: bool,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Leader {
    node: NodeId,
    term: i64,
    served: Option<(SimTime, EventId)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    leader: Leader,
    calm_since: SimTime,
    what: Disturbance,
}

#[derive(Clone, Copy, Debug)]
enum Disturbance {
    /// The leader steps down.
    StepsDown,
    /// This node leads a later term.
    Leads(NodeId, i64),
    /// This node votes in a later term.
    Votes(NodeId, i64),
}

impl SteadyLeader {
    /// A check for which nothing must have failed for so long, nor a message have taken longer than `late`.
    pub fn new(settles: SimDuration, late: SimDuration) -> SteadyLeader {
        SteadyLeader {
            settles,
            faults: Faults::default(),
            traffic: Traffic::new(late),
            since: SimTime::ZERO,
            leader: None,
            is_steady: false,
            was_steady: false,
            finding: Found::default(),
        }
    }

    fn fault_begins(&mut self, at: SimTime) {
        self.is_steady = false;
        self.since = at;
    }

    /// A fault is over. If it was a long one and the leader served at its end, it did not touch the leader.
    fn fault_ends(&mut self, at: SimTime) {
        let served = self.leader.and_then(|leader| leader.served);
        let recently = self.settles.scaled_permille(250);
        self.is_steady = self.since + self.settles <= at
            && served.is_some_and(|(served, _)| served + recently >= at);
        self.since = at;
    }

    fn serves(&mut self, term: i64, id: EventId, event: &Event) {
        let is_calm = !self.faults.any() && self.since + self.settles <= event.time;
        if let Some(leader) = &mut self.leader
            && (leader.node, leader.term) == (event.node, term)
        {
            leader.served = Some((event.time, id));
            self.is_steady |= is_calm;
        }
        self.was_steady |= self.is_steady;
    }

    fn disturbed(&mut self, what: Disturbance, id: EventId, event: &Event) {
        if self.traffic.is_late(event.time) {
            self.fault_begins(event.time);
        }
        let Some(leader) = self.leader.filter(|_| self.is_steady) else {
            return;
        };
        let fault = Fault {
            leader,
            calm_since: self.since,
            what,
        };
        let served = leader.served.map(|(_, event)| event);
        let events: Vec<EventId> = served.into_iter().chain([id]).collect();
        self.finding.here(id, event, &events, fault);
    }

    fn fact(&mut self, fact: Fact, id: EventId, event: &Event) {
        let node = event.node;
        let led = self.leader.map_or(-1, |leader| leader.term);
        match fact {
            Fact::Acts { term, .. } => self.serves(term, id, event),
            Fact::StepsDown { term } if term == led => {
                self.disturbed(Disturbance::StepsDown, id, event);
                self.is_steady = false;
            }
            Fact::Voted { term, .. } if term > led => {
                self.disturbed(Disturbance::Votes(node, term), id, event);
            }
            Fact::Leads { term } if term > led => {
                self.disturbed(Disturbance::Leads(node, term), id, event);
                self.is_steady = false;
                self.leader = Some(Leader {
                    node,
                    term,
                    served: None,
                });
            }
            _ => {}
        }
    }
}

impl Check for SteadyLeader {
    fn held(&self, by: Measure) -> usize {
        self.faults.held(by) + self.traffic.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        use EventKind::{Disk, Duplicate, Queued, Start, TimerFired};
        !matches!(kind, Disk | Duplicate | Queued | Start | TimerFired)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let transition = self.faults.observe(event);
        let faults = &self.faults;
        let fails = self.traffic.fails(id, event, |node| faults.hinder(node));
        match transition {
            Transition::Begins => self.fault_begins(event.time),
            Transition::Ends => self.fault_ends(event.time),
            Transition::Same if fails || is_meddling(event) => self.fault_begins(event.time),
            Transition::Same => {}
        }
        let strikes = matches!(
            event.kind,
            EventKind::Crash | EventKind::Pause | EventKind::Limp
        );
        if let Some(leader) = &mut self.leader
            && strikes
            && leader.node == event.node
        {
            leader.served = None;
        }
        if let Some(fact) = event.fact() {
            self.fact(fact, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let name = words.node;
        let Some((finding, fault)) = self.finding.get() else {
            let text = match self.leader {
                None => "Nobody has led yet.".to_owned(),
                Some(leader) if self.was_steady => format!(
                    "No leader that served was disturbed while nothing failed; {} leads term {}.",
                    name(leader.node),
                    leader.term
                ),
                Some(leader) => format!(
                    "{} leads term {}, and has not served for long enough without a fault, or a message that was lost or late.",
                    name(leader.node),
                    leader.term
                ),
            };
            return Verdict::unviolated(self.was_steady, text);
        };
        let (leader, term) = (name(fault.leader.node), fault.leader.term);
        let at = seconds(finding.at);
        let what = match fault.what {
            Disturbance::StepsDown => format!("{leader} was deposed in term {term} at {at}"),
            Disturbance::Leads(node, later) => {
                format!(
                    "{} took the lead from {leader} in term {later} at {at}",
                    name(node)
                )
            }
            Disturbance::Votes(node, later) => format!(
                "{} voted in term {later} at {at}, while {leader} led term {term}",
                name(node)
            ),
        };
        let calm = seconds(fault.calm_since);
        finding.verdict(format!(
            "{what}, although it served and nothing had failed since {calm}."
        ))
    }
}

/// Whether somebody meddles with the run, in a way that is no fault that lasts.
fn is_meddling(event: &Event) -> bool {
    use EventKind::{Clock, Meddled, Network, Operation, Setting};
    match event.kind {
        Operation | Meddled | Setting => true,
        // A cut, or the end of one, has been told by the faults.
        Network => !matches!(
            event.detail(),
            Some(NetworkChange::Cut { .. } | NetworkChange::Heal { .. })
        ),
        // A clock that synchronises itself is slewed all the time.
        Clock => !matches!(event.detail(), Some(ClockChange::Slew { .. })),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;
    use sim::trace::{LinkSetting, Loss};

    /// n1 leads term 3 and serves at these milliseconds.
    fn serving(at: &[u64]) -> Trial {
        let first = trial(SteadyLeader::new(ms(1000), ms(50)), "write").at(100, 1, leads(3));
        (1..).zip(at).fold(first, |trial, (number, at)| {
            trial.at(*at, 1, acts(number, 3))
        })
    }

    #[test]
    fn a_leader_that_has_served_in_calm_is_not_to_be_deposed() {
        serving(&[500])
            .undecided("n1 leads term 3, and has not served for long enough without a fault, or a message that was lost or late.")
            .at(600, 2, votes(4, 2))
            .undecided("n1 leads term 3, and has not served for long enough without a fault, or a message that was lost or late.");
        serving(&[1500])
            .holds("No leader that served was disturbed while nothing failed; n1 leads term 3.")
            .at(1600, 2, votes(4, 2))
            .violated("n2 voted in term 4 at 1.60 s, while n1 led term 3, although it served and nothing had failed since 0.00 s.")
            .found_here();
        serving(&[1500])
            .at(1600, 2, leads(4))
            .violated("n2 took the lead from n1 in term 4 at 1.60 s, although it served and nothing had failed since 0.00 s.");
    }

    #[test]
    fn in_a_fault_anything_may_happen() {
        serving(&[1500])
            .at(1600, 2, cut(1))
            .at(1700, 2, votes(4, 2))
            .at(1800, 1, steps_down(3))
            .at(1900, 2, heal(1))
            .at(1950, 3, votes(5, 3))
            .holds("No leader that served was disturbed while nothing failed; n1 leads term 3.");
    }

    #[test]
    fn a_fault_that_did_not_touch_the_leader_is_no_excuse_once_it_is_over() {
        let cut_off = |served: u64| {
            serving(&[])
                .at(1000, 5, cut(1))
                .at(served, 1, acts(9, 3))
                .at(3000, 5, heal(1))
                .at(3010, 1, steps_down(3))
        };
        cut_off(2900)
            .violated("n1 was deposed in term 3 at 3.01 s, although it served and nothing had failed since 3.00 s.")
            .found_here();
        serving(&[])
            .at(1000, 5, cut(1))
            .at(2900, 1, acts(9, 3))
            .at(2910, 1, PAUSES)
            .at(2920, 1, RESUMES)
            .at(3000, 5, heal(1))
            .at(3010, 1, steps_down(3))
            .undecided("n1 leads term 3, and has not served for long enough without a fault, or a message that was lost or late.");
        cut_off(2000)
            .undecided("n1 leads term 3, and has not served for long enough without a fault, or a message that was lost or late.");
    }

    /// n1 to n3 keep a log, and n1 serves as in [`serving`].
    fn three_servers(at: &[u64]) -> Trial {
        let serving = serving(at);
        (1..=3).fold(serving, |trial, node| trial.at(1500, node, logs(1, 3, 1)))
    }

    const NOT_YET: &str = "n1 leads term 3, and has not served for long enough without a fault, or a message that was lost or late.";

    #[test]
    fn a_lost_message_is_a_fault_at_that_moment() {
        for why in [
            Loss::Link,
            Loss::Burst,
            Loss::Filter,
            Loss::Hand,
            Loss::InboxFull,
        ] {
            let lost = |from, to| {
                three_servers(&[])
                    .at(1600, 1, acts(7, 3))
                    .sends(1990, from, to)
                    .loses(2000, from, to, why)
            };
            lost(1, 2).at(2100, 2, votes(4, 2)).holds(STEADY);
            // From then on the time counts anew, and clients are no part of the cluster.
            lost(1, 2)
                .at(2900, 1, acts(9, 3))
                .at(3010, 2, votes(4, 2))
                .holds(STEADY);
            lost(1, 2)
                .at(3000, 1, acts(9, 3))
                .at(3010, 2, votes(4, 2))
                .violated("n2 voted in term 4 at 3.01 s, while n1 led term 3, although it served and nothing had failed since 2.00 s.");
            lost(1, 9)
                .at(2100, 2, votes(4, 2))
                .violated("n2 voted in term 4 at 2.10 s, while n1 led term 3, although it served and nothing had failed since 0.00 s.");
        }
    }

    const STEADY: &str =
        "No leader that served was disturbed while nothing failed; n1 leads term 3.";

    #[test]
    fn a_message_that_takes_long_is_a_fault_while_it_does() {
        let on_its_way = || three_servers(&[]).at(1600, 1, acts(7, 3)).sends(2000, 1, 2);
        on_its_way().at(2051, 1, steps_down(3)).holds(STEADY);
        on_its_way()
            .arrives(2051, 1, 2)
            .at(2060, 1, steps_down(3))
            .holds(STEADY);
        on_its_way()
            .arrives(2050, 1, 2)
            .at(2060, 1, steps_down(3))
            .violated("n1 was deposed in term 3 at 2.06 s, although it served and nothing had failed since 0.00 s.");
    }

    #[test]
    fn what_a_cut_does_to_messages_is_part_of_it() {
        three_servers(&[])
            .at(1600, 3, cut(1))
            .sends(1600, 1, 3)
            .loses(2800, 1, 3, Loss::Cut)
            .at(2900, 1, acts(9, 3))
            .at(3000, 3, heal(1))
            .at(3010, 1, steps_down(3))
            .violated("n1 was deposed in term 3 at 3.01 s, although it served and nothing had failed since 3.00 s.");
        // Nobody waits for what a server that was down has not taken.
        three_servers(&[])
            .sends(1590, 1, 3)
            .at(1600, 3, CRASHES)
            .sends(1700, 1, 3)
            .loses(1710, 1, 3, Loss::ReceiverDown)
            .at(2900, 1, acts(9, 3))
            .at(3000, 3, RESTARTS)
            .at(3010, 1, steps_down(3))
            .violated("n1 was deposed in term 3 at 3.01 s, although it served and nothing had failed since 3.00 s.");
    }

    #[test]
    fn a_change_of_settings_is_a_fault_at_that_moment() {
        let changes = [
            Happening::of(NetworkChange::Filter { name: 1 }),
            Happening::of(NetworkChange::Setting {
                setting: LinkSetting::Latency,
                from: None,
                to: None,
            }),
            EventKind::Meddled.into(),
            EventKind::Setting.into(),
        ];
        for change in changes {
            three_servers(&[])
                .at(1600, 1, acts(7, 3))
                .at(2000, 1, change)
                .at(2100, 2, votes(4, 2))
                .holds(STEADY);
            three_servers(&[])
                .at(2000, 1, change)
                .at(2900, 1, acts(7, 3))
                .at(3010, 2, votes(4, 2))
                .undecided(NOT_YET);
        }
    }
}
