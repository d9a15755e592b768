//! What is written reads back as the same, for documents, queries and links.

mod common;

use proptest::prelude::*;
use scenario::checks::CHECKS;
use scenario::document::Scenario;
use scenario::lab::labs;
use scenario::link::Link;
use scenario::run::play::Play;
use scenario::variant::Variant;
use serde_json::json;
use sim::SimTime;

/// The digest of a run's first seconds.
fn digest(variant: &Variant) -> u64 {
    let play = Play::new(&variant.scenario, &variant.deeds);
    let outcome = play.to_end(Some(SimTime::from_millis(5000)), |_, _| {});
    outcome.digest.as_u64()
}

fn read(value: &serde_json::Value) -> Link {
    Link::from_value(value).unwrap_or_else(|problems| panic!("{problems:?}\n{value:#}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_scenario_is_read_as_it_was_written(document in common::scenario()) {
        let link = read(&document);
        let written = link.variant.scenario.to_value();
        let again = Scenario::from_value(&written).unwrap();
        prop_assert_eq!(again.to_value(), written);
        prop_assert_eq!(digest(&link.variant), digest(&Variant::of(again)));
    }

    #[test]
    fn a_packed_link_opens_the_same_run(
        document in common::scenario(),
        deeds in prop::collection::vec(common::deed(), 0..8),
    ) {
        let mut link = read(&document);
        let problems = link.variant.apply(&format!("do={}&t=3.5s&view=history&as=bob", deeds.join(",")));
        prop_assert_eq!(problems, []);
        let text = link.format();
        let (again, problems) = Link::parse(&text);
        prop_assert_eq!(problems, []);
        prop_assert_eq!(again.format(), text);
        prop_assert_eq!(&again.variant.deeds, &link.variant.deeds);
        prop_assert_eq!(
            again.variant.at.unwrap_or_default(),
            link.variant.at.unwrap_or_default()
        );
        prop_assert_eq!(again.variant.perspective, link.variant.perspective);
        prop_assert_eq!(digest(&again.variant), digest(&link.variant));
    }

    #[test]
    fn a_query_is_read_as_it_was_written(
        document in common::scenario(),
        knobs in prop::collection::vec(common::knob(), 0..12),
        deeds in prop::collection::vec(common::deed(), 0..12),
        seed in any::<u32>(),
    ) {
        let base = read(&document).variant.scenario;
        let mut variant = Variant::of(base.clone());
        let knobs: Vec<String> = knobs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let query = format!("seed={seed}&{}&off=retry&on=idempotency-key&do={}&t=2s", knobs.join("&"), deeds.join(","));
        // Drawn knobs may be the same one twice.
        let problems = variant.apply(&query);
        prop_assert!(problems.iter().all(|problem| problem.what.contains("more than once")), "{problems:?}");
        let written = variant.query(&base);
        let mut again = Variant::of(base.clone());
        prop_assert_eq!(again.apply(&written), []);
        prop_assert_eq!(again.query(&base), written);
        prop_assert_eq!(again.scenario.to_value(), variant.scenario.to_value());
        prop_assert_eq!(&again.deeds, &variant.deeds);
        prop_assert_eq!(digest(&again), digest(&variant));
    }
}

#[test]
fn twenty_interventions_fit_in_two_thousand_characters() {
    let deeds: Vec<String> = (1..=20)
        .map(|n| match n % 5 {
            0 => format!("latency.alice-bank:{}ms@{n}.25s", 100 + n),
            1 => format!("crash:alice+bob@{n}.5s"),
            2 => format!("hold-cut:alice+bob-bank@{n}.125s"),
            3 => format!("slew:bank-300ms*500ppm@{n}.75s"),
            _ => format!("filter.alice..bank:receipt*0.5@{n}.5s"),
        })
        .collect();
    let hash = format!(
        "#/double-charge?rev=2&seed=4294967295&loss=0.05&off=retry&do={}&t=59.5s",
        deeds.join(",")
    );
    let (link, problems) = Link::parse(&hash);
    assert_eq!(problems, []);
    assert_eq!(link.variant.deeds.len(), 20);
    let written = link.format();
    assert_eq!(written, hash);
    assert!(written.len() <= 2000, "{}", written.len());
}

#[test]
fn a_check_of_which_its_kind_alone_is_said_is_in_the_link_that_opens() {
    for kind in CHECKS {
        let document = |label: Option<&str>| {
            let mut document = labs()[0].scenario.to_value();
            document["checks"] = json!([{ "kind": kind.id }]);
            if let Some(label) = label {
                document["checks"][0]["label"] = json!(label);
            }
            document
        };
        let link = read(&document(None)).format_packed();
        let (again, problems) = Link::parse(&link);
        assert_eq!(problems, [], "{}", kind.id);
        assert_eq!(again.variant.scenario.checks[0].label, kind.about);
        // Links that said it have been shared.
        read(&document(Some(kind.about)));
    }
}
