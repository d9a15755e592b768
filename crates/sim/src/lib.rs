//! The kernel of Slowfire: a deterministic simulation of nodes that talk over a network that fails.
//!
//! A run is a pure function of its setup, its seed and what is done to it: the same trace, bit for bit, on any machine.
//!
//! | room | its subject |
//! | --- | --- |
//! | [`protocol`] | what a protocol is, the listing of its [words](mod@vocabulary), and [`Context`], what its nodes can do |
//! | [`world`](World) | a protocol's nodes on the kernel, advanced one event at a time, and what is done to them |
//! | [`kernel`](Kernel) | all of a run that does not depend on its protocol |
//! | [`action`] | what can be done to a run from outside |
//! | [`network`] | what happens to a message between its sending and its arrival |
//! | [`node`](NodeProfile) | processes, [clocks](clock), timers and [disks](Disk) |
//! | [`time`](SimTime) | virtual time in integer nanoseconds, and the queue of what is due |
//! | [`random`] | keyed random streams |
//! | [`trace`] | what happened, with causes; facts; the digest; [what happened before what](causality) |
//! | [`timeline`](Timeline) | playing, seeking, stepping, forking, by keyframes and replay |
//! | `collections` | maps and sets as [`sorted`] vectors, and [`sorting`] |
//! | [`id`](NodeId) | the names of nodes, messages and events |

pub mod action;
mod collections;
mod id;
mod kernel;
pub mod network;
mod node;
pub mod protocol;
pub mod random;
mod time;
mod timeline;
pub mod trace;
mod world;

pub use action::{Action, Intervention, NodeChange, Target};
pub use collections::{sorted, sorting};
pub use id::{EventId, MessageId, NodeId};
pub use kernel::Kernel;
pub use network::{Flight, Place};
pub use node::{
    Clocks, Disk, DiskProfile, NodeProfile, NtpProfile, ProcessProfile, Status, Stored, Timer,
    TimerId, clock,
};
pub use protocol::{Context, Protocol, vocabulary};
pub use time::{SimDuration, SimTime};
pub use timeline::{Bounds, Branch, Observer, Timeline};
pub use trace::causality;
pub use world::{Machine, Setup, World};
