//! What a directed link does to the messages that cross it.

use super::latency::{Distribution, Latency};
use crate::random::Probability;
use crate::time::SimDuration;

/// The settings of one directed link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkProfile {
    /// How long a message travels.
    pub latency: Latency,
    /// The chance that a copy is lost, each on its own.
    pub loss: Probability,
    /// Losses that come in bursts.
    pub bursts: Option<Bursts>,
    /// Extra copies of messages.
    pub duplication: Duplication,
    /// Bits that flip on the way.
    pub corruption: Corruption,
    /// Whether messages may overtake each other.
    pub ordering: Ordering,
    /// How many bytes pass, and how many may wait. `None` is no limit.
    pub bandwidth: Option<Bandwidth>,
}

/// Bursty loss by Gilbert and Elliott: the link is in a good or a bad state and may change it before each message
/// (Gilbert, *Capacity of a burst-noise channel*, 1960; Elliott, *Estimates of error rates for codes on burst-noise
/// channels*, 1963). In the long run a share `to_bad / (to_bad + to_good)` of messages meets the bad state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bursts {
    /// The chance to turn bad before a message.
    pub to_bad: Probability,
    /// The chance to turn good again: bursts last `1 / to_good` messages on average.
    pub to_good: Probability,
    /// The chance of loss in the bad state (the good state loses by [`LinkProfile::loss`] alone).
    pub loss_when_bad: Probability,
}

/// Duplicates: each message may be copied, and each copy travels on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duplication {
    /// The chance that a message is duplicated.
    pub probability: Probability,
    /// How many extra copies there are then.
    pub copies: u8,
    /// An extra copy is delayed by its own latency and by up to this beyond it, uniformly.
    pub spread: SimDuration,
}

/// Corruption: what a protocol calls corruptible is flipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corruption {
    /// The chance that a copy is corrupted.
    pub probability: Probability,
    /// Whether the transport's checksum notices and drops it. If not, the wrong bits are delivered.
    pub detected: bool,
}

/// Whether messages may overtake each other on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// Each message travels independently, as in UDP.
    Datagram,
    /// In order, as in TCP: what the link loses is sent again after `retransmit`, up to twelve times, and all that
    /// follows waits behind it (head-of-line blocking). What a filter, a cut, a full queue or a hand drops is not sent
    /// again.
    Fifo {
        /// How long until a lost message is sent again.
        retransmit: SimDuration,
    },
}

/// A bottleneck with a queue before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth {
    /// Bytes that pass per second. 0 counts as 1.
    pub bytes_per_sec: u64,
    /// Bytes that may wait. A message that does not fit is dropped (tail drop).
    pub queue_bytes: u64,
}

impl LinkProfile {
    /// A link that delivers everything, once, intact, after `latency`.
    pub const fn ideal(latency: SimDuration) -> LinkProfile {
        LinkProfile {
            latency: Latency::of(Distribution::Constant(latency)),
            loss: Probability::NEVER,
            bursts: None,
            duplication: Duplication {
                probability: Probability::NEVER,
                copies: 1,
                spread: SimDuration::ZERO,
            },
            corruption: Corruption {
                probability: Probability::NEVER,
                detected: true,
            },
            ordering: Ordering::Datagram,
            bandwidth: None,
        }
    }
}

impl Bandwidth {
    /// How long `bytes` take to pass.
    pub fn transmission(&self, bytes: u64) -> SimDuration {
        let nanos = u128::from(bytes) * NANOS_PER_SEC / u128::from(self.bytes_per_sec.max(1));
        SimDuration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// How many bytes pass in `length`.
    pub fn passed_in(&self, length: SimDuration) -> u64 {
        let bytes =
            u128::from(length.as_nanos()) * u128::from(self.bytes_per_sec.max(1)) / NANOS_PER_SEC;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

const NANOS_PER_SEC: u128 = 1_000_000_000;
