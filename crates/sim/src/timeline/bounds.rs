//! How long a run may last, and how much memory its past may take.

use crate::time::SimTime;

/// Bounds of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// When the run ends; [`SimTime::LATEST`] if this lies beyond.
    pub end: SimTime,
    /// How many events it may have; it stops after the turn that reaches it.
    pub events: u32,
    /// Bytes of memory that all of it may take together: the run, its trace and its keyframes. Keyframes are thinned out to
    /// stay within them, then the observer gives up, then the run stops.
    pub memory: usize,
    /// Bytes that keyframes may take at most, without the one of the beginning.
    pub keyframe_bytes: usize,
    /// How many events lie between keyframes at least; more where keyframes are large or their budget is small.
    pub keyframe_events: u32,
}

impl Bounds {
    /// How many events between keyframes suit most runs: replaying them takes well under a millisecond.
    pub const KEYFRAME_EVENTS: u32 = 2048;

    /// Bytes that what is done on all futures may take.
    pub(super) fn most_scripts(&self) -> usize {
        self.memory / 16
    }
}
