//! Clocks that lie: what a node reads instead of the true time.
//!
//! Readings are in nanoseconds. A wall clock starts at the run's epoch plus its offset; a monotonic clock starts at 0.

use crate::time::{SimDuration, SimTime};

/// How fast a clock runs: its error in parts per billion. 200 ppm fast is 200,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate(pub i64);

impl Rate {
    /// A clock error in parts per million.
    pub const fn ppm(ppm: i64) -> Rate {
        Rate(ppm * 1000)
    }

    /// How far a clock of this rate moves while `length` of true time passes.
    #[inline]
    const fn moved(self, length: SimDuration) -> i64 {
        let nanos = length.as_nanos() as i64;
        if self.0 == 0 {
            return nanos;
        }
        nanos + (nanos as i128 * self.0 as i128 / 1_000_000_000) as i64
    }

    /// The shortest true time in which a clock of this rate moves by `local`.
    const fn true_length(self, local: SimDuration) -> SimDuration {
        if self.0 == 0 {
            return local;
        }
        let per_billion = (1_000_000_000 + self.0) as i128;
        let nanos = (local.as_nanos() as i128 * 1_000_000_000 + per_billion - 1) / per_billion;
        SimDuration::from_nanos(nanos as u64)
    }
}

/// A clock that only ever goes forward and never jumps: right for measuring how long something took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonotonicClock {
    since: SimTime,
    reading: i64,
    rate: Rate,
}

impl MonotonicClock {
    /// A clock that starts at 0 with this rate.
    pub const fn new(rate: Rate) -> Self {
        MonotonicClock {
            since: SimTime::ZERO,
            reading: 0,
            rate,
        }
    }

    /// What it shows at the true time `now`.
    #[inline]
    pub const fn read(&self, now: SimTime) -> i64 {
        self.reading + self.rate.moved(now.since(self.since))
    }

    /// The true length of what this clock measures as `local`.
    #[inline]
    pub const fn true_length(&self, local: SimDuration) -> SimDuration {
        self.rate.true_length(local)
    }

    /// Changes the rate from `now` on; the reading does not jump.
    pub const fn set_rate(&mut self, rate: Rate, now: SimTime) {
        self.reading = self.read(now);
        self.since = now;
        self.rate = rate;
    }
}

/// A clock that claims to tell the time of day, and may be wrong, drift, jump and be corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WallClock {
    since: SimTime,
    reading: i64,
    rate: Rate,
    /// What a slew has yet to correct, and how fast it may.
    slew: Slew,
    wobble: Option<Wobble>,
}

/// A correction that is applied by running faster or slower instead of jumping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slew {
    remaining: i64,
    rate: Rate,
}

/// A periodic error, such as a temperature cycle: `amplitude * sin(2 pi t / period)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wobble {
    /// The largest error.
    pub amplitude: SimDuration,
    /// The time from one peak to the next; must not be zero.
    pub period: SimDuration,
}

impl WallClock {
    /// A clock that is `offset` nanoseconds ahead at the beginning of the run and then runs at `rate`.
    pub const fn new(offset: i64, rate: Rate, wobble: Option<Wobble>) -> Self {
        WallClock {
            since: SimTime::ZERO,
            reading: offset,
            rate,
            slew: Slew {
                remaining: 0,
                rate: Rate(0),
            },
            wobble,
        }
    }

    /// What it shows at the true time `now`, as nanoseconds since the run's epoch.
    pub fn read(&self, now: SimTime) -> i64 {
        self.steady(now) + self.wobble.map_or(0, |wobble| wobble.error(now))
    }

    /// How far it is ahead of the true time.
    pub fn error(&self, now: SimTime) -> i64 {
        self.read(now) - now.as_nanos() as i64
    }

    /// Its rate, wobble and slew aside.
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// Jumps by `nanos`, forward or back.
    pub fn step(&mut self, nanos: i64, now: SimTime) {
        self.settle(now);
        self.reading += nanos;
    }

    /// Changes how fast it runs from `now` on; the reading does not jump.
    pub fn set_rate(&mut self, rate: Rate, now: SimTime) {
        self.settle(now);
        self.rate = rate;
    }

    /// Corrects by `nanos` without a jump, at no more than `rate` (a positive number). Replaces a slew under way.
    pub fn slew(&mut self, nanos: i64, rate: Rate, now: SimTime) {
        self.settle(now);
        self.slew = Slew {
            remaining: nanos,
            rate,
        };
    }

    fn steady(&self, now: SimTime) -> i64 {
        let elapsed = now.since(self.since);
        self.reading + self.rate.moved(elapsed) + self.slew.done_after(elapsed)
    }

    fn settle(&mut self, now: SimTime) {
        let done = self.slew.done_after(now.since(self.since));
        self.reading = self.steady(now);
        self.slew.remaining -= done;
        self.since = now;
    }
}

