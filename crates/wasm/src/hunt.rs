//! Many runs of one link, each with another seed. The page deals seeds out to workers, each of which has a [`Hunt`] for each link;
//! what they find comes back as numbers, which [`Found`] writes and reads.

use check::watch::State;
use scenario::document::{CheckSettings, Scenario};
use scenario::knob::Knob;
use scenario::link::Link;
use scenario::run::hunt::{First, Found, Share};
use scenario::run::play::Play;
use scenario::variant::Variant;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::wire::to_js;

/// Runs of one link with any seeds.
#[wasm_bindgen]
pub struct Hunt {
    link: Link,
    scenario: Scenario,
    found: Found,
}

/// What many runs come to.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct HuntFound {
    runs: u32,
    /// The runs that violate any check.
    failed: HuntShare,
    checks: Vec<HuntCheck>,
    /// The first runs that fail, by their seeds.
    failing: Vec<HuntRun>,
}

/// Some of the runs.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct HuntShare {
    count: u32,
    /// The share of these runs, from 0 to 1.
    of_these: f64,
    /// With 95 % confidence the share of all seeds is at least this.
    low: f64,
    /// And at most this.
    high: f64,
}

/// What many runs say of a check.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct HuntCheck {
    id: String,
    label: String,
    violated: HuntShare,
    /// How many runs leave it undecided.
    undecided: u32,
}

/// A run that fails.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct HuntRun {
    seed: u32,
    /// The check that is violated first.
    label: String,
    at_ms: f64,
    /// The link that opens it at that moment.
    link: String,
}

#[wasm_bindgen]
impl Hunt {
    /// Runs of a link, whatever seed it names.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str) -> Hunt {
        let (link, _) = Link::parse(link);
        let scenario = link.variant.scenario.clone();
        Hunt {
            found: Found::nothing(scenario.checks.len()),
            scenario,
            link,
        }
    }

    /// Runs it with one more seed, as `slowfire hunt` does. Returns 0 where all checks hold, 1 where one is undecided, and 2 where
    /// one is violated.
    pub fn run(&mut self, seed: u32) -> u8 {
        self.scenario.seed = seed;
        let judged = Play::new(&self.scenario, &self.link.variant.deeds).hunt(None);
        match self.found.take(seed, &judged) {
            Ok(State::Violated) => 2,
            Ok(State::Undecided) => 1,
            // Whoever runs a seed again adds nothing.
            Ok(State::Holds) | Err(_) => 0,
        }
    }

    /// What the runs since the last call came to.
    pub fn take(&mut self) -> Vec<f64> {
        let nothing = Found::nothing(self.scenario.checks.len());
        std::mem::replace(&mut self.found, nothing).to_numbers()
    }
}

/// What the runs of both came to together; nothing if they have seeds in common, or are no numbers of a run with as many checks.
#[wasm_bindgen]
pub fn hunt_add(link: &str, one: &[f64], other: &[f64]) -> Option<Vec<f64>> {
    let link = Link::parse(link).0;
    let mut sum = read(&link, one)?;
    sum.add(&read(&link, other)?).ok()?;
    Some(sum.to_numbers())
}

/// What that is in words and shares; nothing for what are no numbers of a run with as many checks.
#[wasm_bindgen(unchecked_return_type = "wire.HuntFound | null")]
pub fn hunt_found(link: &str, found: &[f64]) -> JsValue {
    let link = Link::parse(link).0;
    to_js(&read(&link, found).map(|found| told(&link, &found)))
}

/// Nothing stands for no run so far.
fn read(link: &Link, numbers: &[f64]) -> Option<Found> {
    let checks = link.variant.scenario.checks.len();
    match numbers.is_empty() {
        true => Some(Found::nothing(checks)),
        false => Found::of_numbers(numbers, checks),
    }
}

/// The link of a hunt: the run without its seed, and without how it is seen.
#[wasm_bindgen]
pub fn hunt_link(link: &str) -> String {
    bare(Link::parse(link).0).format()
}

/// The same with a defence on or off; nothing if there is no such defence.
#[wasm_bindgen]
pub fn hunt_link_with(link: &str, defence: &str, is_on: bool) -> Option<String> {
    let mut link = bare(Link::parse(link).0);
    let scenario = &mut link.variant.scenario;
    let mut known = scenario.protocol.defences.iter().map(|spec| spec.id);
    let id = known.find(|id| *id == defence)?;
    match is_on {
        true => scenario.defences.insert(id),
        false => scenario.defences.remove(id),
    };
    Some(link.format())
}

