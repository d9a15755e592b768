//! Checks of locks and leaders.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`one_holder`](OneHolder) | a lock has one holder at a time |
//! | [`one_leader_acts`](OneLeaderActs) | a leader that was succeeded acts no longer |
//! | [`stale_write`](StaleWrite) | a holder whose successor has opened writes no longer |

mod one_holder;
mod one_leader_acts;
mod stale_write;

pub use one_holder::OneHolder;
pub use one_leader_acts::OneLeaderActs;
pub use stale_write::StaleWrite;
