//! Figures that are reported rather than judged.

mod availability;
mod latency;
mod work;

pub use availability::{Availability, Interval};
pub use latency::{Latency, Quantile};
pub use work::{Attempt, Work};
