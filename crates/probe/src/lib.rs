//! The kernel behind plain functions that Node can call without bindings, for comparing WebAssembly with native code:
//! digests of drawn runs, and the load that speed is measured by.

use sim::trace::Trace;
use swarm::{Case, pingpong};

/// The digest of the run that is drawn from `seed`.
#[allow(
    unsafe_code,
    reason = "the attribute names the export; the function is safe"
)]
#[unsafe(no_mangle)]
pub extern "C" fn digest(seed: u64) -> u64 {
    Case::of_seed(seed).digest().as_u64()
}

/// Lets five hosts with a hundred datagrams in flight each deliver so many, with a trace if `is_traced` is not 0; the
/// digest, which is that of no event without a trace.
#[allow(
    unsafe_code,
    reason = "the attribute names the export; the function is safe"
)]
#[unsafe(no_mangle)]
pub extern "C" fn deliver(messages: u32, is_traced: u32) -> u64 {
    let mut world = pingpong::world(5, 100, 1);
    let mut trace = if is_traced == 0 {
        Trace::off()
    } else {
        Trace::full()
    };
    // Each host starts in a step of its own.
    for _ in 0..u64::from(messages) + 5 {
        world.step(&mut trace);
    }
    world.kernel().digest().as_u64()
}
