//! Checks of what clients asked for and were told.
//!
//! - `answers`: enough answers are good ([`EnoughGood`]), and they come soon ([`TailLatency`])
//! - [`consistent`](Consistent): what clients are told is consistent
//! - [`effect_times`](EffectTimes): every effect that was asked for happens, and happens once
//! - [`ends_within`](EndsWithin): every operation ends
//! - [`money_conserved`](MoneyConserved): the books show what was charged
//! - [`no_false_failure`](NoFalseFailure): what a client reports as failed did not happen

mod answers;
mod consistent;
mod effect_times;
mod ends_within;
mod money_conserved;
mod no_false_failure;

pub use answers::{Counted, EnoughGood, TailLatency};
pub use consistent::Consistent;
pub use effect_times::{EffectTimes, Times};
pub use ends_within::EndsWithin;
pub use money_conserved::MoneyConserved;
pub use no_false_failure::NoFalseFailure;
