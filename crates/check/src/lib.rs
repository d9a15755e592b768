//! Checks: was a run correct? Judged from its clients' histories, without a line of any
//! protocol's code.
//!
//! - [`value`], [`history`]: what the clients called and were told, and when.
//! - [`mod@format`]: histories as text. [`generate`]: histories made to order, for tests and benchmarks.
//! - [`model`]: what each kind of object does when one client uses it alone. `machine`: models compiled for searching.
//! - [`consistency`]: the checkers of whole histories.
//! - [`verify`]: a text, a question, an answer.
//! - [`watch`]: checks that watch a run as it goes.
//! - [`figures`]: availability, latency, wasted work.

#![forbid(unsafe_code)]

pub mod consistency;
pub mod figures;
pub mod format;
pub mod generate;
pub mod history;
mod machine;
pub mod model;
pub mod value;
pub mod verify;
pub mod watch;

pub use consistency::{
    budget, causal, conclusion, convergence, effects, linear, sequential, session,
};
