//! Dead nodes are found: what a failure detector promises about crashed nodes (completeness in Chandra and Toueg, *Unreliable
//! failure detectors for reliable distributed systems*, JACM 43(2), 1996).

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, in_seconds, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Completeness: some node treats a crashed node as dead within a bound, unless that one is back by then.
#[derive(Clone, Debug)]
pub struct DeadAreFound {
    bound: SimDuration,
    /// Until when a crashed node need not be found, whenever it crashed.
    excused_until: SimTime,
    /// Which node treats which other one as dead.
    suspicions: Set<(NodeId, NodeId)>,
    /// For each crashed node that is not found yet, when and where it crashed.
    unnoticed: Map<NodeId, (SimTime, EventId)>,
    /// How long it took to find each of the other crashed nodes.
    found: Vec<SimDuration>,
    finding: Found<Missed>,
}

#[derive(Clone, Copy, Debug)]
struct Missed {
    node: NodeId,
    crashed: SimTime,
}

impl DeadAreFound {
    /// A check with this bound.
    pub fn new(bound: SimDuration) -> DeadAreFound {
        DeadAreFound {
            bound,
            excused_until: SimTime::ZERO,
            suspicions: Set::new(),
            unnoticed: Map::new(),
            found: Vec::new(),
            finding: Found::default(),
        }
    }

    fn expire(&mut self, id: EventId, now: SimTime) {
        let due = |crashed: SimTime| crashed.max(self.excused_until) + self.bound;
        let overdue = |(_, (at, _)): &(&NodeId, &(SimTime, EventId))| now > due(*at);
        let Some((&node, &(crashed, event))) = self.unnoticed.iter().find(overdue) else {
            return;
        };
        self.unnoticed.remove(&node);
        let finding = Finding {
            at: due(crashed),
            event: id,
            events: vec![event],
        };
        let missed = Missed { node, crashed };
        self.finding.since(finding, missed);
    }

    fn crashed(&mut self, id: EventId, event: &Event) {
        // What a node believes dies with it.
        self.suspicions.retain(|(by, _)| *by != event.node);
        if self.suspicions.iter().any(|(_, of)| *of == event.node) {
            self.found.push(SimDuration::ZERO);
        } else {
            self.unnoticed.insert(event.node, (event.time, id));
        }
    }

    fn fact(&mut self, fact: Fact, event: &Event) {
        match fact {
            Fact::Suspects { node } => {
                let of = NodeId(node as u16);
                self.suspicions.insert((event.node, of));
                if let Some((crashed, _)) = self.unnoticed.remove(&of) {
                    self.found
                        .push(event.time.since(crashed.max(self.excused_until)));
                }
            }
            Fact::Trusts { node } => {
                self.suspicions.remove(&(event.node, NodeId(node as u16)));
            }
            _ => {}
        }
    }
}

impl Check for DeadAreFound {
    fn held(&self, by: Measure) -> usize {
        self.suspicions.held(by) + self.unnoticed.held(by) + self.found.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        match event.kind {
            EventKind::Crash => self.crashed(id, event),
            EventKind::Restart => {
                self.unnoticed.remove(&event.node);
            }
            EventKind::Fact => {
                if let Some(fact) = event.fact() {
                    self.fact(fact, event);
                }
            }
            _ => {}
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.expire(latest, now);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn excuse_until(&mut self, moment: SimTime) {
        self.excused_until = moment;
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, missed)) = self.finding.get() {
            return finding.verdict(format!(
                "{} crashed at {}, and {:.1} s later no node had noticed.",
                (words.node)(missed.node),
                seconds(missed.crashed),
                in_seconds(self.bound)
            ));
        }
        match self.found.iter().max() {
            None if self.unnoticed.is_empty() => Verdict::undecided("No node has crashed."),
            None => Verdict::undecided("A crash has not been noticed yet."),
            Some(slowest) => Verdict::holds(format!(
                "{}, noticed within {:.1} s.",
                counted(self.found.len(), "crash"),
                in_seconds(*slowest)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 has 1 s to find that n2 has crashed.
    fn jobs() -> Trial {
        trial(DeadAreFound::new(ms(1000)), "job")
    }

    #[test]
    fn a_crash_that_nobody_notices_is_a_violation_when_the_bound_is_over() {
        let crashed = || jobs().at(4000, 2, CRASHES);
        crashed()
            .at(5000, 1, NOTHING)
            .undecided("A crash has not been noticed yet.");
        crashed()
            .at(5001, 1, suspects(2))
            .violated("n2 crashed at 4.00 s, and 1.0 s later no node had noticed.")
            .since(5000);
    }

    #[test]
    fn a_crash_after_which_nothing_happens_is_a_violation_when_the_run_ends() {
        let silent = |end| {
            jobs()
                .at(1000, 3, CRASHES)
                .at(1500, 1, suspects(3))
                .at(4000, 2, CRASHES)
                .at(4000, 1, CRASHES)
                .ends(end)
        };
        silent(5000).holds("1 crash, noticed within 0.5 s.");
        silent(5001)
            .violated("n1 crashed at 4.00 s, and 1.0 s later no node had noticed.")
            .since(5000);
    }

    #[test]
    fn a_crash_in_bad_weather_has_until_the_calm_and_its_bound_from_then_on() {
        let excused = || {
            let mut check = DeadAreFound::new(ms(1000));
            check.excuse_until(SimTime::from_millis(6000));
            trial(check, "job").at(4000, 2, CRASHES)
        };
        excused()
            .at(7000, 1, suspects(2))
            .holds("1 crash, noticed within 1.0 s.");
        excused()
            .at(7001, 1, NOTHING)
            .violated("n2 crashed at 4.00 s, and 1.0 s later no node had noticed.")
            .since(7000);
    }

    #[test]
    fn a_crash_that_is_noticed_in_time_holds() {
        jobs()
            .at(4000, 2, CRASHES)
            .at(4800, 1, suspects(2))
            .at(9000, 1, NOTHING)
            .holds("1 crash, noticed within 0.8 s.");
        jobs()
            .at(3000, 1, suspects(2))
            .at(4000, 2, CRASHES)
            .at(9000, 1, NOTHING)
            .holds("1 crash, noticed within 0.0 s.");
    }

    #[test]
    fn what_was_trusted_again_or_forgotten_does_not_count() {
        let suspected = || jobs().at(3000, 1, suspects(2));
        let missed = |trial: Trial| {
            trial
                .at(4000, 2, CRASHES)
                .at(9000, 1, NOTHING)
                .violated("n2 crashed at 4.00 s, and 1.0 s later no node had noticed.");
        };
        missed(suspected().at(3500, 1, trusts(2)));
        missed(suspected().at(3500, 1, CRASHES).at(3600, 1, RESTARTS));
    }

    #[test]
    fn a_node_that_is_back_in_time_need_not_be_noticed() {
        jobs()
            .at(4000, 2, CRASHES)
            .at(4500, 2, RESTARTS)
            .at(9000, 1, NOTHING)
            .undecided("No node has crashed.");
    }
}
