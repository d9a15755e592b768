//! Checks: was a run correct? Judged from its clients' histories, without a line of any
//! protocol's code.
//!
//! - [`value`], [`history`]: what the clients called and were told, and when.
//! - [`model`]: what each kind of object does when one client uses it alone.
//! - [`linear`]: linearizability of whole histories.
//! - [`verdict`]: what a check says.
//! - [`generate`]: histories made to order, for tests and benchmarks.
//! - [`budget`]: how much a search may cost; past it the verdict is *unknown*.

#![forbid(unsafe_code)]

pub mod budget;
pub mod generate;
pub mod history;
pub mod linear;
mod machine;
pub mod model;
pub mod value;
pub mod verdict;
