//! Clock synchronisation: a node asks a server for the time and corrects its wall clock.
//!
//! One exchange gives four readings: asked (client), received and answered (server), got (client). The offset is
//! `((received - asked) + (answered - got)) / 2`, wrong by half the difference between the two ways
//! (Mills, *Network Time Protocol version 4*, RFC 5905, section 8). A large offset is stepped, a small one slewed.

use crate::id::NodeId;
use crate::node::clock::Rate;
use crate::time::SimDuration;

/// How a node's wall clock is synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NtpProfile {
    /// Which node it asks.
    pub server: NodeId,
    /// How often it asks, at most once per millisecond.
    pub poll: SimDuration,
    /// A larger offset is corrected by a jump.
    pub step_threshold: SimDuration,
    /// How fast a smaller one is corrected.
    pub slew: Rate,
}

/// What a node remembers from exchange to exchange.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NtpState {
    /// How the node synchronises; nothing if it does not.
    pub profile: Option<NtpProfile>,
    /// The reading at which it asked last, until the answer has come. Any other answer is late or a duplicate and is
    /// thrown away (RFC 5905, section 8: the origin timestamp must match).
    open: Option<i64>,
}

impl NtpState {
    /// A state before the first exchange.
    pub fn new(profile: Option<NtpProfile>) -> NtpState {
        NtpState {
            profile,
            open: None,
        }
    }

    /// A question leaves when the clock shows `reading`.
    pub fn ask(&mut self, reading: i64) {
        self.open = Some(reading);
    }

    /// An answer has come. Returns how far the server's clock is ahead, and how that is corrected; nothing if the answer
    /// is late or a duplicate.
    pub fn take_answer(
        &mut self,
        asked: i64,
        answered: i64,
        got: i64,
    ) -> Option<(i64, NtpProfile)> {
        let profile = self.profile?;
        if self.open != Some(asked) {
            return None;
        }
        self.open = None;
        Some((offset(asked, answered, got), profile))
    }
}

/// How far the server's clock is ahead: `((answered - asked) + (answered - got)) / 2`, at the ends of its range
/// saturated.
fn offset(asked: i64, answered: i64, got: i64) -> i64 {
    let twice = 2 * i128::from(answered) - i128::from(asked) - i128::from(got);
    (twice / 2).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