impl Slew {
    fn done_after(&self, elapsed: SimDuration) -> i64 {
        if self.remaining == 0 {
            return 0;
        }
        let most = (elapsed.as_nanos() as i128 * self.rate.0 as i128 / 1_000_000_000) as i64;
        self.remaining.clamp(-most, most)
    }
}

impl Wobble {
    fn error(&self, now: SimTime) -> i64 {
        let phase =
            (now.as_nanos() % self.period.as_nanos()) as f64 / self.period.as_nanos() as f64;
        let sine = libm::sin(phase * 2.0 * std::f64::consts::PI);
        libm::round(self.amplitude.as_nanos() as f64 * sine) as i64
    }
}

/// What an interval clock answers: the true time lies between the two, if its settings are honest
/// (Corbett et al., *Spanner: Google's globally-distributed database*, OSDI 2012, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The time is not before this.
    pub earliest: i64,
    /// The time is not after this.
    pub latest: i64,
}

/// How an interval clock bounds its wall clock's error: `base`, plus `drift` for all the time since the last
/// synchronisation. Honest if both are at least what the wall clock really does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uncertainty {
    /// The error right after a synchronisation.
    pub base: SimDuration,
    /// How fast the error may grow.
    pub drift: Rate,
}

impl Uncertainty {
    /// The bound on the error when the last synchronisation is `age` old on the node's monotonic clock.
    pub const fn bound(&self, age: SimDuration) -> i64 {
        let grown = age.as_nanos() as i128 * self.drift.0 as i128;
        // Rounded up: a bound may not fall short by a nanosecond.
        self.base.as_nanos() as i64 + ((grown + 999_999_999) / 1_000_000_000) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    fn at(ms: u64) -> SimTime {
        SimTime::from_millis(ms)
    }

    #[test]
    fn a_fast_clock_gains_its_rate() {
        let clock = WallClock::new(350 * MS, Rate::ppm(200), None);
        assert_eq!(clock.error(at(0)), 350 * MS);
        assert_eq!(clock.error(at(10_000)), 352 * MS);
    }

    #[test]
    fn a_step_jumps_and_a_slew_creeps() {
        let mut clock = WallClock::new(0, Rate(0), None);
        clock.step(-300 * MS, at(1000));
        assert_eq!(clock.read(at(1000)), 700 * MS);
        clock.slew(300 * MS, Rate::ppm(100_000), at(1000));
        assert_eq!(clock.read(at(1000)), 700 * MS);
        assert_eq!(clock.error(at(2000)), -200 * MS);
        assert_eq!(clock.error(at(4000)), 0);
        assert_eq!(clock.error(at(9000)), 0);
    }

    #[test]
    fn a_new_slew_replaces_what_the_old_one_had_left() {
        let mut clock = WallClock::new(0, Rate(0), None);
        clock.slew(100 * MS, Rate::ppm(10_000), at(0));
        clock.slew(-40 * MS, Rate::ppm(10_000), at(1000));
        assert_eq!(clock.error(at(60_000)), (10 - 40) * MS);
    }

    #[test]
    fn a_wobble_returns_to_where_it_was() {
        let wobble = Wobble {
            amplitude: SimDuration::from_millis(5),
            period: SimDuration::from_secs(4),
        };
        let clock = WallClock::new(0, Rate(0), Some(wobble));
        assert_eq!(clock.error(at(0)), 0);
        assert_eq!(clock.error(at(1000)), 5 * MS);
        assert_eq!(clock.error(at(3000)), -5 * MS);
        assert_eq!(clock.error(at(4000)), 0);
    }

    #[test]
    fn a_timer_never_fires_before_its_own_clock_says_so() {
        for rate in [Rate::ppm(-300), Rate::ppm(0), Rate::ppm(41), Rate(333)] {
            let clock = MonotonicClock::new(rate);
            for nanos in [1, 999, 1_000_000, 123_456_789_123] {
                let local = SimDuration::from_nanos(nanos);
                let fires = SimTime::ZERO + clock.true_length(local);
                assert!(clock.read(fires) >= nanos as i64, "{rate:?} {nanos}");
                assert!(clock.read(fires) <= nanos as i64 + 2, "{rate:?} {nanos}");
            }
        }
    }

    #[test]
    fn a_monotonic_clock_keeps_its_reading_when_its_rate_changes() {
        let mut clock = MonotonicClock::new(Rate::ppm(100_000));
        let before = clock.read(at(1000));
        clock.set_rate(Rate::ppm(-100_000), at(1000));
        assert_eq!(clock.read(at(1000)), before);
        assert_eq!(clock.read(at(2000)), before + 900 * MS);
    }
}
