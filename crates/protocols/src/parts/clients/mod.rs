//! Operations of clients: their numbers, attempts and timers, and what keeps retries in bounds.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`numbers`] | the numbers of a client's operations |
//! | `incarnation` | telling a node's lives apart |
//! | [`open`] | an operation of a client that has not ended |
//! | [`caller`] | clients that ask one server after the other |
//! | [`backoff`], [`breaker`], [`budget`] | what keeps retries in bounds |

pub mod backoff;
pub mod breaker;
pub mod budget;
pub mod caller;
pub(crate) mod incarnation;
pub mod numbers;
pub mod open;
