//! What a failure detector promises: the dead are found, and the living are not declared dead (completeness and accuracy
//! in Chandra and Toueg, *Unreliable failure detectors for reliable distributed systems*, JACM 43(2), 1996).

use sim::sorted::{Map, Set};

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// Accuracy: nobody takes a node for dead that is running.
///
/// A node that was paused or down until a moment ago is not judged: who has heard nothing of it for so long is right to
/// think so. How long a moment is, is the grace.
#[derive(Clone, Debug)]
pub struct NoFalseAlarm {
    grace: SimDuration,
    /// Since when each node that has been paused or down is up again; nothing while it is not.
    ups: Map<NodeId, Option<SimTime>>,
    alarms: usize,
    finding: Found<Alarm>,
}

#[derive(Clone, Copy, Debug)]
struct Alarm {
    by: NodeId,
    of: NodeId,
}

impl NoFalseAlarm {
    /// A check with this grace.
    pub fn new(grace: SimDuration) -> NoFalseAlarm {
        NoFalseAlarm {
            grace,
            ups: Map::new(),
            alarms: 0,
            finding: Found::default(),
        }
    }

    fn is_up(&self, node: NodeId, now: SimTime) -> bool {
        match self.ups.get(&node) {
            None => true,
            Some(since) => since.is_some_and(|since| now.since(since) >= self.grace),
        }
    }

    fn suspected(&mut self, of: NodeId, id: EventId, event: &Event) {
        self.alarms += 1;
        if !self.is_up(of, event.time) {
            return;
        }
        let alarm = Alarm { by: event.node, of };
        self.finding.here(id, event, &[id], alarm);
    }
}

impl Check for NoFalseAlarm {
    fn observe(&mut self, id: EventId, event: &Event) {
        match event.kind {
            EventKind::Crash | EventKind::Pause => {
                self.ups.insert(event.node, None);
            }
            EventKind::Restart | EventKind::Resume => {
                self.ups.insert(event.node, Some(event.time));
            }
            EventKind::Fact => {
                if let Some(Fact::Suspects { node }) = event.fact() {
                    self.suspected(NodeId(node as u16), id, event);
                }
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, alarm)) = self.finding.get() {
            let (by, of) = ((words.node)(alarm.by), (words.node)(alarm.of));
            let at = seconds(finding.at);
            return finding.verdict(format!(
                "At {at} {by} took {of} for dead, but {of} was running."
            ));
        }
        let sentence = match self.alarms {
            0 => "Nobody has been taken for dead.".to_owned(),
            alarms => format!("{}, none of them false.", counted(alarms, "alarm")),
        };
        Verdict::unviolated(State::Holds, sentence)
    }
}

