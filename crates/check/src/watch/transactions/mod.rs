//! Checks of transactions.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`atomic_commitment`](AtomicCommitment) | all participants do their part, or none does |
//! | [`enough_set`](EnoughSet) | enough rows are set |
//! | [`lock_held_within`](LockHeldWithin) | no lock is held for too long |
//! | [`serializable`](Serializable) | one order of the transactions explains what they read |

mod atomic_commitment;
mod enough_set;
mod lock_held_within;
mod serializable;

pub use atomic_commitment::AtomicCommitment;
pub use enough_set::EnoughSet;
pub use lock_held_within::LockHeldWithin;
pub use serializable::Serializable;
