//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `verdict`: what a check says
//! - `faults`: which faults are in force
//! - `phrase`: how sentences write numbers, names and times
//! - [`consistent`](Consistent): what clients are told is consistent
//! - [`detection`](NoFalseAlarm): the dead are found, and the living are not declared dead
//! - [`exactly_once`](ExactlyOnce): every effect that was asked for happens, and once
//! - [`goodput`](GoodputRecovers): once a fault is over, as much gets done as before

mod consistent;
mod detection;
mod exactly_once;
mod faults;
mod goodput;
mod phrase;
mod verdict;

pub use consistent::Consistent;
pub use detection::{DeadAreFound, NoFalseAlarm};
pub use exactly_once::ExactlyOnce;
pub use goodput::{Demand, GoodputRecovers};
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
