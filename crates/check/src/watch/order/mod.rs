//! Checks of order: causes come before their effects.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`causal_order`](CausalOrder) | an answer is shown after its question |
//! | [`snapshot_order`](SnapshotOrder) | who sees a write sees what had ended before it |
//! | [`told_order`](ToldOrder) | what is said to have happened first did happen first |

mod causal_order;
mod snapshot_order;
mod told_order;

pub use causal_order::CausalOrder;
pub use snapshot_order::SnapshotOrder;
pub use told_order::{Telling, ToldOrder};
