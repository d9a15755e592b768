//! The claims of a lab in drawn weather.

use std::borrow::Cow;

use sim::SimTime;

use super::play::{Judged, Play};
use crate::checks::{Promise, Spell};
use crate::lab::{Expectation, Expected, Lab};
use crate::link::Link;
use crate::model::Scenario;
use crate::variant::Variant;
use crate::weather::{self, Fault, Withstood, is_early};

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
    /// Draws some of it from a seed, as the query of a link.
    draw: fn(&Withstood, &Scenario, u32) -> String,
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
            draw: weather::query,
        }
    }

    /// The claims of safety among them in another weather: one crash, at any moment of the run. None if no claim is about that.
    pub fn in_a_crash(mut self) -> Option<Group> {
        self.withstood.strength(Fault::Crash)?;
        let checks = &mut self.variant.scenario.checks;
        checks.retain(|check| check.kind.promise == Promise::Safety);
        let is_about_safety = !checks.is_empty();
        is_about_safety.then_some(Group {
            draw: weather::crash,
            ..self
        })
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
        let spell = self.spell(&variant);
        let play = Play::new(&variant.scenario, &variant.deeds).in_weather(spell);
        let (mut broken, mut undecided) = (Vec::new(), Vec::new());
        for (check, judged) in play.hunt(None).iter().enumerate() {
            match judged {
                Judged::Holds => {}
                Judged::Undecided if self.is_moot(check, spell, &variant) => {}
                Judged::Undecided => undecided.push(check),
                Judged::Violated(finding) => broken.push((check, finding.at)),
            }
        }
        Shown { broken, undecided }
    }

    /// Whether nothing can be said of a check, as nothing shows what there was to recover.
    fn is_moot(&self, check: usize, spell: Spell, variant: &Variant) -> bool {
        let scenario = &variant.scenario;
        scenario.checks[check].kind.promise == Promise::Recovery
            && is_early(spell.begins, &self.withstood, scenario)
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
        let problems = variant.apply(&(self.draw)(&self.withstood, &variant.scenario, seed));
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
        let ends = times.clone().max().unwrap_or(SimTime::ZERO);
        Spell {
            begins: times.min().unwrap_or(SimTime::ZERO),
            ends,
            calm_from: ends + self.withstood.recovers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    /// Faults come at any moment, and what comes early is judged early.
    #[test]
    fn a_claim_is_judged_from_the_end_of_the_last_fault() {
        let lab = lab::find("double-charge").expect("it is a lab");
        let groups = groups(Cow::Borrowed(lab));
        let group = groups.first().expect("it claims something");
        let clears = weather::clears(&group.withstood, &group.variant.scenario);
        let (mut early, mut soon_over) = (0, 0);
        for seed in 0..400 {
            let variant = group.drawn(seed);
            let spell = group.spell(&variant);
            let planned = variant.scenario.plan.iter();
            let last = planned.chain(&variant.deeds).map(|deed| deed.at).max();
            assert_eq!(spell.ends, last.unwrap_or(SimTime::ZERO));
            assert_eq!(spell.calm_from, spell.ends + group.withstood.recovers);
            let share = |of: u32| SimTime::ZERO + clears.scaled_permille(of);
            early += u32::from(spell.begins < share(100));
            soon_over += u32::from(spell.ends < share(500));
        }
        assert!(early > 40 && soon_over > 40, "{early} {soon_over} of 400");
    }
}
