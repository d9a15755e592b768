//! Liveness, and figures that are reported rather than judged.

mod availability;
mod latency;
mod progress;
mod work;

pub use availability::{Interval, availability};
pub use latency::{Latency, Quantile};
pub use progress::{Progress, recovery};
pub use work::{Attempt, Work};
