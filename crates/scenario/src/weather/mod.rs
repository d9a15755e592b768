//! The weather that a lab's claims withstand: which faults, how strong, and what a run in such weather shows.
//!
//! | module | its subject |
//! | --- | --- |
//! | `fault` | the kinds of faults, one row each |
//! | `claim` | what a claim withstands, as a lab's file says it |
//! | `draw` | some of that weather, as the query of a link; `dice`: its draws |
//!
//! Weather is knobs and deeds, as links have them, so that every run of a sweep (`run::sweep`) is a link that a reader can open.

mod claim;
mod dice;
mod draw;
mod fault;

pub use claim::Withstood;
pub(crate) use claim::{excepted, withstood};
pub use draw::{clears, crash, is_early, near, query};
pub use fault::{Fault, FaultEntry, MOST_FAULTS};
