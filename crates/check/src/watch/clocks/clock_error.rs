//! How far off clocks are that were set.

use std::collections::VecDeque;

use sim::clock::Rate;
use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;
use sim::trace::{ClockChange, Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use super::half_round_trip::ahead;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A clock that its node has set is off by no more than a bound, besides what is still being corrected slowly.
///
/// A reading counts if its node says how far off it can be, if `settles` has passed, and if anybody could know the time so
/// well: of most servers that the node has compared its clock with, one of the latest round trips takes no more than twice
/// the bound. Of a longer one, nobody can know to within the bound how it splits (Lundelius and Lynch, *An upper and lower
/// bound for clock synchronization*, 1984).
#[derive(Clone, Debug)]
pub struct ClockError {
    bound: SimDuration,
    settles: SimDuration,
    /// The slew under way at each node: when it began, and what it is.
    slews: Map<NodeId, (SimTime, i64, Rate)>,
    /// The latest round trips from each node to each server.
    delays: Map<(NodeId, i64), VecDeque<i64>>,
    /// Whether a node has set its clock, and says how far off it can be.
    is_set: bool,
    /// Whether it could not know the time so well once that counted.
    is_vague: bool,
    readings: usize,
    worst: i64,
    finding: Found<Fault>,
}

/// How many round trips to a server count: as many as a clock filter keeps (RFC 5905, section 10).
const LATEST: usize = 8;

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
            slews: Map::new(),
            delays: Map::new(),
            is_set: false,
            is_vague: false,
            readings: 0,
            worst: 0,
            finding: Found::default(),
        }
    }

    fn sampled(&mut self, server: i64, delay: i64, event: &Event) {
        let latest = self.delays.entry((event.node, server)).or_default();
        if latest.len() == LATEST {
            latest.pop_front();
        }
        latest.push_back(delay);
    }

    /// Whether the round trips from a node let it know the time to within the bound.
    fn is_knowable(&self, node: NodeId) -> bool {
        let trips = self.delays.range((node, i64::MIN)..=(node, i64::MAX));
        let shortest = trips.filter_map(|(_, latest)| latest.iter().min());
        let (mut servers, mut near) = (0, 0);
        for delay in shortest {
            servers += 1;
            near += usize::from(*delay as u64 <= 2 * self.bound.as_nanos());
        }
        servers == 0 || 2 * near > servers
    }

    /// How far a node's slew will yet move its clock ahead.
    fn to_slew(&self, node: NodeId, now: SimTime) -> i64 {
        self.slews.get(&node).map_or(0, |(since, by, rate)| {
            let gone = i128::from(now.since(*since).as_nanos());
            let done = gone * i128::from(rate.0.max(0)) / 1_000_000_000;
            let left = (i128::from(by.unsigned_abs()) - done).max(0) as i64;
            left * by.signum()
        })
    }

    fn read(&mut self, reading: i64, id: EventId, event: &Event) {
        let node = event.node;
        self.is_set = true;
        if event.time < SimTime::ZERO + self.settles {
            return;
        }
        if !self.is_knowable(node) {
            self.is_vague = true;
            return;
        }
        let ahead = ahead(reading, event.time);
        let off = off(ahead, self.to_slew(node, event.time));
        self.readings += 1;
        self.worst = self.worst.max(off);
        if off as u64 > self.bound.as_nanos() {
            self.finding.here(id, event, &[id], Fault { node, ahead });
        }
    }
}

/// How far off a clock is besides what a slew still corrects: a slew that moves it further off corrects nothing.
fn off(ahead: i64, to_slew: i64) -> i64 {
    let then = ahead.saturating_add(to_slew);
    match ahead.signum() == then.signum() {
        true => ahead.saturating_abs().min(then.saturating_abs()),
        false => 0,
    }
}

impl Check for ClockError {
    fn held(&self, by: Measure) -> usize {
        self.slews.held(by) + self.delays.held(by) + all_held(self.delays.values(), by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            // The node begins anew, without a sample.
            self.delays.retain(|(node, _), _| *node != event.node);
        }
        if let Some(ClockChange::Slew { by, rate }) = event.detail() {
            self.slews.insert(event.node, (event.time, by, rate));
        }
        match event.fact() {
            Some(Fact::ClockRead { reading, bound }) if bound >= 0 => self.read(reading, id, event),
            Some(Fact::Sampled { node, delay, .. }) => self.sampled(node, delay, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(format!(
                "At {} the clock of {} is {} {}, although it has been set.",
                seconds(finding.at),
                (words.node)(fault.node),
                length(fault.ahead.saturating_abs()),
                if fault.ahead < 0 { "behind" } else { "ahead" }
            ));
        }
        match self.readings {
            0 if self.is_vague => Verdict::undecided(format!(
                "Round trips take too long to know the time to within {}.",
                length(self.bound.as_nanos() as i64)
            )),
            0 if self.is_set => Verdict::undecided(format!(
                "A clock has been set. Readings count from {} on.",
                seconds(SimTime::ZERO + self.settles)
            )),
            0 => Verdict::undecided("No clock has been set yet."),
            readings => Verdict::holds(format!(
                "{} of set clocks, none off by more than {}, apart from corrections under way.",
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
            .at(800, 1, clock_shows(1700, -1))
            .undecided("No clock has been set yet.")
            .at(900, 1, clock_shows(1700, 0))
            .undecided("A clock has been set. Readings count from 1.00 s on.")
            .at(1000, 1, clock_shows(950, 0))
            .at(1100, 1, clock_shows(1800, -1))
            .at(1200, 1, clock_shows(1220, 0))
            .holds("2 readings of set clocks, none off by more than 50 ms, apart from corrections under way.");
    }

    #[test]
    fn a_clock_beyond_the_bound_is_a_violation() {
        clocks()
            .at(1500, 1, clock_shows(1449, 0))
            .violated("At 1.50 s the clock of n1 is 51 ms behind, although it has been set.")
            .found_here();
    }

    #[test]
    fn what_is_still_being_corrected_is_no_error_and_what_should_be_done_is() {
        let slewing = || clocks().at(1000, 1, slews(100, 50_000));
        slewing().at(1000, 1, clock_shows(860, 0)).holds(
            "1 reading of set clocks, none off by more than 40 ms, apart from corrections under way.",
        );
        slewing()
            .at(3000, 1, clock_shows(2860, 0))
            .violated("At 3.00 s the clock of n1 is 140 ms behind, although it has been set.");
    }

    #[test]
    fn a_slew_the_wrong_way_corrects_nothing() {
        let slewing = |by| {
            clocks()
                .at(1000, 1, slews(by, 50_000))
                .at(1000, 1, clock_shows(860, 0))
        };
        slewing(-100)
            .violated("At 1.00 s the clock of n1 is 140 ms behind, although it has been set.");
        slewing(1000).holds("1 reading of set clocks, none off by more than 0 ms, apart from corrections under way.");
    }

    #[test]
    fn over_round_trips_that_are_too_long_nothing_is_demanded() {
        let compared = |delay| {
            clocks()
                .at(1400, 1, compares(2, 0, delay))
                .at(1400, 1, compares(3, 0, 500))
                .at(1400, 1, compares(4, 0, delay))
                .at(1500, 1, clock_shows(1400, 0))
        };
        compared(101).undecided("Round trips take too long to know the time to within 50 ms.");
        compared(100)
            .violated("At 1.50 s the clock of n1 is 100 ms behind, although it has been set.");
    }
}
