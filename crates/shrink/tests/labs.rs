//! Every lab opens with a run that fails. The smallest run that is found for it fails in the same way, and no more once any one
//! thing is taken away.

use protocols::Quantity;
use scenario::document::Scenario;
use scenario::knob::Knob;
use scenario::lab::{self, Lab};
use scenario::link::Link;
use scenario::run::play::{Play, Violation};
use serde_json::Value;
use shrink::{Shrink, Smallest};

/// The smallest run of a lab.
fn smallest(lab: &'static Lab) -> Smallest {
    let mut search = Shrink::of(&Link::of_lab(lab), None).expect("each lab opens with a failure");
    while search.step() {}
    search.best()
}

/// How a run violates a check.
fn violation(link: &Link, check: &str) -> Option<Violation> {
    let variant = &link.variant;
    let mut checks = variant.scenario.checks.iter();
    let place = checks
        .position(|other| other.id == check)
        .expect("the check is there");
    let play = Play::new(&variant.scenario, &variant.deeds);
    play.until_violated(place, |_, _, _| {})
}

/// Whether a run fails as another does: what only an end shows counts only if that is so for both.
fn fails_like(violation: Option<Violation>, other: Violation) -> bool {
    violation.is_some_and(|found| !found.is_of_the_end || other.is_of_the_end)
}

/// Each document with one thing less, and what that is.
fn with_one_less(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for list in [
        "/do",
        "/scenario/plan",
        "/scenario/mishaps",
        "/scenario/flapping",
        "/scenario/nodes",
    ] {
        let entries = document.pointer(list).and_then(Value::as_array);
        for (place, entry) in entries.into_iter().flatten().enumerate() {
            let mut less = document.clone();
            let entries = less.pointer_mut(list).and_then(Value::as_array_mut);
            entries.expect("it is a list").remove(place);
            all.push((format!("{list}: {entry}"), less));
        }
    }
    let own = document
        .pointer("/scenario/links")
        .and_then(Value::as_array);
    for (place, entry) in own.into_iter().flatten().enumerate() {
        for field in entry.as_object().expect("it is an object").keys() {
            if !["from", "to", "both"].contains(&field.as_str()) {
                let mut less = document.clone();
                let entry = less.pointer_mut(&format!("/scenario/links/{place}"));
                entry
                    .and_then(Value::as_object_mut)
                    .expect("it is there")
                    .remove(field);
                all.push((format!("{field} of link {place}"), less));
            }
        }
    }
    all.extend(with_calmer_knobs(document));
    all
}

const WEATHER: [&str; 12] = [
    "jitter",
    "spike",
    "loss",
    "bursts",
    "duplication",
    "corruption",
    "skew",
    "drift",
    "wobble",
    "monotonic",
    "pauses",
    "torn",
];

/// Each document with a knob of the weather at rest, or one operation less.
fn with_calmer_knobs(document: &Value) -> Vec<(String, Value)> {
    let link = Link::from_value(document).expect("it can be read");
    let scenario = &link.variant.scenario;
    let mut all = Vec::new();
    for knob in Knob::all(scenario) {
        let key = knob.key(scenario);
        let value = knob.value(scenario);
        let calmer = match knob {
            Knob::Link(setting, _) if WEATHER.contains(&setting.key) => 0.0,
            Knob::Node(setting, _) if WEATHER.contains(&setting.key) => 0.0,
            Knob::Parameter(spec) if spec.quantity == Quantity::Operations => {
                (value - 1.0).max(spec.min)
            }
            _ => continue,
        };
        if value != calmer {
            let mut less: Scenario = scenario.clone();
            knob.set(&mut less, calmer).expect("it can be set");
            let mut document = document.clone();
            document["scenario"] = less.to_value();
            all.push((format!("{key} at {calmer}"), document));
        }
    }
    all
}

/// The runs of a lab with its own seed and some others, each with every check that it violates.
fn failures(lab: &'static Lab) -> Vec<(Link, String)> {
    let mut failures = Vec::new();
    for seed in [lab.scenario.seed, 1, 2] {
        let mut link = Link::of_lab(lab);
        link.variant.scenario.seed = seed;
        let judged = Play::new(&link.variant.scenario, &[]).hunt(None);
        let checks = link.variant.scenario.checks.iter().zip(judged);
        let violated = checks.filter(|(_, judged)| judged.violated_at().is_some());
        let ids: Vec<String> = violated.map(|(check, _)| check.id.clone()).collect();
        failures.extend(ids.into_iter().map(|id| (link.clone(), id)));
    }
    failures
}

/// What is wrong with the smallest run that is found for a failure.
fn wrong(given: &Link, check: &str) -> Vec<String> {
    let whole = violation(given, check).expect("it fails");
    let mut search = Shrink::of(given, Some(check)).expect("it fails");
    while search.step() {}
    let hash = search.best().link.format();
    let (link, problems) = Link::parse(&hash);
    assert_eq!(problems, [], "{hash}");
    let of = |what: &str| format!("{} {check}, {what}: {hash}", given.format());
    if !fails_like(violation(&link, check), whole) {
        return vec![of("holds")];
    }
    let less = with_one_less(&link.to_value()).into_iter();
    let failing = less.filter(|(_, less)| {
        // A document without it may be none.
        let less = Link::from_value(less);
        less.is_ok_and(|less| fails_like(violation(&less, check), whole))
    });
    failing
        .map(|(what, _)| of(&format!("without {what}")))
        .collect()
}

