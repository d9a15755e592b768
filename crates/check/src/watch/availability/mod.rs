//! Checks of service during faults and after them.
//!
//! - [`available`](Available): operations are answered during faults too
//! - [`counts_right`](CountsRight): the numbers that readers are told are right during faults too
//! - `detection`: crashed nodes are found ([`DeadAreFound`]), and running ones are not suspected ([`NoFalseAlarm`])
//! - [`goodput`](GoodputRecovers): after a fault, as much gets done as before
//! - [`recovers_within`](RecoversWithin): after the last fault, clients are served again

mod available;
mod counts_right;
mod detection;
mod goodput;
mod recovers_within;

pub use available::Available;
pub use counts_right::CountsRight;
pub use detection::{DeadAreFound, NoFalseAlarm};
pub use goodput::{Demand, GoodputRecovers};
pub use recovers_within::RecoversWithin;
