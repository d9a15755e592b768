//! The kernel of Slowfire: a deterministic simulation of nodes that talk over a network that fails.
//!
//! A run is a pure function of its setup, its seed and what is done to it: the same trace, bit for bit, on any machine.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`time`](SimTime) | virtual time in integer nanoseconds |
//! | [`random`] | keyed random streams |
//! | `queue` | what is due, in the order of (time, sequence) |
//! | [`network`] | what happens to a message between sending and arrival |
//! | [`clock`] | clocks that lie, and `ntp` that corrects them |
//! | [`process`](Status) | single-threaded nodes with a service time and an inbox |
//! | [`disk`](Disk) | writes that are not durable until they are synced |
//! | [`protocol`] | what a protocol is, and [`Context`], what it can do |
//! | [`trace`] | what happened, with causes; facts; the digest |
//! | `kernel` | all of a run that does not depend on its protocol |
//! | [`world`](World) | a protocol's nodes on the kernel |
//! | [`timeline`](Timeline) | playing, seeking, stepping, forking, by keyframes and replay; `machine` is what it drives |
//! | [`action`] | what can be done to a run from outside; `intervene` does it |

pub mod action;
pub mod clock;
mod context;
mod disk;
mod id;
mod intervene;
mod kernel;
mod machine;
pub mod network;
mod ntp;
mod process;
pub mod protocol;
mod queue;
pub mod random;
mod time;
mod timeline;
pub mod trace;
mod world;

pub use action::{Action, Intervention, Target};
pub use context::Context;
pub use disk::{Disk, DiskProfile, Stored};
pub use id::{EventId, MessageId, NodeId};
pub use kernel::{Clocks, Flight, Kernel, NodeProfile, Place, Timer, TimerId};
pub use machine::{Machine, Observer};
pub use ntp::NtpProfile;
pub use process::{ProcessProfile, Status};
pub use protocol::Protocol;
pub use time::{SimDuration, SimTime};
pub use timeline::{Bounds, Branch, Timeline};
pub use world::{Setup, World};
