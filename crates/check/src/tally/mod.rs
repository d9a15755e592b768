//! What a tally counts: numbers that are reported rather than judged.
//!
//! | module | its subject |
//! | --- | --- |
//! | `availability` | how the calls of an interval of time ended |
//! | `latency` | how long calls took |
//! | `work` | how much of the work was in vain |

mod availability;
mod latency;
mod work;

pub use availability::{Availability, Interval};
pub use latency::{Latency, Quantile};
pub use work::{Attempt, Work};
