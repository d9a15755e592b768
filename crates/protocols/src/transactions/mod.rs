//! Transactions: what happens in several places, or in several steps, as if it were one.
//!
//! | protocol | its subject |
//! | --- | --- |
//! | [`snapshot_isolation`] | a database in which each transaction reads a snapshot, and what that allows |
//! | [`two_phase_commit`] | banks that all do their part of a transfer, or none of them |

pub mod snapshot_isolation;
pub mod two_phase_commit;
