//! Exponential backoff: what fails waits, twice as long after each failure in a row (Metcalfe and Boggs, *Ethernet*, CACM
//! 19(7), 1976; for calls between services, gRPC's proposal A6, *client retries*).

use sim::SimDuration;
use sim::network::Distribution;

/// The lengths to wait.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Backoff {
    /// The length after the first failure.
    pub base: SimDuration,
    /// The longest length.
    pub cap: SimDuration,
    /// Whether the length is drawn at random, so that clients that failed together do not come back together.
    pub has_jitter: bool,
}

impl Backoff {
    /// The length after `failures` in a row, before jitter; zero if there was none.
    pub fn bound(&self, failures: u32) -> SimDuration {
        if failures == 0 {
            return SimDuration::ZERO;
        }
        let doublings = (failures - 1).min(32);
        let nanos = u128::from(self.base.as_nanos()) << doublings;
        let bound = SimDuration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        bound.min(self.cap)
    }

    /// What the length after `failures` in a row is drawn from: jitter spreads it evenly over half to one and a half
    /// times the bound.
    pub fn after(&self, failures: u32) -> Distribution {
        let bound = self.bound(failures);
        if self.has_jitter {
            Distribution::Uniform {
                low: bound.scaled_permille(500),
                high: bound.scaled_permille(1500),
            }
        } else {
            Distribution::Constant(bound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::network::Latency;

    const BACKOFF: Backoff = Backoff {
        base: SimDuration::from_millis(100),
        cap: SimDuration::from_millis(1000),
        has_jitter: false,
    };

    #[test]
    fn it_doubles_up_to_its_cap() {
        let millis = [0, 100, 200, 400, 800, 1000, 1000];
        for (failures, millis) in (0..).zip(millis) {
            let bound = BACKOFF.bound(failures);
            assert_eq!(bound, SimDuration::from_millis(millis), "{failures}");
        }
        assert_eq!(BACKOFF.bound(u32::MAX), BACKOFF.cap);
    }

    #[test]
    fn jitter_spreads_it_around_the_same_mean() {
        let jittered = Backoff {
            has_jitter: true,
            ..BACKOFF
        };
        let draw = |bits| Latency::of(jittered.after(2)).sample(bits);
        assert_eq!(draw(0), SimDuration::from_millis(100));
        assert_eq!(draw(1 << 63), SimDuration::from_millis(200));
        assert!(draw(u64::MAX) < SimDuration::from_millis(300));
    }
}
