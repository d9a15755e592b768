//! The checkers: is a history consistent, and what contradicts it?
//!
//! From strong to weak:
//!
//! | module | its subject |
//! | --- | --- |
//! | [`linear`] | one order for each object, in real time |
//! | [`sequential`] | one order for all objects, in the order of each process |
//! | [`causal`] | effects after their causes |
//! | [`session`] | what one client may count on |
//! | [`convergence`] | all copies become the same |
//! | [`effects`] | what must be true of additions, money and queues |
//!
//! What they share:
//!
//! | module | its subject |
//! | --- | --- |
//! | [`conclusion`] | what a checker says |
//! | [`budget`] | how much a search may cost; past it the conclusion is *unknown* |
//! | `entries` | how a history is read that is still being written |
//! | `order` | an order that grows, and refuses what contradicts it |
//! | `possible` | results that no order explains, found without a search |
//! | `versions` | which write a read returned |

pub mod budget;
pub mod causal;
pub mod conclusion;
pub mod convergence;
pub mod effects;
mod entries;
pub mod linear;
mod order;
pub(crate) mod possible;
pub mod sequential;
pub mod session;
mod versions;