#[test]
fn the_smallest_run_fails_in_the_same_way_and_no_more_with_one_thing_less() {
    let failures: Vec<(Link, String)> = lab::labs().iter().flat_map(failures).collect();
    assert!(failures.len() > 100, "{} failures", failures.len());
    let wrong: Vec<String> = failures
        .iter()
        .flat_map(|(given, check)| wrong(given, check))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_two_faults_at_most_one_is_left_in_half_of_all_labs() {
    let mut ratios: Vec<f64> = lab::labs()
        .iter()
        .map(smallest)
        .filter(|found| found.faults_before.all() > 0)
        // What needs no fault at all is smaller than any share of them.
        .map(|found| f64::from(found.faults_before.all()) / f64::from(found.faults.all()))
        .collect();
    ratios.sort_by(f64::total_cmp);
    // Many labs fail by the only fault that there is until then.
    assert!(ratios[(ratios.len() - 1) / 2] >= 2.0, "{ratios:?}");
}

/// What is left of a run: how many faults, and what disturbs it.
fn left(link: &str) -> (u32, Vec<String>) {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let mut search = Shrink::of(&link, None).expect("it fails");
    while search.step() {}
    let found = search.best();
    (found.faults.all(), found.left)
}

#[test]
fn a_fault_is_not_needed_because_the_run_would_fail_later_without_it() {
    let crashes = "crash:bank@17.167s,wipe:bank@17.167s,restart:bank@20.167s";
    let on = "idempotency-key,key-survives-restart";
    let (faults, left) = left(&format!(
        "#/double-charge?rev=2&seed=3&on={on}&do={crashes}"
    ));
    assert_eq!(faults, 2, "{left:?}");
}

#[test]
fn no_chance_is_left_in_a_run_whose_faults_can_be_done_on_purpose() {
    for link in [
        "#/double-charge?rev=2&seed=0",
        "#/double-charge?rev=2&do=flap:halves=1s/2s@0.5s&loss=0&seed=3",
        "#/forgotten-keys?rev=2&seed=2",
        "#/forgotten-keys?rev=2&seed=3",
    ] {
        let (_, left) = left(link);
        let drawn = ["loss", "duplication", "flap:", "strike", "pauses"];
        let is_drawn = |what: &&String| drawn.iter().any(|by| what.starts_with(by));
        assert_eq!(left.iter().find(is_drawn), None, "{link}: {left:?}");
    }
}

#[test]
fn chance_that_no_deed_can_stand_for_is_told_of() {
    let (_, left) = left("#/flipped-bits?seed=3");
    assert_eq!(left, ["bad-memory=0.06"]);
}

#[test]
fn a_search_finds_the_same_every_time_and_can_be_stopped_at_any_step() {
    let lab = lab::find("double-charge").expect("it is a lab");
    let link = Link::of_lab(lab);
    let (mut one, mut other) = (
        Shrink::of(&link, None).unwrap(),
        Shrink::of(&link, None).unwrap(),
    );
    while one.step() {
        assert!(other.step());
        assert_eq!(one.progress(), other.progress());
        let best = one.best();
        assert_eq!(best.link.format(), other.best().link.format());
        assert!(violation(&best.link, &best.check).is_some());
    }
    assert!(!other.step());
}

#[test]
fn a_run_that_does_not_fail_is_refused_with_a_sentence() {
    let refused = |link: &str, check| {
        let (link, problems) = Link::parse(link);
        assert_eq!(problems, []);
        Shrink::of(&link, check)
            .err()
            .expect("it is refused")
            .to_string()
    };
    let calm = "#/double-charge?on=idempotency-key,key-survives-restart";
    assert!(refused(calm, None).contains("no check is violated"));
    assert!(
        refused("#/double-charge", Some("money-conserved"))
            .contains("\"money-conserved\" is not violated")
    );
    let unknown = refused("#/double-charge", Some("money"));
    assert_eq!(
        unknown,
        "check is \"money\"; it must be one of exactly-once, money-conserved"
    );
}

#[test]
fn a_smallest_run_is_its_own_smallest_and_keeps_the_deeds_that_name_messages() {
    let found = smallest(lab::find("double-charge").expect("it is a lab"));
    let deeds = found.link.to_value()["do"].clone();
    assert!(
        deeds[0]
            .as_str()
            .is_some_and(|deed| deed.starts_with("drop:m")),
        "{deeds}"
    );
    let mut again = Shrink::of(&found.link, Some(&found.check)).expect("it fails");
    while again.step() {}
    assert_eq!(again.best().less, []);
    assert_eq!(again.best().link.to_value()["do"], deeds);
}
