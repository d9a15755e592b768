//! A message between the stages: what is known of it on its way, and what becomes of each copy.

use crate::id::NodeId;
use crate::random::Key;
use crate::time::{SimDuration, SimTime};
use crate::trace::Loss;

/// A message that has passed the stages which decide for the message as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Journey {
    /// How many copies travel, at least 1.
    pub copies: u64,
    /// Where its link stands.
    pub(super) place: usize,
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// Its link's streams.
    pub(super) key: Key,
    /// Its number on the link.
    pub(super) k: u64,
    pub(super) sent: SimTime,
    /// When it has left the bottleneck.
    pub(super) departs: SimTime,
    /// What ended it already.
    pub(super) lost: Option<Loss>,
    pub(super) held: bool,
    pub(super) bad: bool,
}

/// What becomes of one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives, with these random bits to corrupt it if there are any.
    Arrives {
        at: SimTime,
        corruption: Option<u64>,
    },
    /// It ends at `at`; it was to arrive at `due`.
    Ends {
        at: SimTime,
        due: SimTime,
        why: Loss,
    },
    /// It waits at a cut. Once that has healed it travels so long, and then arrives or is lost.
    Held {
        travel: SimDuration,
        ends: Option<Loss>,
        corruption: Option<u64>,
    },
}
