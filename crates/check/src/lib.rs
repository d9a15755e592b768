//! Checks: was a run correct? Judged from its clients' histories, without a line of any
//! protocol's code.
//!
//! - [`value`], [`history`]: what the clients called and were told, and when.
//! - [`model`]: what each kind of object does when one client uses it alone.
//! - [`linear`], [`sequential`], [`causal`], [`session`], [`convergence`]: the consistencies, from
//!   strong to weak.
//! - [`effects`]: what must be true of effects. [`figures`]: availability, latency, wasted work.
//! - [`mod@format`]: histories as text. [`verify`]: a text, a question, an answer.
//! - [`watch`]: checks that watch a run as it goes.
//! - [`verdict`]: what a check says.
//! - [`budget`]: how much a search may cost; past it the verdict is *unknown*.
//! - [`generate`]: histories made to order, for tests and benchmarks.

#![forbid(unsafe_code)]

pub mod budget;
pub mod causal;
pub mod convergence;
pub mod effects;
pub mod figures;
pub mod format;
pub mod generate;
pub mod history;
pub mod linear;
mod machine;
pub mod model;
pub mod sequential;
pub mod session;
pub mod value;
pub mod verdict;
pub mod verify;
mod versions;
pub mod watch;
