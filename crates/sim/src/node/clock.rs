//! Clocks that lie: what a node reads instead of the true time.
//!
//! Readings are in nanoseconds. A wall clock starts at the run's epoch plus its offset; a monotonic clock starts at 0.

use crate::time::{SimDuration, SimTime};

/// How fast a clock runs: its error in parts per billion. 200 ppm fast is 200,000.
///
/// A clock treats a rate outside [`Rate::SLOWEST`] to [`Rate::FASTEST`] as the nearest one inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rate(pub i64);

impl Rate {
    /// A clock that all but stands still: it takes a billion seconds for one.
    pub const SLOWEST: Rate = Rate(-999_999_999);
    /// A clock a thousand times too fast.
    pub const FASTEST: Rate = Rate(999_000_000_000);

    /// A clock error in parts per million.
    pub const fn ppm(ppm: i64) -> Rate {
        Rate(ppm.saturating_mul(1000))
    }

    const fn clamped(self) -> Rate {
        if self.0 < Self::SLOWEST.0 {
            Self::SLOWEST
        } else if self.0 > Self::FASTEST.0 {
            Self::FASTEST
        } else {
            self
        }
    }

    /// How far a clock of this rate moves while `length` of true time passes.
    #[inline]
    const fn moved(self, length: SimDuration) -> i64 {
        let nanos = length.as_nanos() as i128;
        if self.0 == 0 {
            return saturated(nanos);
        }
        saturated(nanos + nanos * self.0 as i128 / BILLION)
    }

    /// The shortest true time in which a clock of this rate moves by `local`.
    const fn true_length(self, local: SimDuration) -> SimDuration {
        if self.0 == 0 {
            return local;
        }
        let per_billion = BILLION + self.0 as i128;
        let nanos = (local.as_nanos() as i128 * BILLION + per_billion - 1) / per_billion;
        SimDuration::from_nanos(if nanos > u64::MAX as i128 {
            u64::MAX
        } else {
            nanos as u64
        })
    }
}

const BILLION: i128 = 1_000_000_000;

/// The nearest reading: a clock stops at the end of its range instead of wrapping round.
const fn saturated(nanos: i128) -> i64 {
    if nanos > i64::MAX as i128 {
        i64::MAX
    } else if nanos < i64::MIN as i128 {
        i64::MIN
    } else {
        nanos as i64
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
            rate: rate.clamped(),
        }
    }

    /// What it shows at the true time `now`.
    #[inline]
    pub const fn read(&self, now: SimTime) -> i64 {
        self.reading
            .saturating_add(self.rate.moved(now.since(self.since)))
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
        self.rate = rate.clamped();
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

/// A periodic error, such as a temperature cycle: `amplitude * sin(2 pi t / period)`, with t the true time since the
/// run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wobble {
    /// The largest error.
    pub amplitude: SimDuration,
    /// The time from one peak to the next. Zero is no error at all.
    pub period: SimDuration,
}

impl WallClock {
    /// A clock that is `offset` nanoseconds ahead at the beginning of the run and then runs at `rate`.
    pub const fn new(offset: i64, rate: Rate, wobble: Option<Wobble>) -> Self {
        WallClock {
            since: SimTime::ZERO,
            reading: offset,
            rate: rate.clamped(),
            slew: Slew {
                remaining: 0,
                rate: Rate(0),
            },
            wobble,
        }
    }

    /// What it shows at the true time `now`, as nanoseconds since the run's epoch.
    pub fn read(&self, now: SimTime) -> i64 {
        let wobble = self.wobble.map_or(0, |wobble| wobble.error(now));
        self.steady(now).saturating_add(wobble)
    }

    /// How far it is ahead of the true time.
    pub fn error(&self, now: SimTime) -> i64 {
        saturated(self.read(now) as i128 - now.as_nanos() as i128)
    }

    /// Its rate, without wobble and slew.
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// Jumps by `nanos`, forward or back.
    pub fn step(&mut self, nanos: i64, now: SimTime) {
        self.settle(now);
        self.reading = self.reading.saturating_add(nanos);
    }

    /// Changes how fast it runs from `now` on; the reading does not jump.
    pub fn set_rate(&mut self, rate: Rate, now: SimTime) {
        self.settle(now);
        self.rate = rate.clamped();
    }

    /// Gives it another periodic error from `now` on; the reading jumps by the difference.
    pub fn set_wobble(&mut self, wobble: Option<Wobble>) {
        self.wobble = wobble;
    }

    /// Corrects by `nanos` without a jump, at no more than `rate`; not at all if that is not positive. Replaces a slew
    /// under way.
    pub fn slew(&mut self, nanos: i64, rate: Rate, now: SimTime) {
        self.settle(now);
        self.slew = Slew {
            remaining: nanos,
            rate,
        };
    }

    /// How much of a slew is still to be done at the true time `now`.
    pub fn unslewed(&self, now: SimTime) -> i64 {
        let done = self.slew.done_after(now.since(self.since));
        self.slew.remaining - done
    }

    fn steady(&self, now: SimTime) -> i64 {
        let elapsed = now.since(self.since);
        self.reading
            .saturating_add(self.rate.moved(elapsed))
            .saturating_add(self.slew.done_after(elapsed))
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
        let rate = self.rate.0.max(0) as i128;
        let most = saturated(elapsed.as_nanos() as i128 * rate / BILLION);
        self.remaining.clamp(-most, most)
    }
}

impl Wobble {
    fn error(&self, now: SimTime) -> i64 {
        if self.period.is_zero() {
            return 0;
        }
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
/// synchronisation, plus what a slew has yet to correct.
///
/// Honest if `base` is at least the error that a synchronisation leaves (half the difference between the two ways of
/// its exchange, and the wobble) and the error at the beginning, and `drift` at least the sum of the two clocks' rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uncertainty {
    /// The error right after a synchronisation.
    pub base: SimDuration,
    /// How fast the error may grow. A rate that is not positive counts as zero.
    pub drift: Rate,
}

impl Uncertainty {
    /// The bound on the error when the last synchronisation is `age` old on the node's monotonic clock.
    pub const fn bound(&self, age: SimDuration) -> i64 {
        let drift = if self.drift.0 > 0 { self.drift.0 } else { 0 };
        let grown = age.as_nanos() as i128 * drift as i128;
        // Rounded up: a bound may not fall short by a nanosecond.
        saturated(self.base.as_nanos() as i128 + (grown + BILLION - 1) / BILLION)
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

    #[test]
    fn no_setting_and_no_moment_make_a_clock_overflow() {
        let extremes = [i64::MIN, -1_000_000_000, -1, 0, 1, i64::MAX];
        let moments = [SimTime::ZERO, at(1), SimTime::LATEST, SimTime::NEVER];
        for (rate, amount, now) in extremes.into_iter().flat_map(|rate| {
            extremes
                .into_iter()
                .flat_map(move |amount| moments.map(|now| (Rate(rate), amount, now)))
        }) {
            let wobble = Wobble {
                amplitude: SimDuration::MAX,
                period: SimDuration::from_nanos(amount.unsigned_abs()),
            };
            let mut clock = WallClock::new(amount, rate, Some(wobble));
            clock.slew(amount, rate, at(1));
            clock.step(amount, now);
            let _ = (clock.error(now), clock.unslewed(now));
            let mut monotonic = MonotonicClock::new(rate);
            let before = monotonic.read(at(5));
            monotonic.set_rate(Rate(amount), at(5));
            assert!(monotonic.read(now.max(at(5))) >= before);
            let _ = monotonic.true_length(SimDuration::MAX);
        }
    }
}
