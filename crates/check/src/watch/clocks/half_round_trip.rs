//! What a node can know of another's clock over a network.

use std::collections::VecDeque;

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;
use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A node that compares its clock with another's over a round trip is wrong by no more than half the round trip
/// (Cristian, *Probabilistic clock synchronization*, 1989).
///
/// The readings on record tell how far off each clock is in truth. Of the other's clock, any reading within the round trip
/// may be the one that the answer brings: the clock may be set before the answer arrives, and other answers may be given. A
/// comparison without such a reading is not judged.
#[derive(Clone, Debug)]
pub struct HalfRoundTrip {
    slack: SimDuration,
    /// How far the clock of each node was ahead when it was read of late, in nanoseconds.
    ahead: Map<NodeId, VecDeque<(SimTime, i64)>>,
    samples: usize,
    worst: i64,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    other: NodeId,
    error: i64,
    delay: i64,
}

impl HalfRoundTrip {
    /// A check that allows for `slack` besides: what clocks drift during a round trip.
    pub fn new(slack: SimDuration) -> HalfRoundTrip {
        HalfRoundTrip {
            slack,
            ahead: Map::new(),
            samples: 0,
            worst: 0,
            finding: Found::default(),
        }
    }

    fn read(&mut self, reading: i64, event: &Event) {
        let ahead = ahead(reading, event.time);
        let latest = self.ahead.entry(event.node).or_default();
        if latest.len() == REMEMBERED {
            latest.pop_front();
        }
        latest.push_back((event.time, ahead));
    }

    fn sampled(&mut self, other: NodeId, offset: i64, delay: i64, id: EventId, event: &Event) {
        let slack = self.slack.as_nanos() as i64;
        let own = self.ahead.get(&event.node).and_then(VecDeque::back);
        let (Some((_, own)), Some(others)) = (own, self.ahead.get(&other)) else {
            return;
        };
        let is_within = |at: SimTime| event.time.since(at).as_nanos() as i64 <= delay + slack;
        let errors = others.iter().filter(|(at, _)| is_within(*at));
        let errors = errors.map(|(_, others)| offset - (others - own));
        let Some(error) = errors.min_by_key(|error| error.abs()) else {
            return;
        };
        self.samples += 1;
        self.worst = self.worst.max(error.abs());
        if error.abs() > delay / 2 + slack {
            let fault = Fault {
                node: event.node,
                other,
                error,
                delay,
            };
            self.finding.here(id, event, &[id], fault);
        }
    }
}

/// How many readings of a clock are remembered.
const REMEMBERED: usize = 64;

/// How far a clock that shows `reading` is ahead at `now`.
pub(in crate::watch) fn ahead(reading: i64, now: SimTime) -> i64 {
    reading.saturating_sub(now.as_nanos() as i64)
}

impl Check for HalfRoundTrip {
    fn held(&self, by: Measure) -> usize {
        self.ahead.held(by) + all_held(self.ahead.values(), by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::ClockRead { reading, .. }) => {
                self.read(reading, event);
            }
            Some(Fact::Sampled {
                node,
                offset,
                delay,
            }) => self.sampled(NodeId(node as u16), offset, delay, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(format!(
                "At {} {} was wrong about the clock of {} by {}, after a round trip of {}.",
                seconds(finding.at),
                (words.node)(fault.node),
                (words.node)(fault.other),
                length(fault.error.abs()),
                length(fault.delay)
            ));
        }
        match self.samples {
            0 => Verdict::undecided("No clock has been compared with another yet."),
            samples => Verdict::holds(format!(
                "{} with another node's clock, none wrong by more than half its round trip; the worst by {}.",
                counted(samples, "comparison"),
                length(self.worst)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// At 1 s n2, whose clock is 900 ms ahead, tells the time. 40 ms later n1, whose clock is 100 ms behind, says after
    /// a round trip of 80 ms how far it is behind.
    fn compared(offset: i64) -> Trial {
        trial(HalfRoundTrip::new(ms(1)), "sample")
            .at(1000, 2, clock_shows(1900, -1))
            .at(1040, 1, clock_shows(940, -1))
            .at(1040, 1, compares(2, offset, 80))
    }

    #[test]
    fn an_error_within_half_the_round_trip_holds_and_a_larger_one_is_a_violation() {
        compared(960).holds(
            "1 comparison with another node's clock, none wrong by more than half its round trip; the worst by 40 ms.",
        );
        compared(1042)
            .violated("At 1.04 s n1 was wrong about the clock of n2 by 42 ms, after a round trip of 80 ms.")
            .found_here();
    }

    #[test]
    fn a_clock_may_be_set_while_its_answer_is_on_its_way() {
        let set = |offset| {
            trial(HalfRoundTrip::new(ms(1)), "sample")
                .at(1000, 2, clock_shows(1900, -1))
                .at(1020, 2, clock_shows(1020, 0))
                .at(1040, 1, clock_shows(940, -1))
                .at(1040, 1, compares(2, offset, 80))
        };
        for (offset, worst) in [(960, "40 ms"), (70, "30 ms")] {
            set(offset).holds(&format!(
                "1 comparison with another node's clock, none wrong by more than half its round trip; the worst by {worst}."
            ));
        }
        set(500).violated(
            "At 1.04 s n1 was wrong about the clock of n2 by 400 ms, after a round trip of 80 ms.",
        );
    }

    #[test]
    fn a_reading_from_before_the_round_trip_says_nothing() {
        trial(HalfRoundTrip::new(ms(1)), "sample")
            .at(1000, 2, clock_shows(1900, -1))
            .at(2000, 1, clock_shows(2000, -1))
            .at(2000, 1, compares(2, 5000, 80))
            .undecided("No clock has been compared with another yet.");
    }
}
