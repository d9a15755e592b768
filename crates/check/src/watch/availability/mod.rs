//! Checks of service during faults and after them.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`available`](Available) | operations are answered during faults too |
//! | [`counts_right`](CountsRight) | the numbers that readers are told are right during faults too |
//! | [`dead_are_found`](DeadAreFound) | crashed nodes are found |
//! | [`goodput`](GoodputRecovers) | after a fault, as much gets done as before |
//! | `majority` | whether a client reaches whichever server can lead a majority |
//! | [`no_false_alarm`](NoFalseAlarm) | running nodes are not treated as dead |
//! | [`recovers_within`](RecoversWithin) | after the last fault, clients are served again |

mod available;
mod counts_right;
mod dead_are_found;
mod goodput;
mod majority;
mod no_false_alarm;
mod recovers_within;

pub use available::Available;
pub use counts_right::CountsRight;
pub use dead_are_found::DeadAreFound;
pub use goodput::{Demand, GoodputRecovers};
pub use no_false_alarm::NoFalseAlarm;
pub use recovers_within::RecoversWithin;
