//! An exchange with a server, and the filter that chooses among the latest exchanges.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use sim::SimDuration;
use sim::held::{Held, Measure};

use super::select::Candidate;

/// How many samples of a server are kept (RFC 5905, section 10).
const KEPT: usize = 8;

/// What a node allows for besides the round trip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// The most by which the node's monotonic clock and a right server's clock drift apart: 0.0002 is 200 ppm.
    pub drift: f64,
    /// The most by which the clock of a right server is wrong.
    pub server: SimDuration,
}

/// A setting, which is the same in all states of a run.
impl Hash for Allowance {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Allowance {
    /// How far two clocks can have drifted apart while the node's clock moved by `nanos`.
    fn drifted(&self, nanos: i64) -> i64 {
        libm::ceil(nanos.max(0) as f64 * self.drift) as i64
    }
}

/// What an exchange says, relative to the client's monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sample {
    /// How far the server's clock is ahead of the client's monotonic clock, if both ways took the same time.
    pub offset: i64,
    /// How long the round trip took.
    pub delay: i64,
    /// When the answer arrived.
    pub got: i64,
}

impl Sample {
    /// The sample of an exchange. The client's monotonic clock showed `asked` and `got`; in between, the server's clock
    /// showed `told`.
    pub fn of(asked: i64, told: i64, got: i64) -> Sample {
        Sample {
            offset: told - asked - (got - asked) / 2,
            delay: got - asked,
            got,
        }
    }

    /// What the sample says about a clock that shows `reading` while the monotonic clock shows `now`.
    pub fn candidate(&self, now: i64, reading: i64, allowance: &Allowance) -> Candidate {
        Candidate {
            offset: self.offset + now - reading,
            bound: self.bound(now, allowance),
        }
    }

    /// How wrong the offset can be when the node's clock shows `now`: by half the round trip, by what clocks have drifted
    /// since the question, and by what the server's clock is wrong (RFC 5905, section 4: synchronization distance).
    pub fn bound(&self, now: i64, allowance: &Allowance) -> i64 {
        let age = now - self.got + self.delay;
        self.delay / 2 + 1 + allowance.drifted(age) + allowance.server.as_nanos() as i64
    }
}

/// The latest samples of a server.
#[derive(Clone, Debug, Default, Hash)]
pub struct Samples {
    latest: VecDeque<Sample>,
}

impl Samples {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.latest.held(by)
    }

    /// Adds a sample.
    pub fn push(&mut self, sample: Sample) {
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(sample);
    }

    /// The latest sample.
    pub fn latest(&self) -> Option<Sample> {
        self.latest.back().copied()
    }

    /// The sample with the smallest delay; the later of two equal ones.
    pub fn quickest(&self) -> Option<Sample> {
        self.latest
            .iter()
            .rev()
            .min_by_key(|sample| sample.delay)
            .copied()
    }

    /// The sample that can be least wrong when the node's clock shows `now`.
    pub fn surest(&self, now: i64, allowance: &Allowance) -> Option<Sample> {
        self.latest
            .iter()
            .min_by_key(|sample| sample.bound(now, allowance))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Allowance = Allowance {
        drift: 0.0,
        server: SimDuration::ZERO,
    };

    #[test]
    fn equal_ways_give_the_offset_and_unequal_ones_are_wrong_by_half_their_difference() {
        // The server is 1000 ahead. The ways take 30 and 30, then 10 and 90.
        assert_eq!(Sample::of(0, 1030, 60).offset, 1000);
        let sample = Sample::of(0, 1010, 100);
        assert_eq!(sample.offset, 1000 - (90 - 10) / 2);
        assert!((sample.offset - 1000).abs() <= sample.bound(100, &NOTHING));
    }

    #[test]
    fn the_error_is_never_more_than_half_the_round_trip_however_it_splits() {
        for there in 0..=100 {
            let sample = Sample::of(0, 7777 + there, 100);
            assert!((sample.offset - 7777).abs() <= sample.bound(100, &NOTHING));
        }
    }

    #[test]
    fn a_sample_becomes_worse_as_clocks_drift_and_the_surest_one_is_not_always_the_quickest() {
        let allowance = Allowance {
            drift: 0.001,
            server: SimDuration::from_nanos(7),
        };
        let sample = Sample::of(0, 50, 100);
        assert_eq!(sample.bound(100, &allowance), 50 + 1 + 1 + 7);
        assert_eq!(sample.bound(1_000_000, &allowance), 50 + 1 + 1000 + 7);
        let mut samples = Samples::default();
        samples.push(sample);
        samples.push(Sample::of(999_800, 50, 1_000_000));
        assert_eq!(samples.quickest().unwrap().delay, 100);
        assert_eq!(samples.surest(1_000_000, &allowance).unwrap().delay, 200);
    }

    #[test]
    fn the_filter_takes_the_quickest_of_the_last_eight() {
        let mut samples = Samples::default();
        samples.push(Sample::of(0, 5, 10));
        for delay in [80, 40, 90, 70, 60, 50, 95] {
            samples.push(Sample::of(0, delay / 2, delay));
        }
        assert_eq!(samples.quickest().unwrap().delay, 10);
        samples.push(Sample::of(0, 100, 200));
        assert_eq!(samples.quickest().unwrap().delay, 40);
        assert_eq!(samples.latest().unwrap().delay, 200);
    }
}
