//! The kernel and the checker behind plain functions that Node can call without bindings, for comparing WebAssembly with
//! native code: digests of drawn runs, and the loads that speed is measured by.

use std::cell::RefCell;

use sim::trace::Trace;
use swarm::histories::{self, Answer, Change};
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

thread_local! {
    /// The histories that [`judge`] judges.
    static HISTORIES: RefCell<Vec<histories::Case>> = const { RefCell::new(Vec::new()) };
}

/// Generates histories to be judged: those of a register if `clients` is 0, else one of texts with so many clients,
/// with the change of that number. How many there are: none if there is no such change.
#[allow(
    unsafe_code,
    reason = "the attribute names the export; the function is safe"
)]
#[unsafe(no_mangle)]
pub extern "C" fn prepare(clients: u32, change: u32) -> u32 {
    let Some(change) = Change::of_number(change) else {
        return 0;
    };
    let mut cases: Vec<histories::Case> = match clients {
        0 => (0..histories::REGISTERS)
            .map(histories::Case::register)
            .collect(),
        _ => vec![histories::Case::texts(clients, 1_500, 200)],
    };
    for case in &mut cases {
        *case = case.changed(change);
    }
    let count = cases.len() as u32;
    HISTORIES.set(cases);
    count
}

/// Judges one of the histories: 1 if it is linearizable, 0 if not, 2 if that is unknown, 3 if there is none.
#[allow(
    unsafe_code,
    reason = "the attribute names the export; the function is safe"
)]
#[unsafe(no_mangle)]
pub extern "C" fn judge(number: u32) -> u32 {
    HISTORIES.with_borrow(
        |cases| match cases.get(number as usize).map(histories::Case::check) {
            Some(Answer::Valid) => 1,
            Some(Answer::Invalid) => 0,
            Some(Answer::Unknown) => 2,
            None => 3,
        },
    )
}
