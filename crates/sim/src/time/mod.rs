//! Time: moments and lengths in whole nanoseconds, and what is due when.
//!
//! | file | its subject |
//! | --- | --- |
//! | `instant` | [`SimTime`], a moment, and [`SimDuration`], a length |
//! | `queue` | what is due, in the order of (time, sequence) |
//! | `due` | what can be due, in the 32 bits that an entry of the queue has for it |

mod due;
mod instant;
mod queue;

pub use instant::{SimDuration, SimTime};

pub(crate) use due::{Due, Item};
pub(crate) use queue::{Entry, Queue};
