//! Availability: how the calls of an interval of time ended.

use crate::history::Time;

/// The calls of an interval of time, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// When it starts.
    pub from: Time,
    /// Calls that began in the interval.
    pub asked: u32,
    /// Calls of the interval that ended ok.
    pub served: u32,
    /// Calls of the interval that failed: the client was told that nothing happened.
    pub refused: u32,
}

impl Interval {
    /// Calls that ended without an answer, or have not ended.
    pub fn unanswered(&self) -> u32 {
        self.asked - self.served - self.refused
    }

    /// The share of calls that were served, from 0 to 1; `None` if there were no calls.
    pub fn share(&self) -> Option<f64> {
        (self.asked > 0).then(|| f64::from(self.served) / f64::from(self.asked))
    }
}

/// Availability by time: how the calls ended that began in each interval.
#[derive(Clone, Debug)]
pub struct Availability {
    width: u64,
    intervals: Vec<Interval>,
}

impl Availability {
    /// Intervals of so many nanoseconds, at least 1, from time 0 on.
    pub fn new(width: u64) -> Availability {
        Availability {
            width: width.max(1),
            intervals: Vec::new(),
        }
    }

    /// Learns that a call began.
    pub fn asked(&mut self, at: Time) {
        self.interval(at).asked += 1;
    }

    /// Learns that a call ended ok which had begun at `begun`.
    pub fn served(&mut self, begun: Time) {
        self.interval(begun).served += 1;
    }

    /// Learns that a call failed which had begun at `begun`.
    pub fn refused(&mut self, begun: Time) {
        self.interval(begun).refused += 1;
    }

    /// All intervals up to the one in which the last call began. At most 100,000: what begins later counts in the last.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    fn interval(&mut self, at: Time) -> &mut Interval {
        const MOST: u64 = 100_000;
        // Below 100,000, so it fits.
        let number = (at.0 / self.width).min(MOST - 1) as usize;
        while self.intervals.len() <= number {
            self.intervals.push(Interval {
                from: Time(self.intervals.len() as u64 * self.width),
                ..Interval::default()
            });
        }
        &mut self.intervals[number]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_count_in_the_interval_in_which_they_began() {
        let mut availability = Availability::new(10);
        for at in [0, 9, 25, 26] {
            availability.asked(Time(at));
        }
        availability.served(Time(9));
        availability.served(Time(25));
        availability.refused(Time(26));
        let shares = availability.intervals().iter().map(Interval::share);
        assert_eq!(shares.collect::<Vec<_>>(), [Some(0.5), None, Some(0.5)]);
        let unanswered = availability.intervals().iter().map(Interval::unanswered);
        assert_eq!(unanswered.collect::<Vec<_>>(), [1, 0, 0]);
        assert_eq!(availability.intervals()[2].from, Time(20));
    }

    #[test]
    fn intervals_are_bounded() {
        let mut availability = Availability::new(1);
        availability.asked(Time(u64::MAX));
        assert_eq!(availability.intervals().len(), 100_000);
    }
}
