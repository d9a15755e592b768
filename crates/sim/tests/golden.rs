//! Digests of a set of runs, as they were when they were committed. A seed yields the same run for ever: to change one
//! of these is a decision, which its commit explains.
//!
//! `SLOWFIRE_BLESS=1 cargo test --test golden` writes what the runs yield.

use std::fmt::Write;
use std::path::Path;

use sim::SimTime;
use sim::trace::Trace;
use swarm::{Case, Little, pingpong};

const FILE: &str = "tests/golden/digests.txt";

/// The runs: their names, digests and numbers of events.
fn runs() -> Vec<(String, String)> {
    let mut runs = Vec::new();
    let mut world = pingpong::world(5, 20, 1);
    let mut trace = Trace::full();
    world.run_until(SimTime::from_millis(500), &mut trace);
    runs.push((
        "ping-pong of 5 hosts".to_owned(),
        told(world.kernel().digest(), trace.events().len()),
    ));
    let protocols = [
        ("ring", Little::Ring),
        ("gossip", Little::Gossip),
        ("chatter", Little::Chatter),
        ("ping-pong", Little::PingPong(3)),
    ];
    for (name, protocol) in protocols {
        for seed in 0..8 {
            let mut case = Case::of_seed(seed);
            case.protocol = protocol;
            let mut timeline = case.timeline();
            timeline.seek(case.end);
            runs.push((
                format!("{name}, drawn from seed {seed}"),
                told(timeline.digest(), timeline.events().len()),
            ));
        }
    }
    runs
}

fn told(digest: sim::trace::Digest, events: usize) -> String {
    format!("{digest} {events} events")
}

#[test]
fn seeds_yield_what_they_always_did() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let mut found = String::new();
    for (name, run) in runs() {
        writeln!(found, "{run}  {name}").unwrap();
    }
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden);
    }
    assert_eq!(found, golden);
}