/// The same with a control at a value, in the control's unit; nothing where it cannot be there.
#[wasm_bindgen]
pub fn hunt_link_at(link: &str, control: &str, value: f64) -> Option<String> {
    let mut link = bare(Link::parse(link).0);
    let scenario = &mut link.variant.scenario;
    let knob = Knob::parse(control, scenario)?;
    let value = knob.range().check(value * knob.slider().scale).ok()?;
    knob.set(scenario, value).ok()?;
    Some(link.format())
}

fn bare(link: Link) -> Link {
    let mut scenario = link.variant.scenario;
    scenario.seed = link.lab.scenario.seed;
    Link {
        variant: Variant {
            deeds: link.variant.deeds,
            ..Variant::of(scenario)
        },
        lab: link.lab,
    }
}

fn told(link: &Link, found: &Found) -> HuntFound {
    let Found { counts, failing } = found;
    let checks = &link.variant.scenario.checks;
    let share = |count: u64| {
        let Share {
            of_these,
            low,
            high,
        } = Share::of(count, counts.runs);
        HuntShare {
            // There are as many as there are seeds, which have 32 bits.
            count: count as u32,
            of_these,
            low,
            high,
        }
    };
    let run = |first: &First| HuntRun {
        seed: first.seed,
        label: checks[first.check].label.clone(),
        at_ms: first.at.as_millis_f64(),
        link: first.link(link, None),
    };
    let of_check = |(place, check): (usize, &CheckSettings)| HuntCheck {
        id: check.id.clone(),
        label: check.label.clone(),
        violated: share(counts.violated[place]),
        undecided: counts.undecided[place] as u32,
    };
    HuntFound {
        runs: counts.runs as u32,
        failed: share(counts.failed),
        checks: checks.iter().enumerate().map(of_check).collect(),
        failing: failing.iter().map(run).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_of_a_hunt_is_the_run_without_its_seed_and_looks() {
        let link = hunt_link("#/double-charge?seed=9&loss=0.2&do=crash:bank@2s&t=3s&view=history");
        assert!(link.contains("loss=0.2") && link.contains("crash:bank@2s"));
        for gone in ["seed=", "t=", "view="] {
            assert!(!link.contains(gone), "{link}");
        }
        assert_eq!(hunt_link("#/double-charge?seed=3"), "#/double-charge");
    }

    #[test]
    fn defences_and_controls_are_set_in_links() {
        let on = hunt_link_with("#/double-charge?seed=4", "idempotency-key", true);
        assert_eq!(
            on.as_deref(),
            Some("#/double-charge?rev=2&on=idempotency-key")
        );
        let off = hunt_link_with(&on.unwrap(), "idempotency-key", false);
        assert_eq!(off.as_deref(), Some("#/double-charge"));
        assert_eq!(hunt_link_with("#/double-charge", "nothing", true), None);
        let turned = hunt_link_at("#/double-charge", "loss", 20.0).unwrap();
        assert!(turned.contains("loss=0.2"), "{turned}");
        assert_eq!(hunt_link_at("#/double-charge", "loss", 200.0), None);
        assert_eq!(hunt_link_at("#/double-charge", "nothing", 1.0), None);
    }

    #[test]
    fn parts_of_a_hunt_add_up() {
        let link = "#/double-charge";
        let (mut one, mut other) = (Hunt::new(link), Hunt::new(link));
        let marks: Vec<u8> = (0..10).map(|seed| one.run(seed)).collect();
        let more: Vec<u8> = (10..20).map(|seed| other.run(seed)).collect();
        let violated = |marks: &[u8]| marks.iter().filter(|mark| **mark == 2).count();
        assert!(violated(&marks) > 0 && violated(&more) > 0);
        let (one, other) = (one.take(), other.take());
        let sum = hunt_add(link, &hunt_add(link, &[], &other).unwrap(), &one).unwrap();
        assert_eq!(hunt_add(link, &sum, &one), None, "each seed counts once");
        let parsed = Link::parse(link).0;
        let found = told(&parsed, &read(&parsed, &sum).unwrap());
        assert_eq!(found.runs, 20);
        let failed = |found: &HuntFound| found.failed.count as usize;
        let of_one = told(&parsed, &read(&parsed, &one).unwrap());
        assert_eq!(failed(&of_one), violated(&marks));
        assert_eq!(failed(&found), violated(&marks) + violated(&more));
        let seeds: Vec<u32> = found.failing.iter().map(|run| run.seed).collect();
        let both = marks.iter().chain(&more).zip(0..);
        let first = both.filter(|(mark, _)| **mark == 2).map(|(_, seed)| seed);
        assert_eq!(seeds, first.take(seeds.len()).collect::<Vec<u32>>());
        assert!(!seeds.is_empty());
    }
}
