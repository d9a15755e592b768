//! Virtual time: integer nanoseconds, so that two runs never differ by a rounding.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A moment of a run: nanoseconds of true time since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

/// A length of time in nanoseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(u64);

impl SimTime {
    /// The moment at which a run begins.
    pub const ZERO: SimTime = SimTime(0);
    /// The latest moment that a run can reach: 2^62 nanoseconds, 146 years. Clocks can still tell it.
    pub const LATEST: SimTime = SimTime(1 << 62);
    /// A moment that no run reaches.
    pub const NEVER: SimTime = SimTime(u64::MAX);

    /// The moment `nanos` nanoseconds after the beginning.
    pub const fn from_nanos(nanos: u64) -> Self {
        SimTime(nanos)
    }

    /// The moment `millis` milliseconds after the beginning.
    pub const fn from_millis(millis: u64) -> Self {
        SimTime(millis.saturating_mul(1_000_000))
    }

    /// Nanoseconds since the beginning.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Milliseconds since the beginning, for display.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The first moment in whole milliseconds that is not before this one.
    pub const fn ceil_to_millis(self) -> SimTime {
        SimTime::from_millis(self.0.div_ceil(1_000_000))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub const fn since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: SimDuration = SimDuration(0);
    /// Longer than any run.
    pub const MAX: SimDuration = SimDuration(u64::MAX);

    /// A length in nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        SimDuration(nanos)
    }

    /// A length in microseconds, at most [`SimDuration::MAX`].
    pub const fn from_micros(micros: u64) -> Self {
        SimDuration(micros.saturating_mul(1_000))
    }

    /// A length in milliseconds, at most [`SimDuration::MAX`].
    pub const fn from_millis(millis: u64) -> Self {
        SimDuration(millis.saturating_mul(1_000_000))
    }

    /// A length in seconds, at most [`SimDuration::MAX`].
    pub const fn from_secs(secs: u64) -> Self {
        SimDuration(secs.saturating_mul(1_000_000_000))
    }

    /// The nearest length to `nanos`; zero for anything below, and for NaN.
    pub fn from_nanos_f64(nanos: f64) -> Self {
        SimDuration((nanos + 0.5) as u64)
    }

    /// Length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Length in milliseconds, for display.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This length times `permille` thousandths, rounded down: 2,500 stretches it two and a half times.
    pub const fn scaled_permille(self, permille: u32) -> Self {
        if permille == 1000 {
            return self;
        }
        let scaled = self.0 as u128 * permille as u128 / 1000;
        SimDuration(if scaled > u64::MAX as u128 {
            u64::MAX
        } else {
            scaled as u64
        })
    }

    /// This length `times` times, at most [`SimDuration::MAX`].
    pub const fn times(self, times: u64) -> Self {
        SimDuration(self.0.saturating_mul(times))
    }

    /// The sum, at most [`SimDuration::MAX`].
    pub const fn saturating_add(self, other: SimDuration) -> Self {
        SimDuration(self.0.saturating_add(other.0))
    }

    /// The difference, at least zero.
    pub const fn saturating_sub(self, other: SimDuration) -> Self {
        SimDuration(self.0.saturating_sub(other.0))
    }
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, length: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(length.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, length: SimDuration) {
        *self = *self + length;
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = SimTime;
    fn sub(self, length: SimDuration) -> SimTime {
        SimTime(self.0.saturating_sub(length.0))
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        self.saturating_add(other)
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SimDuration(self.0).fmt(f)
    }
}

/// The largest unit that leaves no more than three digits before the point: `80ms`, `2.35s`.
impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match self.0 {
            0 => return f.write_str("0s"),
            1_000_000_000.. => (1_000_000_000, "s"),
            1_000_000.. => (1_000_000, "ms"),
            1_000.. => (1_000, "us"),
            _ => (1, "ns"),
        };
        let (whole, rest) = (self.0 / unit, self.0 % unit);
        if rest == 0 {
            return write!(f, "{whole}{name}");
        }
        let digits = unit.ilog10() as usize;
        let fraction = format!("{rest:0digits$}");
        write!(f, "{whole}.{}{name}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_print_exactly_in_their_largest_unit() {
        for (nanos, text) in [
            (0, "0s"),
            (7, "7ns"),
            (1_500, "1.5us"),
            (80_000_000, "80ms"),
            (2_350_000_000, "2.35s"),
            (1_000_000_001, "1.000000001s"),
        ] {
            assert_eq!(SimDuration::from_nanos(nanos).to_string(), text);
        }
    }

    #[test]
    fn scaling_saturates_instead_of_wrapping() {
        assert_eq!(SimDuration::MAX.scaled_permille(2000), SimDuration::MAX);
        assert_eq!(
            SimDuration::from_millis(10).scaled_permille(2500),
            SimDuration::from_millis(25)
        );
    }
}
