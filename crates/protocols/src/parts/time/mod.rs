//! Logical clocks, correcting a wall clock, and durations that are drawn.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`hybrid_clock`] | timestamps that respect cause and effect, and stay close to the wall clock |
//! | [`version_vector`] | which events of each node are known |
//! | [`clock_correction`] | correcting a wall clock, by a jump or slowly |
//! | [`spread`] | durations that are drawn, so that nodes do not act in step |

pub mod clock_correction;
pub mod hybrid_clock;
pub mod spread;
pub mod version_vector;
