//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `verdict`: what a check says
//! - `faults`: which faults are in force
//! - `causality`: what happened before what
//! - `phrase`: how sentences write numbers, names and times
//! - [`consistent`](Consistent): what clients are told is consistent
//! - [`copies_agree`](CopiesAgree): all copies become the same
//! - [`exactly_once`](ExactlyOnce): every effect that was asked for happens, and once
//! - [`goodput`](GoodputRecovers): once a fault is over, as much gets done as before
//! - [`lost_write`](LostWrite): no write is dropped that should not be
//! - [`one_holder`](OneHolder): a lock has one holder at a time
//! - [`stale_write`](StaleWrite): no write of a holder that has been succeeded

mod causality;
mod consistent;
mod copies_agree;
mod exactly_once;
mod faults;
mod goodput;
mod lost_write;
mod one_holder;
mod phrase;
mod stale_write;
mod verdict;

pub use consistent::Consistent;
pub use copies_agree::CopiesAgree;
pub use exactly_once::ExactlyOnce;
pub use goodput::{Demand, GoodputRecovers};
pub use lost_write::{LostWrite, Protected};
pub use one_holder::OneHolder;
pub use stale_write::StaleWrite;
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
