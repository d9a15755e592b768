//! Transactions: what happens in several places, or in several steps, as if it were one.
//!
//! | protocol | its subject |
//! | --- | --- |
//! | [`two_phase_commit`] | banks that all do their part of a transfer, or none of them |

pub mod two_phase_commit;
