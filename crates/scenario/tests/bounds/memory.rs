//! What a run counts as its own is what it takes.

use scenario::checks;
use scenario::document::Scenario;
use scenario::run::build;
use sim::held::Measure;
use sim::{EventId, Observer};

use crate::heavy::{HEAVIEST, one_of_each, trace};
use crate::taken;

/// How many events the runs have.
const EVENTS: u32 = 30_000;

/// What takes less than this is not compared: a few small things on the heap have no say in a budget.
const LEAST: usize = 64 << 10;

/// Whether what is counted differs from what is taken by more than a fifth.
fn is_wrong(counted: usize, taken: usize) -> bool {
    counted.max(taken) > LEAST && counted.abs_diff(taken) > taken / 5
}

#[test]
fn every_part_of_a_run_counts_what_it_takes() {
    let mut wrong = Vec::new();
    let mut compare = |what: String, counted: usize, taken: usize| {
        if is_wrong(counted, taken) {
            wrong.push(format!("{what}: {counted} bytes counted, {taken} taken"));
        }
    };
    for (name, scenario) in HEAVIEST.iter() {
        world_counts(name, scenario, &mut compare);
        checks_count(name, scenario, &mut compare);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Compares what a run counts with what it takes: all of it, and a copy of it.
fn world_counts(name: &str, scenario: &Scenario, compare: &mut impl FnMut(String, usize, usize)) {
    let before = taken();
    let bare = Scenario {
        checks: Vec::new(),
        events: EVENTS,
        ..scenario.clone()
    };
    let without = taken() - before;
    let mut timeline = build::timeline(&bare, &[]);
    timeline.go_to_event(EVENTS);
    let counted = timeline.bytes();
    compare(format!("{name}: the run"), counted, taken() - before - without);
    let before = taken();
    let copy = timeline.machine().boxed_clone();
    let took = taken() - before;
    compare(format!("{name}: a copy"), copy.held(Measure::Copied), took);
}

/// Compares what each check counts with what it takes, in the same run.
fn checks_count(name: &str, scenario: &Scenario, compare: &mut impl FnMut(String, usize, usize)) {
    let trace = trace(scenario, EVENTS);
    for settings in one_of_each() {
        let id = settings.kind.id;
        let before = taken();
        let mut watch = checks::watch(&[settings], scenario.nodes.len(), None);
        for (place, event) in trace.events().iter().enumerate() {
            watch.observe(EventId(place as u32), event);
        }
        compare(
            format!("{name}: {id}"),
            watch.held(Measure::Taken),
            taken() - before,
        );
        let before = taken();
        let copy = watch.clone();
        compare(
            format!("{name}: a copy of {id}"),
            copy.held(Measure::Copied),
            taken() - before,
        );
    }
}
