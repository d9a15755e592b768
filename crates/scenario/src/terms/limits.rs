//! The bounds of a document: it may come from a stranger.

use protocols::{ParameterSpec, Quantity};

use crate::terms::quantity::Range;

/// How many bytes a document may have.
pub const MOST_BYTES: usize = 64 << 10;

/// How many nodes a scenario may have.
pub const MOST_NODES: usize = 128;

/// How many directed links may have settings of their own.
pub const MOST_OWN_LINKS: usize = 500;

/// How many deeds a plan may have, and how many may be done on top.
pub const MOST_DEEDS: usize = 500;

/// How many things the deeds of a plan and those on top may do to nodes and links, each counted: a deed on each link of as
/// many nodes as there may be, and some more. A thing to do takes some hundred bytes, and a future that is tried has a list
/// of its own.
pub const MOST_ACTS: usize = 20_000;

/// How many filters may be in force at once, each with a link or with all links of a node. A message passes all of them.
pub const MOST_FILTERS: usize = 512;

/// How many bytes a deed may have: the names of all nodes twice.
pub const LONGEST_DEED: usize = 8192;

/// How many nodes random faults may strike, each kind counted.
pub const MOST_MISHAPS: usize = 512;

/// How many checks a scenario may have.
pub const MOST_CHECKS: usize = 16;

/// A second in nanoseconds.
pub(crate) const SECOND: f64 = 1e9;

/// What latencies and jitter may be.
pub const LATENCY: Range = Range::duration(0.0, 10.0 * SECOND);
/// What a clock's offset may be.
pub const SKEW: Range = Range::duration(-3600.0 * SECOND, 3600.0 * SECOND);
/// What a clock's rate may be.
pub const DRIFT: Range = Range::ppm(-100_000.0, 100_000.0);
/// How long a run may be, and anything that lasts.
pub const DURATION: Range = Range::duration(1e6, 3600.0 * SECOND);
/// How long the mean time between random faults may be.
pub const BETWEEN: Range = Range::duration(10e6, 3600.0 * SECOND);
/// What a protocol's revision may be.
pub const REVISION: Range = Range::count(1.0, 1000.0);
/// What a seed may be.
pub const SEED: Range = Range::count(0.0, u32::MAX as f64);
/// How many events a run may have. An event takes 48 bytes where all are kept.
pub const EVENTS: Range = Range::count(1.0, 2e6);
/// By how much something may be slower; below 1 it is faster.
pub const FACTOR: Range = Range::number(0.001, 1e6);

/// What a parameter may be.
pub fn parameter_range(spec: &ParameterSpec) -> Range {
    let (min, max) = (spec.min, spec.max);
    match spec.quantity {
        Quantity::Duration => Range::duration(min, max),
        Quantity::Count | Quantity::Operations => Range::count(min, max),
        Quantity::Share | Quantity::Faults => Range::share(min, max),
    }
}
