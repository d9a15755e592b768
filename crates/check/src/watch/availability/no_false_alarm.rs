//! No false alarm: what a failure detector promises about running nodes (accuracy in Chandra and Toueg, *Unreliable failure
//! detectors for reliable distributed systems*, JACM 43(2), 1996).

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Accuracy: no node treats another as dead that is running.
///
/// An alarm about a node that is paused or down is right, and so is one that lasts for a moment after: nothing has been
/// heard from the node for so long. The one that raised it may have been paused as well, and gets the same moment. How long
/// a moment is, is the grace. An alarm that lasts longer is false, however right it was once.
#[derive(Clone, Debug)]
pub struct NoFalseAlarm {
    grace: SimDuration,
    /// Until when alarms may be false, and from when on the grace of those that last counts.
    excused_until: SimTime,
    /// For each node that was paused or down, since when it is up again; nothing while it is not up.
    ups: Map<NodeId, Option<SimTime>>,
    /// The alarms that are in force, and were not false when they were raised.
    lasting: Set<(Alarm, EventId)>,
    alarms: usize,
    /// The alarm, and whether it had been right once.
    finding: Found<(Alarm, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alarm {
    by: NodeId,
    of: NodeId,
}

impl NoFalseAlarm {
    /// A check with this grace.
    pub fn new(grace: SimDuration) -> NoFalseAlarm {
        NoFalseAlarm {
            grace,
            excused_until: SimTime::ZERO,
            ups: Map::new(),
            lasting: Set::new(),
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
        let alarm = Alarm { by: event.node, of };
        if event.time >= self.excused_until && self.is_up(of, event.time) {
            self.finding.here(id, event, &[id], (alarm, false));
        } else {
            self.lasting.insert((alarm, id));
        }
    }

    /// From when on an alarm that lasts is false; nothing while one of the two nodes is not up.
    fn due(&self, alarm: Alarm) -> Option<SimTime> {
        let up = |node| self.ups.get(&node).copied().unwrap_or(Some(SimTime::ZERO));
        let since = up(alarm.by)?.max(up(alarm.of)?);
        Some(since.max(self.excused_until) + self.grace)
    }

    fn goes_down(&mut self, event: &Event) {
        self.ups.insert(event.node, None);
        if event.kind == EventKind::Crash {
            // What a node believes dies with it.
            self.lasting.retain(|(alarm, _)| alarm.by != event.node);
        }
    }

    fn fact(&mut self, fact: Fact, id: EventId, event: &Event) {
        match fact {
            Fact::Suspects { node } => self.suspected(NodeId(node as u16), id, event),
            Fact::Trusts { node } => {
                let ended = Alarm {
                    by: event.node,
                    of: NodeId(node as u16),
                };
                self.lasting.retain(|(alarm, _)| *alarm != ended);
            }
            _ => {}
        }
    }
}

impl Check for NoFalseAlarm {
    fn held(&self, by: Measure) -> usize {
        self.ups.held(by) + self.lasting.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        match event.kind {
            EventKind::Crash | EventKind::Pause => self.goes_down(event),
            EventKind::Restart | EventKind::Resume => {
                self.ups.insert(event.node, Some(event.time));
            }
            EventKind::Fact => {
                if let Some(fact) = event.fact() {
                    self.fact(fact, id, event);
                }
            }
            _ => {}
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        let lasting = self.lasting.iter();
        let due = lasting.filter_map(|(alarm, raised)| Some((self.due(*alarm)?, *alarm, *raised)));
        if let Some((at, alarm, raised)) = due.filter(|(at, ..)| *at < now).min() {
            let finding = Finding {
                at,
                event: latest,
                events: vec![raised],
            };
            self.finding.since(finding, (alarm, true));
        }
    }

    fn excuse_until(&mut self, moment: SimTime) {
        self.excused_until = moment;
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, (alarm, lasts))) = self.finding.get() {
            let (by, of) = ((words.node)(alarm.by), (words.node)(alarm.of));
            let at = seconds(finding.at);
            let still = if *lasts { "still " } else { "" };
            return finding.verdict(format!(
                "At {at} {by} {still}treated {of} as dead, but {of} was running."
            ));
        }
        let sentence = match self.alarms {
            0 => "No node has been treated as dead.".to_owned(),
            alarms => format!("{}, none of them false.", counted(alarms, "alarm")),
        };
        Verdict::holds(sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// The grace is 1 s.
    fn alarms() -> Trial {
        trial(NoFalseAlarm::new(ms(1000)), "job")
    }

    #[test]
    fn the_living_are_not_to_be_treated_as_dead() {
        alarms()
            .holds("No node has been treated as dead.")
            .at(700, 1, suspects(2))
            .violated("At 0.70 s n1 treated n2 as dead, but n2 was running.")
            .found_here();
        alarms()
            .at(100, 1, CRASHES)
            .at(700, 1, suspects(2))
            .violated("At 0.70 s n1 treated n2 as dead, but n2 was running.");
    }

    #[test]
    fn the_dead_and_the_paused_may_be_until_the_grace_is_over() {
        for (ends, begins) in [(CRASHES, RESTARTS), (PAUSES, RESUMES)] {
            let down = || alarms().at(100, 2, ends);
            let up = || down().at(900, 2, begins);
            let right = "1 alarm, none of them false.";
            down().at(700, 1, suspects(2)).holds(right);
            up().at(1000, 1, suspects(2)).holds(right);
            up().at(1900, 1, suspects(2))
                .violated("At 1.90 s n1 treated n2 as dead, but n2 was running.");
        }
    }

    #[test]
    fn an_alarm_that_was_right_is_false_when_it_lasts_beyond_the_grace() {
        for (ends, begins) in [(CRASHES, RESTARTS), (PAUSES, RESUMES)] {
            let up = || {
                alarms()
                    .at(100, 2, ends)
                    .at(700, 1, suspects(2))
                    .at(900, 2, begins)
            };
            let right = "1 alarm, none of them false.";
            let wrong = "At 1.90 s n1 still treated n2 as dead, but n2 was running.";
            up().ends(1900).holds(right);
            up().ends(1901).violated(wrong).since(1900);
            up().at(1901, 3, NOTHING).violated(wrong).since(1900);
            up().at(1800, 1, trusts(2)).ends(9000).holds(right);
            up().at(1800, 1, CRASHES).ends(9000).holds(right);
            up().at(1800, 2, CRASHES).ends(9000).holds(right);
        }
    }

    #[test]
    fn who_was_paused_itself_has_a_grace_to_end_its_alarm() {
        let paused = || {
            alarms()
                .at(100, 2, CRASHES)
                .at(700, 1, suspects(2))
                .at(800, 1, PAUSES)
                .at(900, 2, RESTARTS)
                .at(5000, 1, RESUMES)
        };
        let trusted = paused().at(5100, 1, trusts(2)).ends(9000);
        trusted.holds("1 alarm, none of them false.");
        paused()
            .ends(9000)
            .violated("At 6.00 s n1 still treated n2 as dead, but n2 was running.");
    }

    #[test]
    fn an_alarm_of_bad_weather_may_last_until_the_calm_and_its_grace() {
        let excused = || {
            let mut check = NoFalseAlarm::new(ms(1000));
            check.excuse_until(SimTime::from_millis(5000));
            trial(check, "job").at(4000, 1, suspects(2))
        };
        excused().ends(6000).holds("1 alarm, none of them false.");
        excused()
            .ends(6001)
            .violated("At 6.00 s n1 still treated n2 as dead, but n2 was running.");
        excused()
            .at(5000, 1, suspects(3))
            .violated("At 5.00 s n1 treated n3 as dead, but n3 was running.");
    }
}
