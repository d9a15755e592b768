//! The kernel of Slowfire: a deterministic simulation of nodes that talk over a network that fails.
//!
//! A run is a pure function of its setup, its seed and what is done to it: the same trace, bit for bit, on any machine.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`time`](SimTime) | virtual time in integer nanoseconds |
//! | [`random`] | keyed random streams |
//! | [`sorted`] | maps and sets as sorted vectors |
//! | [`sorting`] | sorting with little code |
//! | `queue` | what is due, in the order of (time, sequence) |
//! | [`network`] | what happens to a message between sending and arrival |
//! | [`clock`] | clocks that lie, and `ntp` that corrects them |
//! | [`process`](Status) | single-threaded nodes with a service time and an inbox |
//! | [`disk`](Disk) | writes that are not durable until they are synced |
//! | `node` | a node's settings and clocks |
//! | [`protocol`] | what a protocol is, and [`Context`], what it can do |
//! | [`mod@vocabulary`] | the listing of a protocol's words |
//! | [`trace`] | what happened, with causes; facts; the digest |
//! | [`causality`] | what happened before what |
//! | [`perspective`] | what one node knows |
//! | `kernel` | all of a run that does not depend on its protocol; `flight` and `timer` are its slots, `transit` moves messages |
//! | [`world`](World) | a protocol's nodes on the kernel; `handle` gives them what arrives, `tick` is what comes by itself |
//! | [`timeline`](Timeline) | playing, seeking, stepping, forking, by keyframes and replay; `machine` is what it drives |
//! | [`action`] | what can be done to a run from outside; `intervene` does it, `fault` does it to a node |

pub mod action;
mod cast;
pub mod causality;
pub mod clock;
mod context;
mod disk;
mod due;
mod fault;
mod flight;
mod handle;
mod id;
mod intervene;
mod kernel;
mod machine;
pub mod network;
mod node;
mod ntp;
pub mod perspective;
mod process;
pub mod protocol;
mod queue;
pub mod random;
pub mod sorted;
pub mod sorting;
mod stage;
mod tick;
mod time;
mod timeline;
mod timer;
pub mod trace;
mod transit;
pub mod vocabulary;
mod world;

pub use action::{Action, Intervention, Target};
pub use context::Context;
pub use disk::{Disk, DiskProfile, Stored};
pub use flight::{Flight, Place};
pub use id::{EventId, MessageId, NodeId};
pub use kernel::Kernel;
pub use machine::{Machine, Observer};
pub use node::{Clocks, NodeChange, NodeProfile};
pub use ntp::NtpProfile;
pub use process::{ProcessProfile, Status};
pub use protocol::Protocol;
pub use time::{SimDuration, SimTime};
pub use timeline::{Bounds, Branch, Timeline};
pub use timer::{Timer, TimerId};
pub use world::{Setup, World};
