//! Clocks: correcting them, asking others for the time, and timestamps that need none.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`correction`] | correcting a wall clock, by a jump or slowly |
//! | [`logical_time`] | timestamps that respect cause and effect |
//! | [`time_samples`] | what a node can know about the time from servers that it asks |

pub mod correction;
pub mod logical_time;
pub mod time_samples;
