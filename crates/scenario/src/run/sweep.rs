//! The claims of a lab in drawn weather.

use std::borrow::Cow;

use sim::SimTime;

use super::play::{Judged, Play};
use crate::checks::Spell;
use crate::lab::{Expectation, Expected, Lab};
use crate::link::Link;
use crate::variant::Variant;
use crate::weather::{Withstood, clears, query};

/// The claims of a lab that hold with the same defences and settings, and withstand the same weather: one run judges
/// them all.
#[derive(Debug)]
pub struct Group {
    lab: Cow<'static, Lab>,
    /// The scenario as claimed, with the checks of the claims alone.
    variant: Variant,
    /// What the claims say of switches and settings, as a link does.
    query: String,
    /// The weather.
    pub withstood: Withstood,
}

/// What a drawn run shows of the group's checks, each by its place among them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The checks that were violated, and when.
    pub broken: Vec<(usize, SimTime)>,
    /// The checks that were left undecided.
    pub undecided: Vec<usize>,
}

/// All that a lab claims to hold, in groups.
pub fn groups(lab: Cow<'static, Lab>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for claim in &lab.expectations {
        let Some(withstood) = &claim.withstands else {
            continue;
        };
        let query = claim.query();
        let check = lab.scenario.checks[claim.check].clone();
        let same = |group: &&mut Group| group.query == query && group.withstood == *withstood;
        match groups.iter_mut().find(same) {
            Some(group) => group.variant.scenario.checks.push(check),
            None => groups.push(Group::new(lab.clone(), claim, query, withstood.clone())),
        }
    }
    groups
}

impl Group {
    fn new(
        lab: Cow<'static, Lab>,
        claim: &Expectation,
        query: String,
        withstood: Withstood,
    ) -> Group {
        debug_assert_eq!(claim.verdict, Expected::Holds);
        let mut variant = claim.variant(&lab.scenario);
        variant.scenario.checks = vec![lab.scenario.checks[claim.check].clone()];
        Group {
            lab,
            variant,
            query,
            withstood,
        }
    }

    /// The names of the checks, in order.
    pub fn checks(&self) -> impl Iterator<Item = &str> {
        self.variant
            .scenario
            .checks
            .iter()
            .map(|check| check.id.as_str())
    }

    /// The lab with the claims' switches and settings, as a link without its `#/`: `double-charge?on=idempotency-key`.
    pub fn name(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", self.lab.id, self.query)
    }

    /// Runs the lab in the weather of a seed.
    pub fn shown(&self, seed: u32) -> Shown {
        let variant = self.drawn(seed);
        let play = Play::new(&variant.scenario, &variant.deeds).in_weather(self.spell(&variant));
        let (mut broken, mut undecided) = (Vec::new(), Vec::new());
        for (check, judged) in play.hunt(None).iter().enumerate() {
            match judged {
                Judged::Holds => {}
                Judged::Undecided => undecided.push(check),
                Judged::Violated(finding) => broken.push((check, finding.at)),
            }
        }
        Shown { broken, undecided }
    }

    /// The link of the run in the weather of a seed, at a moment.
    pub fn link(&self, seed: u32, at: SimTime) -> String {
        let mut variant = self.drawn(seed);
        variant
            .scenario
            .checks
            .clone_from(&self.lab.scenario.checks);
        variant.at = Some(at);
        let lab = self.lab.clone();
        Link { lab, variant }.format()
    }

    fn drawn(&self, seed: u32) -> Variant {
        let mut variant = self.variant.clone();
        variant.scenario.seed = seed;
        let problems = variant.apply(&query(&self.withstood, &variant.scenario, seed));
        debug_assert_eq!(problems, []);
        variant
    }

    /// When something is drawn or planned, and the time to recover from it. What the claim itself does is no weather: it may
    /// come in calm, so that the weather is judged by what it has left behind.
    fn spell(&self, variant: &Variant) -> Spell {
        let drawn = variant.deeds.iter();
        let drawn = drawn.filter(|deed| !self.variant.deeds.contains(deed));
        let times = variant.scenario.plan.iter().chain(drawn);
        let times = times.map(|timed| timed.at);
        let clears = SimTime::ZERO + clears(&self.withstood, &variant.scenario);
        let ends = times.clone().max().map_or(clears, |last| last.max(clears));
        Spell {
            begins: times.min().unwrap_or(clears),
            ends,
            calm_from: ends + self.withstood.recovers,
        }
    }
}
