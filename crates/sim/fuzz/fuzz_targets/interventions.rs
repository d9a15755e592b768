//! Arbitrary settings and interventions, of any size: nothing panics, memory is bounded, and a fresh run with the same
//! script has the same digest. The property test `no_intervention_of_any_size_breaks_a_run` draws from the same bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use swarm::tour::Tour;

/// More than a trace of 4,000 events and its keyframes can take. 2^18 messages in flight are 40 MB a keyframe, and one
/// keyframe, that of the beginning aside, is always within its budget of 1 MiB.
const MOST_BYTES: usize = 64 << 20;

fuzz_target!(|bytes: &[u8]| {
    let mut tour = Tour::of(bytes, true);
    tour.timeline.seek(tour.case.end);
    assert_eq!(tour.timeline.digest(), tour.digest_afresh());
    assert!(tour.timeline.bytes() < MOST_BYTES);
});
