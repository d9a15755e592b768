//! Checks of clocks and timestamps.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`clock_bound`](ClockBound) | clocks are as right as their nodes say |
//! | [`clock_error`](ClockError) | clocks that were set are right |
//! | [`external_consistency`](ExternalConsistency) | timestamps follow true time |
//! | [`half_round_trip`](HalfRoundTrip) | what a node can know of another's clock |
//! | [`measured`](Measured) | measured lengths of time are right |

mod clock_bound;
mod clock_error;
mod external_consistency;
mod half_round_trip;
mod measured;

pub use clock_bound::ClockBound;
pub use clock_error::ClockError;
pub use external_consistency::ExternalConsistency;
pub use half_round_trip::HalfRoundTrip;
pub(in crate::watch) use half_round_trip::ahead;
pub use measured::Measured;
