//! What protocols are made of: mechanisms that more than one of them uses. Those that talk lend their messages and timers
//! to the protocol that hosts them.

pub mod backoff;
pub mod breaker;
pub mod budget;
pub mod caller;
pub mod hybrid_clock;
pub(crate) mod incarnation;
pub mod numbers;
pub mod open;
pub mod phi;
pub mod quorum;
pub mod replicated_log;
pub mod term;
pub mod version_vector;
