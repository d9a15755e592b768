//! Protocols that are written in JavaScript.
//!
//! A script is one module. [`entry`] reads it and makes a [`ProtocolEntry`](protocols::ProtocolEntry) of it, as every
//! protocol in Rust has one; from there on a script is a protocol like any other. Its nodes are [`Script`]s.
//!
//! | module | its subject |
//! | --- | --- |
//! | `source` | the text of a script: what it may not contain, and how its `export`s become a function |
//! | `program` | what a script declares: roles, words, parameters, defences |
//! | `entry` | a script as a protocol: its entry, and how its nodes are built |
//! | `carried` | what its messages, timers and disks carry |
//! | `data` | plain data: what a state, a message, a timer and a record can be, as bytes |
//! | `engine` | the JavaScript engine: a realm without a host, limits by count, one call for each event |
//! | `turn` | what a node sees while it handles something, and what it asks for |
//! | `node` | the nodes of a script, behind the kernel's `Protocol` |
//! | `facts` | facts by their names |
//! | `flaw` | what is wrong with a script, and where |
//! | `limits` | the bounds of all that a script can do |
//!
//! # Why every event is handled by a module of its own
//!
//! A run can go back: its nodes are cloned, and what a script keeps outside of `ctx.state` would not come along. So there
//! is no such place. The realm is frozen, and the body of the module runs anew for each event, which costs a few
//! microseconds: what it declares at its top lives as long as one event. The state is written as bytes after each event and
//! read before the next, so that what comes of an event depends on those bytes alone.

#![deny(unsafe_code)]

mod carried;
mod data;
mod engine;
mod entry;
mod facts;
mod flaw;
pub mod limits;
mod node;
mod program;
mod source;
mod turn;

pub use entry::{document_of, entry};
pub use flaw::Flaw;
pub use node::Script;
