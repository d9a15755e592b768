//! Checks of what clients asked for and were told.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`consistent`](Consistent) | what clients are told is consistent |
//! | [`effect_times`](EffectTimes) | every effect that was asked for happens, and happens once |
//! | [`ends_within`](EndsWithin) | every operation ends |
//! | [`enough_good`](EnoughGood) | enough answers come, and while somebody waits for them |
//! | [`money_conserved`](MoneyConserved) | the books show what was charged |
//! | [`no_false_failure`](NoFalseFailure) | what a client reports as failed did not happen |
//! | [`tail_latency`](TailLatency) | answers come soon |

mod consistent;
mod effect_times;
mod ends_within;
mod enough_good;
mod money_conserved;
mod no_false_failure;
mod tail_latency;

pub use consistent::Consistent;
pub use effect_times::{EffectTimes, Times};
pub use ends_within::EndsWithin;
pub use enough_good::{Counted, EnoughGood};
pub use money_conserved::MoneyConserved;
pub use no_false_failure::NoFalseFailure;
pub use tail_latency::TailLatency;
