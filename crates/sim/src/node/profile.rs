//! A node's settings and clocks, without its protocol.

use crate::node::clock::{Interval, MonotonicClock, Rate, Uncertainty, WallClock, Wobble};
use crate::node::ntp::NtpState;
use crate::node::{DiskProfile, NtpProfile, ProcessProfile};
use crate::time::{SimDuration, SimTime};

/// The settings of a node, without those of its protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeProfile {
    /// How far its wall clock is ahead at the beginning, in nanoseconds.
    pub skew: i64,
    /// How fast its wall clock runs.
    pub drift: Rate,
    /// A periodic error of its wall clock.
    pub wobble: Option<Wobble>,
    /// How fast its monotonic clock runs.
    pub monotonic_rate: Rate,
    /// How its interval clock bounds its wall clock's error.
    pub uncertainty: Uncertainty,
    /// How its wall clock is synchronised. A server that does not exist is none.
    pub ntp: Option<NtpProfile>,
    /// How fast it works.
    pub process: ProcessProfile,
    /// Its disk.
    pub disk: DiskProfile,
}

/// The clocks of a node. A crash is the machine's: its wall clock runs on, kept by a battery, and its monotonic clock
/// begins at 0 again when it restarts.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// The clock that claims to know the time of day.
    pub wall: WallClock,
    /// The clock that measures lengths, since the run began.
    pub(crate) monotonic: MonotonicClock,
    /// What it showed when the node last started.
    booted: i64,
    /// How the interval clock bounds the wall clock's error.
    pub uncertainty: Uncertainty,
    /// What the monotonic clock showed when the wall clock was last synchronised.
    pub(crate) synced: i64,
    /// What a slew had still to do when the clock was last right, as far as the node knows: nothing once it has slewed,
    /// and what an earlier slew had left if it has stepped since. What the slew does of that makes the clock wrong.
    pub(crate) unslewed_when_right: i64,
    pub(crate) ntp: NtpState,
}

impl Clocks {
    pub(crate) fn new(node: &NodeProfile) -> Clocks {
        Clocks {
            wall: WallClock::new(node.skew, node.drift, node.wobble),
            monotonic: MonotonicClock::new(node.monotonic_rate),
            booted: 0,
            uncertainty: node.uncertainty,
            synced: 0,
            unslewed_when_right: 0,
            ntp: NtpState::new(node.ntp),
        }
    }

    /// What the node's monotonic clock shows at the true time `now`: nanoseconds since the node last started.
    pub fn monotonic(&self, now: SimTime) -> i64 {
        self.monotonic.read(now).saturating_sub(self.booted)
    }

    /// Names the node's present life: 0 in its first, and more in each that begins at a later moment.
    pub fn boot(&self) -> i64 {
        self.booted
    }

    /// How far a slew under way keeps the clock from where its node believes it should be.
    fn correcting(&self, now: SimTime) -> i64 {
        let left = self.wall.unslewed(now);
        left.saturating_sub(self.unslewed_when_right)
    }

    /// The node starts again.
    pub(crate) fn restart(&mut self, now: SimTime) {
        self.booted = self.monotonic.read(now);
    }

    /// What the interval clock answers at the true time `now`.
    pub fn interval(&self, now: SimTime) -> Interval {
        let age = self.monotonic.read(now).saturating_sub(self.synced).max(0) as u64;
        let bound = self
            .uncertainty
            .bound(SimDuration::from_nanos(age))
            .saturating_add(self.correcting(now).saturating_abs());
        let reading = self.wall.read(now);
        Interval {
            earliest: reading.saturating_sub(bound),
            latest: reading.saturating_add(bound),
        }
    }
}
