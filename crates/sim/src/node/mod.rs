//! A node without its protocol: its process, its clocks, its timers and its disk.
//!
//! | file | its subject |
//! | --- | --- |
//! | `profile` | a node's settings, and its clocks together |
//! | `process` | a single thread with a service time and an inbox |
//! | [`clock`] | clocks that lie |
//! | `ntp` | the synchronisation of wall clocks, over the same network |
//! | `timer` | timers that are set |
//! | `disk` | writes that are not durable until they are synced |

pub mod clock;
mod disk;
mod ntp;
mod process;
mod profile;
mod timer;

pub use disk::{Disk, DiskProfile, Stored};
pub use ntp::NtpProfile;
pub use process::{ProcessProfile, Status};
pub use profile::{Clocks, NodeProfile};
pub use timer::{Timer, TimerId};

pub(crate) use disk::CrashDamage;
pub(crate) use process::{Process, Serving};
pub(crate) use timer::Timers;
