//! What checks are made of.
//!
//! | module | its subject |
//! | --- | --- |
//! | `earliest` | which of many is the first that ended early enough |
//! | `faults` | which faults are in force |
//! | `found` | what a check first found to be wrong |
//! | `phrase` | how sentences write numbers, names and times |
//! | `share` | the share that is good of what begins during a fault |
//! | `trial` | histories for tests, told event by event |
//! | `under_way` | which operations are under way |

pub(super) mod earliest;
pub(super) mod faults;
pub(super) mod found;
pub(super) mod phrase;
pub(super) mod share;
#[cfg(test)]
pub(super) mod trial;
pub(super) mod under_way;
