//! Latency: how long calls took that ended ok.

use crate::history::{History, Operation};
use hdrhistogram::Histogram;

/// How long calls took that ended ok, in nanoseconds of true time, to three digits.
#[derive(Clone, Debug)]
pub struct Latency {
    histogram: Histogram<u64>,
}

/// A share of all calls that took no longer than some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    /// Half of all calls.
    P50,
    /// 90 of 100 calls.
    P90,
    /// 99 of 100 calls.
    P99,
    /// 999 of 1000 calls.
    P999,
    /// All calls.
    Max,
}

impl Quantile {
    fn share(self) -> f64 {
        match self {
            Self::P50 => 0.5,
            Self::P90 => 0.9,
            Self::P99 => 0.99,
            Self::P999 => 0.999,
            Self::Max => 1.0,
        }
    }
}

/// An hour; what takes longer counts as that.
const LONGEST: u64 = 3_600_000_000_000;

impl Default for Latency {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1, LONGEST, 3);
        Self {
            histogram: histogram.expect("1 is less than half of the longest, and 3 below 6"),
        }
    }
}

impl Latency {
    /// The latencies of a history.
    pub fn of(history: &History) -> Self {
        let mut latency = Self::default();
        history
            .operations()
            .iter()
            .for_each(|operation| latency.add(operation));
        latency
    }

    /// Adds an operation, if it ended ok.
    pub fn add(&mut self, operation: &Operation) {
        if let (Some(at), Some(_)) = (operation.ended.at(), operation.result()) {
            self.record(at.0 - operation.invoked.0);
        }
    }

    /// Adds a call that took so many nanoseconds.
    pub fn record(&mut self, nanos: u64) {
        self.histogram.saturating_record(nanos);
    }

    /// How many operations there are.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The time that a share of them did not exceed, in nanoseconds; `None` if there are none.
    pub fn quantile(&self, quantile: Quantile) -> Option<u64> {
        let any = !self.histogram.is_empty();
        any.then(|| self.histogram.value_at_quantile(quantile.share()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Call, Function, Process, Time};
    use crate::value::Value;

    #[test]
    fn quantiles_are_those_of_the_ok_calls() {
        let mut history = History::new();
        for n in 1..=1_000_u64 {
            let call = Call::new(Function::Read, Value::Nil);
            let start = n * 10_000_000;
            let op = history.invoke(Process(0), call, Time(start)).unwrap();
            let end = Time(start + n * 1_000);
            if n % 10 == 0 {
                history.info(op, Time(start + 9_000_000)).unwrap();
            } else {
                history.ok(op, Value::Nil, end).unwrap();
            }
        }
        let latency = Latency::of(&history);
        assert_eq!(latency.count(), 900);
        for (quantile, micros) in [
            (Quantile::P50, 500),
            (Quantile::P90, 900),
            (Quantile::P99, 990),
            (Quantile::Max, 999),
        ] {
            let found = latency.quantile(quantile).unwrap();
            let expected = micros * 1_000;
            assert!(
                found.abs_diff(expected) <= expected / 100,
                "{quantile:?} {found}"
            );
        }
        assert_eq!(Latency::default().quantile(Quantile::P50), None);
    }
}
