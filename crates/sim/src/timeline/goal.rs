//! Where the cursor of a run may be bound for.

use crate::id::NodeId;
use crate::time::SimTime;

/// Where the cursor is bound for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    /// A moment, after all that happens at it.
    Moment(SimTime),
    /// The first moment at which so many events have happened; the last event if there are fewer.
    Count(u32),
    /// The event after so many; the end if there is none.
    Next(u32),
    /// The next interesting event; the end if there is none.
    NextInteresting {
        /// How many violations were seen before.
        violations: usize,
    },
    /// The next interesting event of this node's own past; the end if there is none.
    NextNoticed(NodeId),
    /// Back to before the turn of the latest of `here` events, or from there on to the interesting event before it.
    Back { here: u32, is_far: bool },
}
