//! Digests of a set of runs, and the numbers in traces, as they were when they were committed. A seed yields the same
//! run forever, and a number is never given to another word: a change in these files is a decision, which its commit
//! explains. A new word adds a line.
//!
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-sim --test golden` writes what the runs yield.

use std::fmt::Write;
use std::path::Path;

use sim::SimTime;
use sim::trace::{
    ClockChange, DiskChange, EventKind, FactKind, Function, LinkSetting, Loss, MessageChange,
    NetworkChange, NodeSetting, Outcome, Relation, Trace,
};
use swarm::{Case, Little, pingpong};

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

/// Every number in a trace that stands for a word.
fn codes() -> String {
    let mut codes = String::new();
    macro_rules! list {
        ($($name:ident),+) => {$(
            for variant in $name::ALL {
                assert_eq!($name::from_code(variant.code()), Some(*variant));
                let name = stringify!($name);
                writeln!(codes, "{name}::{variant:?} = {}", variant.code()).unwrap();
            }
            let known = (0..=u8::MAX).filter_map($name::from_code).count();
            assert_eq!(known, $name::ALL.len());
        )+};
    }
    macro_rules! list_details {
        ($($name:ident),+) => {$(
            for (variant, code) in $name::CODES {
                let name = stringify!($name);
                writeln!(codes, "{name}::{variant} = {code}").unwrap();
            }
        )+};
    }
    list!(EventKind, Loss);
    list_details!(ClockChange, NodeSetting, NetworkChange);
    list!(LinkSetting);
    list_details!(DiskChange, MessageChange);
    list!(FactKind, Function, Outcome, Relation);
    codes
}

/// Compares what was found with a committed file, line by line. `meant` says when a difference is no fault of the code.
fn compare(file: &str, found: &str, meant: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(file);
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        let folder = path.parent().expect("the file is in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(&path, found).expect("the file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = found.lines().count().max(golden.lines().count());
    let line = |text: &str, number| text.lines().nth(number).unwrap_or("(no line)").to_owned();
    let other = (0..lines).find(|&number| line(&golden, number) != line(found, number));
    if let Some(number) = other {
        panic!(
            "crates/sim/tests/golden/{file} is no longer what it was, from line {} on.\n\
             committed: {}\n    found: {}\n\
             What is committed is right, and the code to be mended, unless {meant}. Then \
             `SLOWFIRE_BLESS=1 cargo test -p slowfire-sim --test golden` writes the file anew.",
            number + 1,
            line(&golden, number),
            line(found, number),
        );
    }
}

#[test]
fn seeds_yield_what_they_always_did() {
    let mut found = String::new();
    for (name, run) in runs() {
        writeln!(found, "{run}  {name}").unwrap();
    }
    let meant =
        "the kernel was wrong and the commit says so, since shared links may then show another run";
    compare("digests.txt", &found, meant);
}

#[test]
fn numbers_in_traces_are_what_they_always_were() {
    let meant = "words were added (a fact, a loss) and no committed line changes or goes";
    compare("codes.txt", &codes(), meant);
}
