//! Logical time: timestamps that respect cause and effect.
//!
//! | module | its subject |
//! | --- | --- |
//! | `hybrid_clock` | timestamps that also stay close to the wall clock |
//! | `version_vector` | which events of each node are known |

mod hybrid_clock;
mod version_vector;

pub use hybrid_clock::{HybridClock, HybridTime};
pub use version_vector::{Dot, VersionVector};
