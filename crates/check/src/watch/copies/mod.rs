//! Checks of copies and of the writes that they hold.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`acknowledged_survive`](AcknowledgedSurvive) | later reads find what was acknowledged |
//! | [`copies_agree`](CopiesAgree) | all copies become the same |
//! | [`lost_write`](LostWrite) | no write is dropped that should be kept |
//! | [`no_ghost_write`](NoGhostWrite) | no older write undoes an acknowledged one |
//! | [`reads_written`](ReadsWritten) | every value that is read was written |

mod acknowledged_survive;
mod copies_agree;
mod lost_write;
mod no_ghost_write;
mod reads_written;

pub use acknowledged_survive::AcknowledgedSurvive;
pub use copies_agree::CopiesAgree;
pub use lost_write::{LostWrite, Protected};
pub use no_ghost_write::NoGhostWrite;
pub use reads_written::ReadsWritten;
