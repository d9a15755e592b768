//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `verdict`: what a check says
//! - [`consistent`](Consistent): what clients are told is consistent
//! - [`exactly_once`](ExactlyOnce): every effect that was asked for happens, and once

mod consistent;
mod exactly_once;
mod verdict;

pub use consistent::Consistent;
pub use exactly_once::ExactlyOnce;
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
