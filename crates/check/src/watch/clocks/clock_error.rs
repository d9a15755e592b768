//! How far off clocks are that were set.

use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use super::half_round_trip::ahead;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A clock that its node has set is off by no more than a bound.
///
/// A reading counts if its node estimates how far off it can be, and if `settles` has passed.
#[derive(Clone, Debug)]
pub struct ClockError {
    bound: SimDuration,
    settles: SimDuration,
    readings: usize,
    worst: i64,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    ahead: i64,
}

impl ClockError {
    /// A check that allows for `bound` once `settles` has passed.
    pub fn new(bound: SimDuration, settles: SimDuration) -> ClockError {
        ClockError {
            bound,
            settles,
            readings: 0,
            worst: 0,
            finding: Found::default(),
        }
    }

    fn read(&mut self, reading: i64, id: EventId, event: &Event) {
        let ahead = ahead(reading, event.time);
        self.readings += 1;
        self.worst = self.worst.max(ahead.saturating_abs());
        if ahead.unsigned_abs() > self.bound.as_nanos() {
            let node = event.node;
            self.finding.here(id, event, &[id], Fault { node, ahead });
        }
    }
}

impl Check for ClockError {
    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::ClockRead { reading, bound })
                if bound >= 0 && event.time >= SimTime::ZERO + self.settles =>
            {
                self.read(reading, id, event);
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
                "At {} the clock of {}, which it has set, is {} {}.",
                seconds(finding.at),
                (words.node)(fault.node),
                length(fault.ahead.saturating_abs()),
                if fault.ahead < 0 { "behind" } else { "ahead" }
            ));
        }
        match self.readings {
            0 => Verdict::undecided("No clock has been set yet."),
            readings => Verdict::holds(format!(
                "{} of clocks that were set, none off by more than {}.",
                counted(readings, "reading"),
                length(self.worst)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Allows for 50 ms after 1 s.
    fn clocks() -> Trial {
        trial(ClockError::new(ms(50), ms(1000)), "reading")
    }

    #[test]
    fn clocks_within_the_bound_hold() {
        clocks()
            .at(900, 1, clock_shows(1700, 0))
            .undecided("No clock has been set yet.")
            .at(1000, 1, clock_shows(950, 0))
            .at(1100, 1, clock_shows(1800, -1))
            .at(1200, 1, clock_shows(1220, 0))
            .holds("2 readings of clocks that were set, none off by more than 50 ms.");
    }

    #[test]
    fn a_clock_beyond_the_bound_is_a_violation() {
        clocks()
            .at(1500, 1, clock_shows(1449, 0))
            .violated("At 1.50 s the clock of n1, which it has set, is 51 ms behind.")
            .found_here();
    }
}