/// Completeness: a node that crashes is taken for dead by somebody within a bound, unless it is back by then.
#[derive(Clone, Debug)]
pub struct DeadAreFound {
    bound: SimDuration,
    /// Who takes whom for dead.
    suspicions: Set<(NodeId, NodeId)>,
    /// When and where the nodes crashed that are down and not found.
    unnoticed: Map<NodeId, (SimTime, EventId)>,
    /// How long it took to find the others.
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
            suspicions: Set::new(),
            unnoticed: Map::new(),
            found: Vec::new(),
            finding: Found::default(),
        }
    }

    fn expire(&mut self, id: EventId, now: SimTime) {
        let overdue = |(_, (at, _)): &(&NodeId, &(SimTime, EventId))| now > *at + self.bound;
        let Some((&node, &(crashed, event))) = self.unnoticed.iter().find(overdue) else {
            return;
        };
        self.unnoticed.remove(&node);
        let finding = Finding {
            at: crashed + self.bound,
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
                    self.found.push(event.time.since(crashed));
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
    fn observe(&mut self, id: EventId, event: &Event) {
        self.expire(id, event.time);
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

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, missed)) = self.finding.get() {
            return finding.verdict(format!(
                "{} crashed at {}, and {:.1} s later nobody had noticed.",
                (words.node)(missed.node),
                seconds(missed.crashed),
                self.bound.as_millis_f64() / 1000.0
            ));
        }
        let slowest = self.found.iter().max();
        let (state, sentence) = match slowest {
            None if self.unnoticed.is_empty() => {
                (State::Undecided, "Nobody has crashed.".to_owned())
            }
            None => (
                State::Undecided,
                "A crash has not been noticed yet.".to_owned(),
            ),
            Some(slowest) => {
                let crashes = counted(self.found.len(), "crash").replace("crashs", "crashes");
                let slowest = slowest.as_millis_f64() / 1000.0;
                let text = format!("{crashes}, noticed within {slowest:.1} s.");
                (State::Holds, text)
            }
        };
        Verdict::unviolated(state, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_millis(1000);
    const LB: NodeId = NodeId(0);
    const WORKER: NodeId = NodeId(1);

    fn event(millis: u64, node: NodeId, kind: EventKind) -> Event {
        Event {
            kind,
            ..fact(millis, node, Fact::Leads { term: 0 })
        }
    }

    fn fact(millis: u64, node: NodeId, fact: Fact) -> Event {
        Event::of_fact(SimTime::from_millis(millis), node, fact)
    }

    fn suspects(millis: u64) -> Event {
        fact(millis, LB, Fact::Suspects { node: 1 })
    }

    fn trusts(millis: u64) -> Event {
        fact(millis, LB, Fact::Trusts { node: 1 })
    }

    fn check(mut check: impl Check, events: &[Event], state: State, sentence: &str) {
        for (place, event) in events.iter().enumerate() {
            check.observe(EventId(place as u32), event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "job",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn the_living_are_not_to_be_declared_dead() {
        check(
            NoFalseAlarm::new(SECOND),
            &[suspects(700)],
            State::Violated,
            "At 0.70 s n1 took n2 for dead, but n2 was running.",
        );
        check(
            NoFalseAlarm::new(SECOND),
            &[event(100, LB, EventKind::Crash), suspects(700)],
            State::Violated,
            "At 0.70 s n1 took n2 for dead, but n2 was running.",
        );
    }

    #[test]
    fn the_dead_and_the_paused_may_be() {
        for (ends, begins) in [
            (EventKind::Crash, EventKind::Restart),
            (EventKind::Pause, EventKind::Resume),
        ] {
            let down = event(100, WORKER, ends);
            let up = event(900, WORKER, begins);
            let holds = |events: &[Event]| {
                let sentence = "1 alarm, none of them false.";
                check(NoFalseAlarm::new(SECOND), events, State::Holds, sentence);
            };
            holds(&[down, suspects(700)]);
            holds(&[down, up, suspects(1000)]);
            check(
                NoFalseAlarm::new(SECOND),
                &[down, up, suspects(1900)],
                State::Violated,
                "At 1.90 s n1 took n2 for dead, but n2 was running.",
            );
        }
    }

    #[test]
    fn a_crash_that_nobody_notices_is_a_violation_when_the_bound_is_over() {
        let crash = event(4000, WORKER, EventKind::Crash);
        check(
            DeadAreFound::new(SECOND),
            &[crash, event(5000, LB, EventKind::Queued)],
            State::Undecided,
            "A crash has not been noticed yet.",
        );
        check(
            DeadAreFound::new(SECOND),
            &[crash, suspects(5001)],
            State::Violated,
            "n2 crashed at 4.00 s, and 1.0 s later nobody had noticed.",
        );
    }

    #[test]
    fn a_crash_that_is_noticed_in_time_holds() {
        let crash = event(4000, WORKER, EventKind::Crash);
        let later = event(9000, LB, EventKind::Queued);
        check(
            DeadAreFound::new(SECOND),
            &[crash, suspects(4800), later],
            State::Holds,
            "1 crash, noticed within 0.8 s.",
        );
        check(
            DeadAreFound::new(SECOND),
            &[suspects(3000), crash, later],
            State::Holds,
            "1 crash, noticed within 0.0 s.",
        );
    }

    #[test]
    fn what_was_trusted_again_or_forgotten_does_not_count() {
        let crash = event(4000, WORKER, EventKind::Crash);
        let later = event(9000, LB, EventKind::Queued);
        let violated = |events: &[Event]| {
            let sentence = "n2 crashed at 4.00 s, and 1.0 s later nobody had noticed.";
            check(DeadAreFound::new(SECOND), events, State::Violated, sentence);
        };
        violated(&[suspects(3000), trusts(3500), crash, later]);
        violated(&[
            suspects(3000),
            event(3500, LB, EventKind::Crash),
            event(3600, LB, EventKind::Restart),
            crash,
            later,
        ]);
    }

    #[test]
    fn a_node_that_is_back_in_time_need_not_be_noticed() {
        let crash = event(4000, WORKER, EventKind::Crash);
        let restart = event(4500, WORKER, EventKind::Restart);
        let later = event(9000, LB, EventKind::Queued);
        check(
            DeadAreFound::new(SECOND),
            &[crash, restart, later],
            State::Undecided,
            "Nobody has crashed.",
        );
    }
}
