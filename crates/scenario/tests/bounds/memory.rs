//! What a run counts as its own is what it takes.

use proptest::prelude::*;
use scenario::checks;
use scenario::document::Scenario;
use scenario::link::Link;
use scenario::run::play::{Bound, Play};
use scenario::run::{ExplainedVerdict, Means, Run, build};
use sim::held::Measure;
use sim::{EventId, Observer, SimTime};

use crate::heavy::{HEAVIEST, one_of_each, trace};
use crate::{alone, taken};

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
    let _alone = alone();
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
    compare(
        format!("{name}: the run"),
        counted,
        taken() - before - without,
    );
    let before = taken();
    let copy = timeline.machine().boxed_clone();
    let took = taken() - before;
    compare(format!("{name}: a copy"), copy.held(Measure::Copied), took);
}

/// Compares what each check counts with what it takes, in the same run.
fn checks_count(name: &str, scenario: &Scenario, compare: &mut impl FnMut(String, usize, usize)) {
    let (machine, trace) = trace(scenario, EVENTS);
    for settings in one_of_each() {
        let id = settings.kind.id;
        let before = taken();
        let mut watch = checks::watch(&[settings], scenario.nodes.len(), None);
        for (place, event) in trace.events().iter().enumerate() {
            watch.observe(EventId(place as u32), event);
        }
        sim::conclude(&*machine, &mut watch, machine.kernel().now());
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

/// A budget that heavy runs outgrow soon.
const SMALL: usize = 4 << 20;

/// What a check says that has given up.
const GAVE_UP: &str = "Not decided: the history outgrew its budget.";

/// A link of a heavy document, with a check of each kind.
fn heavy_link(place: usize) -> Link {
    let mut link = Link::parse("#/double-charge").0;
    link.variant.scenario = HEAVIEST[place].1.clone();
    link.variant.scenario.events = 400_000;
    link
}

/// What the checks of a run say at its end.
fn said(verdicts: &[ExplainedVerdict<'_>]) -> Vec<String> {
    let said = verdicts.iter();
    said.map(|verdict| format!("{:?} {}", verdict.state, verdict.sentence))
        .collect()
}

#[test]
fn beyond_its_budget_checks_give_up_and_then_the_run_stops() {
    let _alone = alone();
    let (mut gave_up, mut stopped) = (0, 0);
    for (place, (name, _)) in HEAVIEST.iter().enumerate() {
        let scenario = heavy_link(place).variant.scenario;
        let play = |memory| Play::new(&scenario, &[]).within(memory);
        let (outcome, verdicts) = play(SMALL).to_end_explained(None, |_, _| {});
        gave_up += said(&verdicts)
            .iter()
            .filter(|said| said.ends_with(GAVE_UP))
            .count();
        let Some(Bound::Memory(SMALL)) = outcome.stopped_at else {
            continue;
        };
        stopped += 1;
        let sentence = outcome.stopped().unwrap_or_default();
        assert!(
            sentence.ends_with("its history outgrew its budget of 4 MiB."),
            "{sentence}"
        );
        // Up to there it is the run that it is with more memory.
        let mut longer = scenario.clone();
        longer.events = outcome.events;
        let same = Play::new(&longer, &[]).to_end(None, |_, _| {});
        assert_eq!(same.digest, outcome.digest, "{name}");
    }
    assert!(
        gave_up > 50 && stopped > 10,
        "{gave_up} checks gave up, {stopped} runs stopped"
    );
}

/// A budget beside which the room that an empty queue keeps, 3 MiB at most, is little.
const ROOMY: usize = 16 << 20;

#[test]
fn a_run_with_a_past_stays_within_its_budget() {
    let _alone = alone();
    let mut wrong = Vec::new();
    for (place, (name, _)) in HEAVIEST.iter().enumerate() {
        let link = heavy_link(place);
        let means = Means {
            memory: ROOMY,
            ..Means::default()
        };
        let before = taken();
        let mut run = Run::of_link_with(link, means);
        for ms in [1, 10, 100, 1_000, 10_000, 3_600_000] {
            run.seek(SimTime::from_millis(ms));
            let (counted, took) = (run.bytes(), taken() - before);
            if took > ROOMY + ROOMY / 5 || counted.abs_diff(took) > ROOMY / 5 {
                let past = run.timeline().bytes();
                wrong.push(format!(
                    "{name} at {ms} ms: {took} bytes taken, {counted} counted, {past} of them its past"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same for two runs: one is played ahead.
const TWICE: usize = 2 * ROOMY;

#[test]
fn a_run_stays_within_its_budget_while_it_looks_ahead_and_after_acts_in_the_past() {
    let _alone = alone();
    let mut wrong = Vec::new();
    for (place, (name, _)) in HEAVIEST.iter().enumerate().step_by(3) {
        let mut link = heavy_link(place);
        link.variant.scenario.events = 100_000;
        let means = Means {
            memory: TWICE,
            ..Means::default()
        };
        let before = taken();
        let mut run = Run::of_link_with(link, means);
        let mut weigh = |run: &Run, when: &str| {
            let (counted, took) = (run.bytes(), taken() - before);
            if took > TWICE + TWICE / 5 || counted.abs_diff(took) > TWICE / 5 {
                wrong.push(format!(
                    "{name} {when}: {took} bytes taken, {counted} counted"
                ));
            }
        };
        run.seek(SimTime::LATEST);
        while !run.look_ahead(5_000) {
            weigh(&run, "ahead");
        }
        let end = run.timeline().end().as_nanos();
        for part in 2..40 {
            run.seek(SimTime::from_nanos(end / part));
            let name = &run.scenario().nodes[0].name;
            run.act_text(&format!("limp:{name}*{part}")).unwrap();
            weigh(&run, "after an act");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_becomes_of_a_heavy_run_does_not_depend_on_the_way_to_it(
        place in 0..HEAVIEST.len(),
        way in prop::collection::vec(0u64..2_000, 0..6),
    ) {
        let _alone = alone();
        let link = heavy_link(place);
        let play = Play::new(&link.variant.scenario, &[]).within(SMALL);
        let (outcome, verdicts) = play.to_end_explained(None, |_, _| {});
        let means = Means { stride: 1_000, memory: SMALL };
        let mut run = Run::of_link_with(link.clone(), means);
        let end = SimTime::from_millis(3_600_000);
        for ms in way.iter().map(|ms| SimTime::from_millis(*ms)).chain([end]) {
            run.seek(ms);
            while !run.go_on() {}
        }
        prop_assert_eq!(run.timeline().digest(), outcome.digest);
        prop_assert_eq!(run.stopped(), outcome.stopped());
        prop_assert_eq!(said(&run.verdicts()), said(&verdicts));
    }
}
