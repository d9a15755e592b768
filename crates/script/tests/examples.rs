//! The examples are protocols that Slowfire has in Rust, written anew. Both must come to the same: for each seed, with the same
//! defences, each check says the same of both. That tests the scripts, and what runs them.

use scenario::document::Scenario;
use scenario::lab;
use scenario::run::play::{Judged, Play};

/// Seeds; `SLOWFIRE_SEEDS` for more.
fn seeds() -> u32 {
    let more = std::env::var("SLOWFIRE_SEEDS").ok();
    more.and_then(|more| more.parse().ok()).unwrap_or(300)
}

fn example(name: &str) -> Scenario {
    let file = format!("{}/examples/{name}.js", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&file).expect("the example is there");
    let document = script::document_of(&source).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
    Scenario::from_json(&document).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

/// A scenario with this seed and these defences.
fn with(scenario: &Scenario, seed: u32, defences: &[&str]) -> Scenario {
    let known = scenario.protocol.defences.iter().map(|spec| spec.id);
    let on = known.filter(|id| defences.contains(id)).collect();
    Scenario {
        seed,
        defences: on,
        ..scenario.clone()
    }
}

/// What the checks of these kinds say of a run.
fn said(scenario: &Scenario, kinds: &[&str]) -> Vec<&'static str> {
    let judged = Play::new(scenario, &[]).hunt(None);
    let said = |kind: &&str| {
        let mut checks = scenario.checks.iter();
        match &judged[checks
            .position(|check| check.kind.id == *kind)
            .expect("the scenario has the check")]
        {
            Judged::Holds => "holds",
            Judged::Undecided => "undecided",
            Judged::Violated(_) => "violated",
        }
    };
    kinds.iter().map(said).collect()
}

/// The script of this name says what the lab says, for each seed, of these kinds of checks, with each of these sets of defences.
fn check(name: &str, lab: &str, kinds: &[&str], defences: &[&[&str]]) {
    let (script, lab) = (
        example(name),
        &lab::find(lab).expect("it is a lab").scenario,
    );
    for on in defences {
        let mut violated = 0;
        for seed in 1..=seeds() {
            let ours = said(&with(&script, seed, on), kinds);
            let theirs = said(&with(lab, seed, on), kinds);
            assert_eq!(ours, theirs, "{name}, seed {seed}, {on:?}: {kinds:?}");
            violated += u32::from(ours.contains(&"violated"));
        }
        println!("{name} {on:?}: {violated} of {} are violated", seeds());
    }
}

#[test]
fn payments_are_charged_as_often_as_by_the_bank_in_rust() {
    let keys: &[&str] = &["retry", "idempotency-key", "key-survives-restart"];
    let sets: [&[&str]; 4] = [&[], &["retry"], &["retry", "idempotency-key"], keys];
    let kinds = ["exactly-once", "money-conserved"];
    check("payments", "double-charge", &kinds, &sets);
}

#[test]
fn a_lock_has_as_many_holders_as_that_of_the_service_in_rust() {
    let sets: [&[&str]; 2] = [&[], &["drift-margin"]];
    check("lease", "drifting-lease", &["one-holder"], &sets);
}

#[test]
fn registers_are_as_linearizable_as_those_in_rust() {
    let both: &[&str] = &["quorum-overlap", "read-repair"];
    let sets: [&[&str]; 4] = [&[], &["quorum-overlap"], &["read-repair"], both];
    let kinds = ["linearizable", "read-your-writes"];
    check("quorum-register", "stale-read", &kinds, &sets);
}

#[test]
fn posts_are_shown_in_the_order_of_the_feed_in_rust() {
    let sets: [&[&str]; 2] = [&[], &["causal-delivery"]];
    check("feed", "reordered-feed", &["causal-order"], &sets);
}

/// There is no protocol in Rust that elects and does nothing else. So this is about the check: both rules are needed.
#[test]
fn a_term_has_two_leaders_only_without_one_of_the_rules() {
    let scenario = example("election");
    for (on, breaks) in [
        (&["one-vote", "votes-on-disk"][..], false),
        (&["votes-on-disk"], true),
        (&["one-vote"], true),
    ] {
        let violated = (1..=seeds())
            .filter(|seed| {
                said(&with(&scenario, *seed, on), &["one-leader-per-term"]) == ["violated"]
            })
            .count();
        println!("election {on:?}: violated in {violated} of {}", seeds());
        assert_eq!(violated > 0, breaks, "{on:?}: {violated}");
    }
}
