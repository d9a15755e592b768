//! What a holder knows about its lease.

use std::hash::{Hash, Hasher};

use sim::SimDuration;

/// A lease as its holder sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tenure {
    /// The token of the lease.
    pub token: i64,
    /// When the lease ends, by the holder's monotonic clock.
    pub ends: i64,
}

/// How a holder shortens a lease because clocks drift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// The most by which any clock runs too fast or too slow: 0.02 is two percent.
    pub drift: f64,
}

impl Hash for Margin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.drift.to_bits().hash(state);
    }
}

impl Margin {
    /// No margin: all clocks are assumed to run equally fast.
    pub const NONE: Margin = Margin { drift: 0.0 };

    /// How long, by its own clock, a holder may use a lease that lasts for `length` by the service's clock.
    ///
    /// If the service's clock is fast, the lease ends after a true time of `length / (1 + drift)`. If the holder's clock
    /// is slow, it measures `1 - drift` of that time.
    fn usable(self, length: SimDuration) -> SimDuration {
        let share = (1.0 - self.drift) / (1.0 + self.drift);
        SimDuration::from_nanos_f64(length.as_nanos() as f64 * share)
    }
}

impl Tenure {
    /// A lease that was asked for when the holder's clock showed `asked`.
    pub fn new(token: i64, asked: i64, length: SimDuration, margin: Margin) -> Tenure {
        Tenure {
            token,
            ends: asked + margin.usable(length).as_nanos() as i64,
        }
    }

    /// Whether the lease has not ended yet, by the holder's clock.
    pub fn is_valid(&self, monotonic: i64) -> bool {
        monotonic < self.ends
    }

    /// How much of the lease is left; zero if it has ended.
    pub fn left(&self, monotonic: i64) -> SimDuration {
        SimDuration::from_nanos((self.ends - monotonic).max(0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::SimTime;
    use sim::clock::{MonotonicClock, Rate};

    const LENGTH: SimDuration = SimDuration::from_millis(4000);

    /// When, in true time, a clock of this rate has moved by `length`.
    fn ends(rate: Rate, length: SimDuration) -> SimTime {
        SimTime::ZERO + MonotonicClock::new(rate).true_length(length)
    }

    #[test]
    fn with_a_margin_a_holder_lets_go_before_the_service_does_at_any_drift_within_it() {
        let margin = Margin { drift: 0.02 };
        for holder in [-20_000, -5_000, 0, 20_000] {
            for service in [-20_000, 0, 5_000, 20_000] {
                let lets_go = ends(Rate::ppm(holder), margin.usable(LENGTH));
                assert!(
                    lets_go <= ends(Rate::ppm(service), LENGTH),
                    "{holder} {service}"
                );
            }
        }
    }

    #[test]
    fn without_a_margin_a_slow_holder_lets_go_too_late() {
        let lets_go = ends(Rate::ppm(-20_000), Margin::NONE.usable(LENGTH));
        assert!(lets_go > ends(Rate(0), LENGTH));
    }

    #[test]
    fn a_lease_counts_from_when_it_was_asked_for() {
        let tenure = Tenure::new(1, 500, SimDuration::from_nanos(1000), Margin::NONE);
        assert!(tenure.is_valid(1499) && !tenure.is_valid(1500));
        assert_eq!(tenure.left(1400), SimDuration::from_nanos(100));
        assert_eq!(tenure.left(2000), SimDuration::ZERO);
    }
}
