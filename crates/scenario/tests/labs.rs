//! Every lab's claims, over many seeds.
//!
//! `SLOWFIRE_SEEDS=5000 cargo test -p slowfire-scenario --test labs` runs more of them.

use std::collections::BTreeSet;

use check::watch::{State, Watch};
use scenario::lab::{self, Expectation, Expected, Lab};
use scenario::{Run, build};
use sim::SimTime;

/// How many seeds each claim is tried on.
fn seeds() -> u32 {
    let more = std::env::var("SLOWFIRE_SEEDS").ok();
    more.map_or(300, |text| {
        text.parse().expect("SLOWFIRE_SEEDS is a number")
    })
}

/// What a check says at the end of a run.
fn verdict(lab: &Lab, expectation: &Expectation, seed: u32) -> State {
    let mut scenario = lab.scenario.clone();
    scenario.seed = seed;
    scenario.defences = expectation.defences(&scenario);
    let mut timeline = build::timeline(&scenario, &[]);
    timeline.seek(SimTime::ZERO + scenario.duration);
    assert!(
        !timeline.is_out_of_events(),
        "{} with seed {seed} reaches its bound of events",
        lab.id
    );
    let watch = timeline
        .observer()
        .as_any()
        .downcast_ref::<Watch>()
        .expect("a scenario's observer is a watch");
    let words = check::watch::Words {
        node: &|node| node.to_string(),
        operation: "operation",
    };
    watch
        .verdicts(&words, true)
        .swap_remove(expectation.check)
        .state
}

/// The seeds with which a check is violated.
fn violated(lab: &Lab, expectation: &Expectation) -> BTreeSet<u32> {
    (0..seeds())
        .filter(|seed| verdict(lab, expectation, *seed) == State::Violated)
        .collect()
}

#[test]
fn every_expectation_of_every_lab_is_met() {
    for lab in lab::labs() {
        assert!(!lab.expectations.is_empty(), "{} claims nothing", lab.id);
        for expectation in &lab.expectations {
            let violated = violated(lab, expectation);
            let share = violated.len() as f64 / f64::from(seeds());
            let met = expectation.verdict.is_met(violated.len(), seeds() as usize);
            let some: Vec<_> = violated.iter().take(10).collect();
            println!(
                "{} off {:?} on {:?}: violated in {share}",
                lab.id, expectation.off, expectation.on
            );
            assert!(
                met,
                "{}: {expectation:?}, but violated in {share}: seeds {some:?}",
                lab.id
            );
        }
    }
}

#[test]
fn what_a_lab_shows_first_is_a_failure() {
    for lab in lab::labs() {
        let mut timeline = build::timeline(&lab.scenario, &[]);
        timeline.seek(SimTime::ZERO + lab.scenario.duration);
        let first = timeline.observer().violations().first().copied();
        let first =
            first.unwrap_or_else(|| panic!("{} shows no failure with its own seed", lab.id));
        let at = timeline.events()[first.index()].time;
        let watched = at.as_millis_f64() / 1000.0 / lab.speed;
        assert!(
            watched <= 20.0,
            "{} shows its failure after {watched} s of watching",
            lab.id
        );
    }
}

#[test]
fn every_step_of_every_story_comes_with_the_labs_own_seed() {
    for lab in lab::labs() {
        let (mut run, problems) = Run::open(&format!("#/{}", lab.id));
        assert_eq!(problems, []);
        run.seek(SimTime::ZERO + lab.scenario.duration);
        for (step, reached) in run.story() {
            assert!(reached.is_some(), "{} never tells: {}", lab.id, step.text);
        }
    }
}

#[test]
fn every_switch_that_a_lab_shows_is_part_of_what_it_claims() {
    for lab in lab::labs() {
        for switch in &lab.switches {
            let is_on = |claim: &&Expectation| claim.defences(&lab.scenario).contains(switch);
            let (with, without): (Vec<_>, Vec<_>) = lab.expectations.iter().partition(is_on);
            let breaks = |claim: &&Expectation| matches!(claim.verdict, Expected::Violated(_));
            assert!(!with.is_empty(), "{}: nothing with {switch} on", lab.id);
            assert!(
                without.iter().any(breaks),
                "{}: nothing breaks with {switch} off",
                lab.id
            );
        }
    }
}
