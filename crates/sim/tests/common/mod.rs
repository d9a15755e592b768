//! What the property tests share.

#![allow(dead_code, reason = "each test uses its own share")]

use proptest::collection::vec;
use proptest::prelude::*;
use sim::trace::{Event, EventKind, Events};
use sim::{NodeId, SimTime};

/// Bytes that a run is drawn from. They shrink by being dropped and by becoming zero, the simplest choice.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..700)
}

/// How many cases a property is tried on. `PROPTEST_CASES=10000 cargo test` tries more. A failure prints the bytes;
/// they go into a test of their own.
pub fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The share `of_256` of a run that ends at `end`.
pub fn share(end: SimTime, of_256: u8) -> SimTime {
    SimTime::from_nanos(end.as_nanos() / 256 * u64::from(of_256))
}

/// The events of a kind at a node.
pub fn at(events: Events<'_>, node: NodeId, kind: EventKind) -> impl Iterator<Item = &Event> {
    events
        .iter()
        .filter(move |event| event.node == node && event.kind == kind)
}
