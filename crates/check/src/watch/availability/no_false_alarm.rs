//! No false alarm: what a failure detector promises about running nodes (accuracy in Chandra and Toueg, *Unreliable failure
//! detectors for reliable distributed systems*, JACM 43(2), 1996).

use sim::sorted::Map;

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Accuracy: no node treats another as dead that is running.
///
/// A node that was paused or down until a moment ago is not judged, because nothing has been heard from it for so long.
/// How long a moment is, is the grace.
#[derive(Clone, Debug)]
pub struct NoFalseAlarm {
    grace: SimDuration,
    /// For each node that was paused or down, since when it is up again; nothing while it is not up.
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
                "At {at} {by} treated {of} as dead, but {of} was running."
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
}
