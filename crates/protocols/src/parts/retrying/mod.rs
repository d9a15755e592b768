//! What keeps retries in bounds, so that clients do not overload a server that is slow already.
//!
//! | module | its subject |
//! | --- | --- |
//! | `backoff` | a client waits longer after each failure in a row |
//! | `breaker` | a client that sees too many failures makes no calls for a while |
//! | `budget` | retries are a small share of calls |

mod backoff;
mod breaker;
mod budget;

pub use backoff::Backoff;
pub use breaker::{Breaker, Leave, State};
pub use budget::Budget;
