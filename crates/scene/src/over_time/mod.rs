//! What a run's trace says over time.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`chronicle`] | the states of nodes, the readings of clocks, and the moments worth a mark |
//! | [`series`] | curves over the time of a run |

pub mod chronicle;
pub mod series;

/// So many events before the present are looked through at most for something that is told of it: a moment of a storm has
/// more, and nobody could tell them apart.
pub(crate) const LOOKED_BACK: usize = 100_000;
