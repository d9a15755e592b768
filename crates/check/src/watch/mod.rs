//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `verdict`: what a check says
//! - `phrase`: how sentences write numbers, names and times
//! - [`exactly_once`](ExactlyOnce): every effect that was asked for happens, and once

mod exactly_once;
mod phrase;
mod verdict;

pub use exactly_once::ExactlyOnce;
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
