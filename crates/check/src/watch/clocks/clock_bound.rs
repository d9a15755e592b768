//! How far off clocks are, beside what their nodes say.

use sim::held::Measure;
use sim::trace::{Event, Fact};
use sim::{EventId, NodeId};

use super::half_round_trip::ahead;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, off_by, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A clock is off by no more than its node says: the interval that the node believes in contains the true time, as
/// TrueTime's does (Corbett et al., *Spanner*, OSDI 2012, section 3).
#[derive(Clone, Debug, Default)]
pub struct ClockBound {
    readings: usize,
    widest: i64,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    ahead: i64,
    bound: i64,
}

impl ClockBound {
    /// A check that has seen nothing yet.
    pub fn new() -> ClockBound {
        ClockBound::default()
    }

    fn read(&mut self, reading: i64, bound: i64, id: EventId, event: &Event) {
        let ahead = ahead(reading, event.time);
        self.readings += 1;
        self.widest = self.widest.max(bound);
        if ahead.saturating_abs() > bound {
            let node = event.node;
            let fault = Fault { node, ahead, bound };
            self.finding.here(id, event, &[id], fault);
        }
    }
}

impl Check for ClockBound {
    fn held(&self, _: Measure) -> usize {
        0
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::ClockRead { reading, bound }) if bound >= 0 => {
                self.read(reading, bound, id, event);
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(format!(
                "At {} {} said that its clock is within {} of the true time, but it was {}.",
                seconds(finding.at),
                (words.node)(fault.node),
                length(fault.bound),
                off_by(fault.ahead)
            ));
        }
        match self.readings {
            0 => Verdict::undecided("No node has said yet how far off its clock can be."),
            readings => Verdict::holds(format!(
                "{}, each within what its node said; the widest bound was {}.",
                counted(readings, "reading"),
                length(self.widest)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn clocks() -> Trial {
        trial(ClockBound::new(), "reading")
    }

    #[test]
    fn a_clock_within_what_its_node_says_holds_and_one_beyond_it_is_a_violation() {
        clocks()
            .at(900, 1, clock_shows(1700, -1))
            .undecided("No node has said yet how far off its clock can be.")
            .at(1000, 1, clock_shows(950, 50_000_000))
            .holds("1 reading, each within what its node said; the widest bound was 50 ms.")
            .at(1500, 1, clock_shows(1549, 48_000_000))
            .violated("At 1.50 s n1 said that its clock is within 48 ms of the true time, but it was 49 ms ahead.")
            .found_here();
    }
}
