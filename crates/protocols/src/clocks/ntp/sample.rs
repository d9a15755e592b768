//! An exchange with a server, and the filter that chooses among the latest exchanges.

use std::collections::VecDeque;

use super::select::Candidate;

/// How many samples of a server are kept (RFC 5905, section 10).
const KEPT: usize = 8;

/// How fast a sample becomes worse, in parts per million: the drift of a good oscillator (RFC 5905, section 7.2).
const DISPERSION_PPM: i64 = 15;

/// What an exchange says, relative to the client's monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// What the sample says about the wall clock while the client's clocks show `now` and `wall`.
    pub fn candidate(&self, now: i64, wall: i64) -> Candidate {
        Candidate {
            offset: self.offset + now - wall,
            bound: self.bound(now),
        }
    }

    /// How wrong the offset can be when the client's clock shows `now`: half the round trip, and the drift since then.
    pub fn bound(&self, now: i64) -> i64 {
        self.delay / 2 + 1 + (now - self.got).max(0) * DISPERSION_PPM / 1_000_000
    }
}

/// The latest samples of a server.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    latest: VecDeque<Sample>,
}

impl Samples {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ways_give_the_offset_and_unequal_ones_are_wrong_by_half_their_difference() {
        // The server is 1000 ahead. The ways take 30 and 30, then 10 and 90.
        assert_eq!(Sample::of(0, 1030, 60).offset, 1000);
        let sample = Sample::of(0, 1010, 100);
        assert_eq!(sample.offset, 1000 - (90 - 10) / 2);
        assert!((sample.offset - 1000).abs() <= sample.bound(100));
    }

    #[test]
    fn the_error_is_never_more_than_half_the_round_trip_however_it_splits() {
        for there in 0..=100 {
            let sample = Sample::of(0, 7777 + there, 100);
            assert!((sample.offset - 7777).abs() <= sample.bound(100));
        }
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
