//! What happens to nodes and links, one word per fault.

use sim::clock::Rate;
use sim::trace::{ClockChange, EventKind, Limp, NetworkChange};

use super::Happening;

/// A node crashes.
pub(in crate::watch) const CRASHES: EventKind = EventKind::Crash;
/// A node is started again.
pub(in crate::watch) const RESTARTS: EventKind = EventKind::Restart;
/// A node is paused.
pub(in crate::watch) const PAUSES: EventKind = EventKind::Pause;
/// A node goes on.
pub(in crate::watch) const RESUMES: EventKind = EventKind::Resume;
/// A message to a node is lost.
pub(in crate::watch) const LOSES: EventKind = EventKind::Lost;
/// Nothing happens that any check looks at, but time goes by.
pub(in crate::watch) const NOTHING: EventKind = EventKind::Queued;

/// A node runs at this share of its speed, in thousandths of its usual time.
pub(in crate::watch) fn limps(per_mille: u32) -> Happening {
    Happening::of(Limp {
        permille: per_mille,
    })
}

/// A wall clock begins to be corrected by so many milliseconds, at so many parts per million.
pub(in crate::watch) fn slews(by: i64, ppm: i64) -> Happening {
    Happening::of(ClockChange::Slew {
        by: by * 1_000_000,
        rate: Rate::ppm(ppm),
    })
}

/// Links are cut, by the name of the cut.
pub(in crate::watch) fn cut(name: i64) -> Happening {
    Happening::of(NetworkChange::Cut { name })
}

/// The cut of this name is healed.
pub(in crate::watch) fn heal(name: i64) -> Happening {
    Happening::of(NetworkChange::Heal { name: Some(name) })
}

/// All cuts are healed.
pub(in crate::watch) fn heal_all() -> Happening {
    Happening::of(NetworkChange::Heal { name: None })
}
