//! The kernel of Slowfire: a deterministic simulation of nodes that talk over a network that fails.
//!
//! A run is a pure function of its setup, its seed and what is done to it: the same trace, bit for bit, on any machine.
//!
//! A whole protocol, and a run of it in which the network loses half of all messages:
//!
//! ```
//! use sim::network::LinkProfile;
//! use sim::random::Probability;
//! use sim::trace::{EventKind, Trace};
//! use sim::{Context, NodeId, Protocol, Setup, SimDuration, SimTime, TimerId, World};
//!
//! /// Node 0 pings node 1, and pings again after 100 ms without an answer.
//! #[derive(Clone, Default, Hash)]
//! struct Node {
//!     retry: Option<TimerId>,
//! }
//!
//! #[derive(Clone, Hash)]
//! enum Message {
//!     Ping,
//!     Pong,
//! }
//!
//! impl Node {
//!     fn ping(&mut self, context: &mut Context<'_, Self>) {
//!         context.send(NodeId(1), Message::Ping);
//!         self.retry = Some(context.set_timer(SimDuration::from_millis(100), ()));
//!     }
//! }
//!
//! impl Protocol for Node {
//!     type Message = Message;
//!     type Timer = ();
//!     type Record = ();
//!
//!     sim::vocabulary! {
//!         messages {
//!             Message::Ping => Request "ping" [] { label: "ping", says: "are you there?" }
//!             Message::Pong => Reply "pong" [] { label: "pong", says: "I am" }
//!         }
//!         timers { () => timeout "no answer, so it asks again" }
//!     }
//!
//!     fn on_start(&mut self, context: &mut Context<'_, Self>) {
//!         if context.me() == NodeId(0) {
//!             self.ping(context);
//!         }
//!     }
//!
//!     fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
//!         match message {
//!             Message::Ping => context.send(from, Message::Pong),
//!             Message::Pong => {
//!                 if let Some(timer) = self.retry.take() {
//!                     context.cancel_timer(timer);
//!                 }
//!             }
//!         }
//!     }
//!
//!     fn on_timer(&mut self, _: (), context: &mut Context<'_, Self>) {
//!         self.ping(context);
//!     }
//! }
//!
//! let link = LinkProfile {
//!     loss: Probability::new(0.5),
//!     ..LinkProfile::ideal(SimDuration::from_millis(20))
//! };
//! let seed = 1;
//! let mut world = World::new(&Setup::new(seed, link, 2), vec![Node::default(); 2]);
//! let mut trace = Trace::full();
//! world.run_until(SimTime::from_millis(1_000), &mut trace);
//!
//! // The same seed yields the same run, on any machine: the first ping is lost, the second is answered.
//! let kinds: Vec<EventKind> = trace.events().iter().map(|event| event.kind).collect();
//! use EventKind::{Deliver, Lost, Send, Start, TimerFired};
//! assert_eq!(kinds, [Start, Send, Start, Lost, TimerFired, Send, Deliver, Send, Deliver]);
//!
//! // Every event has its cause: back from the answer's arrival to the beginning.
//! let mut causes = vec![trace.events().len() - 1];
//! while let Some(cause) = trace.events()[causes[causes.len() - 1]].cause.some() {
//!     causes.push(cause.index());
//! }
//! assert_eq!(causes, [8, 7, 6, 5, 4, 0]);
//! ```
//!
//! | room | its subject |
//! | --- | --- |
//! | [`protocol`] | what a protocol is, [its words](mod@vocabulary), and [`Context`], what its nodes can do |
//! | [`world`](World) | a protocol's nodes on the kernel, advanced one event at a time, and what is done to them |
//! | [`kernel`](Kernel) | all of a run that does not depend on its protocol |
//! | [`action`] | what can be done to a run from outside |
//! | [`network`] | what happens to a message between its sending and its arrival |
//! | [`node`](NodeProfile) | processes, [clocks](clock), timers and [disks](Disk) |
//! | [`time`](SimTime) | virtual time in integer nanoseconds, and the queue of what is due |
//! | [`random`] | keyed random streams |
//! | [`trace`] | what happened, with causes; facts; the digest; [what happened before what](causality) |
//! | [`timeline`](Timeline) | playing, seeking, stepping, forking, by keyframes and replay |
//! | `collections` | maps and sets as [`sorted`] vectors, [`sorting`], and what collections [hold](held) |
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
pub use collections::{held, sorted, sorting};
pub use id::{EventId, MessageId, NodeId};
pub use kernel::Kernel;
pub use network::{Flight, Place};
pub use node::{
    Clocks, Disk, DiskProfile, NodeProfile, NtpProfile, ProcessProfile, Status, Stored, Timer,
    TimerId, clock,
};
pub use protocol::{Context, Protocol, vocabulary};
pub use time::{SimDuration, SimTime};
pub use timeline::{
    Bounds, Branch, Copies, Gauge, Observer, Timeline, WORK_PER_TURN, conclude, is_more_due, turn,
};
pub use trace::causality;
pub use world::{Machine, Setup, World};
