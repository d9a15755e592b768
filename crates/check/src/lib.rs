//! Checks: was a run correct? Judged from its clients' histories, without a line of any
//! protocol's code.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`value`], [`history`] | what the clients called and were told, and when |
//! | [`mod@format`] | histories as text |
//! | [`generate`] | histories made to order, for tests and benchmarks |
//! | [`model`] | what each kind of object does when one client uses it alone |
//! | `machine` | models compiled for searching |
//! | [`consistency`] | the checkers of whole histories |
//! | [`verify`] | a text, a question, an answer |
//! | `names` | what can be named on the command line |
//! | [`quoted`] | how much of a stranger's text is quoted |
//! | [`watch`] | checks that watch a run as it goes |
//! | [`tally`] | availability, latency, wasted work |
//!
//! A client reads an old value after a newer one was acknowledged. No order of the calls explains that:
//!
//! ```
//! use check::consistency::budget::Budget;
//! use check::history::{Call, Function, History, Process, Time};
//! use check::consistency::linear::{Linearizability, check};
//! use check::model::Model;
//! use check::value::Value;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut history = History::new();
//! let (ann, bob) = (Process(1), Process(2));
//! let write = history.invoke(ann, Call::new(Function::Write, 7), Time(10))?;
//! history.ok(write, Value::Nil, Time(20))?;
//! let read = history.invoke(bob, Call::new(Function::Read, Value::Nil), Time(30))?;
//! history.ok(read, Value::Nil, Time(40))?;
//!
//! let Linearizability::Violated(counterexample) = check(&history, &Model::Register, Budget::default())? else {
//!     panic!("bob read nothing after 7 was acknowledged");
//! };
//! assert_eq!((counterexample.op, counterexample.at), (read, Time(40)));
//! assert_eq!(counterexample.against, [write]);
//!
//! // Had bob asked before the write was acknowledged, he might have been served first.
//! let mut history = History::new();
//! let write = history.invoke(ann, Call::new(Function::Write, 7), Time(10))?;
//! let read = history.invoke(bob, Call::new(Function::Read, Value::Nil), Time(15))?;
//! history.ok(write, Value::Nil, Time(20))?;
//! history.ok(read, Value::Nil, Time(40))?;
//! let Linearizability::Linearizable(witnesses) = check(&history, &Model::Register, Budget::default())? else {
//!     panic!("the two calls overlap");
//! };
//! assert_eq!(witnesses[0].order, [read, write]);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod consistency;
pub mod format;
pub mod generate;
pub mod history;
mod machine;
pub mod model;
mod names;
pub mod quoted;
mod table;
pub mod tally;
pub mod value;
pub mod verify;
pub mod watch;
