//! The bounds of a document: it may come from a stranger.

use protocols::{ParameterSpec, Quantity};

use crate::quantity::Range;

/// The only version of the document so far.
pub const VERSION: f64 = 1.0;

/// How many nodes a scenario may have.
pub const MOST_NODES: usize = 128;

/// A second in nanoseconds.
pub(super) const SECOND: f64 = 1e9;

/// What latencies and jitter may be.
pub const LATENCY: Range = Range::duration(0.0, 10.0 * SECOND);
/// What a clock's offset may be.
pub const SKEW: Range = Range::duration(-3600.0 * SECOND, 3600.0 * SECOND);
/// What a clock's rate may be.
pub const DRIFT: Range = Range::ppm(-100_000.0, 100_000.0);
/// How long a run may be, and anything that lasts.
pub(super) const DURATION: Range = Range::duration(1e6, 3600.0 * SECOND);
/// What a seed may be.
pub const SEED: Range = Range::count(0.0, u32::MAX as f64);
/// How many events a run may be allowed.
pub const EVENTS: Range = Range::count(1.0, 5e6);

/// What a parameter may be.
pub fn parameter_range(spec: &ParameterSpec) -> Range {
    let (min, max) = (spec.min, spec.max);
    match spec.quantity {
        Quantity::Duration => Range::duration(min, max),
        Quantity::Count => Range::count(min, max),
        Quantity::Share => Range {
            min,
            max,
            ..Range::SHARE
        },
    }
}
