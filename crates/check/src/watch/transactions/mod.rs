//! Checks of transactions.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`atomic_commitment`](AtomicCommitment) | all participants do their part, or none does |
//! | [`lock_held_within`](LockHeldWithin) | no lock is held for too long |

mod atomic_commitment;
mod lock_held_within;

pub use atomic_commitment::AtomicCommitment;
pub use lock_held_within::LockHeldWithin;
