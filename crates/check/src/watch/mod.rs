//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `verdict`: what a check says
//! - `phrase`: how sentences write numbers, names and times
//! - [`ends_within`](EndsWithin): every operation ends
//! - [`exactly_once`](ExactlyOnce): every effect that was asked for happens, and once
//! - [`no_false_failure`](NoFalseFailure): what a client calls failed did not happen

mod ends_within;
mod exactly_once;
mod no_false_failure;
mod phrase;
mod verdict;

pub use ends_within::EndsWithin;
pub use exactly_once::ExactlyOnce;
pub use no_false_failure::NoFalseFailure;
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
