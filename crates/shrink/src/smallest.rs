//! What has been found, as a link, and what was taken away.

use std::borrow::Cow;

use scenario::deed::Timed;
use scenario::document::{CheckSettings, Scenario};
use scenario::knob::Knob;
use scenario::link::Link;
use scenario::variant::Variant;
use serde_json::{Map, Value};
use sim::SimTime;

use crate::faults::{Faults, Kind};
use crate::thing::is_weather;

/// The smallest run that has been found.
#[derive(Clone, Debug)]
pub struct Smallest {
    /// It, as a link that opens at the violation.
    pub link: Link,
    /// The name of the check that it violates.
    pub check: String,
    /// What the check demands.
    pub label: String,
    /// When it is violated.
    pub at: SimTime,
    /// How many runs the search has taken.
    pub runs: u32,
    /// How many faults befall the run that was given, until it fails.
    pub faults_before: Faults,
    /// How many faults befall this one, until it fails.
    pub faults: Faults,
    /// What was taken away.
    pub less: Vec<Less>,
    /// What is still done to it, and which settings of the weather are not calm, as links write them.
    pub left: Vec<String>,
}

/// Something of which there is less than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Less {
    /// What.
    pub what: String,
    /// How much there was.
    pub from: String,
    /// How much there is.
    pub to: String,
}

impl Smallest {
    pub(crate) fn of(
        given: &Link,
        variant: Variant,
        check: &CheckSettings,
        runs: u32,
        [before, left]: [&Faults; 2],
    ) -> Smallest {
        let less = less(&given.variant, &variant, [before, left]);
        let disturbs = disturbs(&variant);
        Smallest {
            check: check.id.clone(),
            label: check.label.clone(),
            at: variant.at.unwrap_or_default(),
            runs,
            faults_before: before.clone(),
            faults: left.clone(),
            less,
            left: disturbs,
            link: titled(given, variant),
        }
    }
}

/// What is done to a run, in the order of time, and which settings of the weather are not calm.
fn disturbs(variant: &Variant) -> Vec<String> {
    let scenario = &variant.scenario;
    let mut deeds: Vec<&Timed> = scenario.plan.iter().chain(&variant.deeds).collect();
    deeds.sort_by_key(|timed| timed.at);
    let deeds = deeds.into_iter().map(|timed| timed.format(scenario));
    let knobs = Knob::all(scenario).into_iter();
    let turned = knobs.filter(|knob| is_weather(knob) && knob.value(scenario) != 0.0);
    let turned = turned.map(|knob| {
        let value = knob.range().unit.format(knob.value(scenario));
        format!("{}={value}", knob.key(scenario))
    });
    turned.chain(deeds).collect()
}

/// The run as a document of its own: with its lab's title and looks, and without its story, which is about another run.
fn titled(given: &Link, variant: Variant) -> Link {
    let source = given.to_value();
    let mut value = Map::new();
    for field in ["title", "question", "speed", "view", "sliders", "switches"] {
        if let Some(kept) = source.get(field) {
            value.insert(field.to_owned(), kept.clone());
        }
    }
    let mut lab = given.lab.clone().into_owned();
    // Its plan is what is left of the lab's.
    lab.scenario.clone_from(&variant.scenario);
    let link = Link {
        lab: Cow::Owned(lab),
        variant,
    };
    let of_run = link.to_value();
    for field in ["scenario", "do", "t"] {
        if let Some(said) = of_run.get(field) {
            value.insert(field.to_owned(), said.clone());
        }
    }
    for field in ["sliders", "switches"] {
        if let Ok(read) = Link::from_value(&Value::Object(value.clone())) {
            return read;
        }
        // They may name a node that is gone.
        value.remove(field);
    }
    Link::from_value(&Value::Object(value)).unwrap_or(link)
}

/// What there is less of in a run than in another.
fn less(before: &Variant, after: &Variant, [had, has]: [&Faults; 2]) -> Vec<Less> {
    let (old, new) = (&before.scenario, &after.scenario);
    let mut less: Vec<Less> = Kind::ALL
        .iter()
        .map(|(kind, _, several)| told(several, had.of(*kind), has.of(*kind)))
        .collect();
    less.extend(settings(old, new));
    less.push(told("nodes", old.nodes.len(), new.nodes.len()));
    less.push(told("duration", old.duration, new.duration));
    less.retain(|less| less.from != less.to);
    less
}

fn told(what: &str, from: impl ToString, to: impl ToString) -> Less {
    Less {
        what: what.to_owned(),
        from: from.to_string(),
        to: to.to_string(),
    }
}

/// The knobs that stand elsewhere. Those of a node that is gone went with it.
fn settings(old: &Scenario, new: &Scenario) -> Vec<Less> {
    let knobs = Knob::all(old).into_iter();
    let differing = knobs.filter_map(|knob| {
        let key = knob.key(old);
        let unit = knob.range().unit;
        let (from, to) = (knob.value(old), Knob::parse(&key, new)?.value(new));
        (from != to).then(|| told(&key, unit.format(from), unit.format(to)))
    });
    differing.collect()
}
