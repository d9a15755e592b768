//! The claims of a lab in drawn weather.

use std::borrow::Cow;
use std::ops::Range;

use check::watch::State;
use sim::SimTime;

use super::play::{Judged, Play};
use crate::checks::{self, CheckSettings, Promise};
use crate::lab::{Expectation, Expected, Lab};
use crate::link::Link;
use crate::model::Timed;
use crate::variant::Variant;
use crate::weather::{self, Fault, Withstood, is_early};

/// So many seeds have one more run each: that with one crash.
const SEEDS_PER_CRASH: u32 = 4;

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

/// Some weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// What is drawn.
    pub weather: Weather,
    /// From which seed: the run's.
    pub seed: u32,
}

/// From which weather it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// All that is withstood, over in time for the run to recover from it.
    Withstood,
    /// One crash, at any moment of the run: what is safe is so at the end, too.
    OneCrash,
    /// A fault or two near what the lab itself does to the run, such as the stall that its story is about.
    NearOwn,
}

/// What became of a claim in the weather in which it was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The lab with the claim's switches and settings, as a link without its `#/`: `double-charge?on=idempotency-key`.
    pub of: String,
    /// The check.
    pub check: String,
    /// How many runs judged it.
    pub runs: u32,
    /// The runs that broke it, and when.
    pub broken: Vec<(Spell, SimTime)>,
    /// The runs that left it undecided.
    pub undecided: Vec<Spell>,
}

impl Tried {
    /// What it comes to. A claim stands if nothing breaks it, and at most one run in twenty leaves it undecided: of fewer than
    /// twenty runs, none.
    pub fn state(&self) -> State {
        if !self.broken.is_empty() {
            State::Violated
        } else if self.undecided.len() as u32 * 20 > self.runs {
            State::Undecided
        } else {
            State::Holds
        }
    }

    /// Takes in what a run showed of the claim.
    fn take(&mut self, spell: Spell, judged: &Judged) {
        self.runs += 1;
        match judged {
            Judged::Holds => {}
            Judged::Undecided => self.undecided.push(spell),
            Judged::Violated(finding) => self.broken.push((spell, finding.at)),
        }
    }
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

    /// Its claims, none of which has been tried yet.
    pub fn claims(&self) -> Vec<Tried> {
        let mark = if self.query.is_empty() { "" } else { "?" };
        let checks = self.variant.scenario.checks.iter();
        let claim = |check: &CheckSettings| Tried {
            of: format!("{}{mark}{}", self.lab.id, self.query),
            check: check.id.clone(),
            runs: 0,
            broken: Vec::new(),
            undecided: Vec::new(),
        };
        checks.map(claim).collect()
    }

    /// The weather of some seeds: for each seed some that is withstood, some near what the lab itself does if it does
    /// anything, and for one in four a crash at any moment.
    pub fn spells(&self, seeds: Range<u32>) -> Vec<Spell> {
        let has_crash = self.withstood.strength(Fault::Crash).is_some()
            && (0..self.variant.scenario.checks.len()).any(|check| self.is_safety(check));
        let of = |weather| move |seed| Spell { weather, seed };
        let crashes = seeds
            .clone()
            .filter(|seed| has_crash && seed.is_multiple_of(SEEDS_PER_CRASH));
        let has_own = !self.own().is_empty();
        let near = seeds.clone().filter(|_| has_own);
        let all = seeds.clone().map(of(Weather::Withstood));
        let all = all.chain(crashes.map(of(Weather::OneCrash)));
        all.chain(near.map(of(Weather::NearOwn))).collect()
    }

    /// What the lab and the claim themselves do to the run.
    fn own(&self) -> Vec<Timed> {
        let plan = self.variant.scenario.plan.iter();
        plan.chain(&self.variant.deeds).cloned().collect()
    }

    fn is_safety(&self, check: usize) -> bool {
        self.variant.scenario.checks[check].kind.promise == Promise::Safety
    }

    /// Runs the lab in some weather: what each check says that is judged in it.
    pub fn judged(&self, spell: Spell) -> Vec<Option<Judged>> {
        let variant = self.drawn(spell);
        let bad = self.bad_weather(&variant);
        let play = Play::new(&variant.scenario, &variant.deeds).in_weather(bad);
        let judged = |(check, judged)| match judged {
            _ if spell.weather == Weather::OneCrash && !self.is_safety(check) => None,
            Judged::Undecided if self.is_moot(check, bad, &variant) => Some(Judged::Holds),
            judged => Some(judged),
        };
        let all = play.hunt(None).into_iter().enumerate();
        all.map(judged).collect()
    }

    /// Takes in what a run in some weather showed of the group's claims.
    pub fn take(claims: &mut [Tried], spell: Spell, judged: &[Option<Judged>]) {
        for (claim, judged) in claims.iter_mut().zip(judged) {
            if let Some(judged) = judged {
                claim.take(spell, judged);
            }
        }
    }

    /// Whether nothing can be said of a check, as nothing shows what there was to recover.
    fn is_moot(&self, check: usize, bad: checks::Spell, variant: &Variant) -> bool {
        let scenario = &variant.scenario;
        scenario.checks[check].kind.promise == Promise::Recovery
            && is_early(bad.begins, &self.withstood, scenario)
    }

    /// From when on a run in some weather is judged, if a check lets pass what happens before: all but what is safe is only
    /// promised to hold again some time after the faults.
    pub fn judged_from(&self, check: &str, spell: Spell) -> Option<SimTime> {
        let mut checks = self.variant.scenario.checks.iter();
        let place = checks.position(|settings| settings.id == check)?;
        let calm_from = || self.bad_weather(&self.drawn(spell)).calm_from;
        (!self.is_safety(place)).then(calm_from)
    }

    /// The link of the run in some weather, at a moment.
    pub fn link(&self, spell: Spell, at: SimTime) -> String {
        let mut variant = self.drawn(spell);
        variant.at = Some(at);
        self.linked(variant)
    }

    /// The link of the run as claimed, in calm.
    pub fn claimed(&self) -> String {
        self.linked(self.variant.clone())
    }

    fn linked(&self, mut variant: Variant) -> String {
        let checks = &mut variant.scenario.checks;
        checks.clone_from(&self.lab.scenario.checks);
        let lab = self.lab.clone();
        Link { lab, variant }.format()
    }

    fn drawn(&self, spell: Spell) -> Variant {
        let Spell { weather, seed } = spell;
        let mut variant = self.variant.clone();
        variant.scenario.seed = seed;
        let (withstood, scenario) = (&self.withstood, &variant.scenario);
        let query = match weather {
            Weather::Withstood => weather::query(withstood, scenario, seed),
            Weather::OneCrash => weather::crash(withstood, scenario, seed),
            Weather::NearOwn => weather::near(withstood, scenario, &self.own(), seed),
        };
        let problems = variant.apply(&query);
        debug_assert_eq!(problems, []);
        variant
    }

    /// When something is drawn or planned, and the time to recover from it. What the claim itself does is no weather: it may
    /// come in calm, so that the weather is judged by what it has left behind.
    fn bad_weather(&self, variant: &Variant) -> checks::Spell {
        let drawn = variant.deeds.iter();
        let drawn = drawn.filter(|deed| !self.variant.deeds.contains(deed));
        let times = variant.scenario.plan.iter().chain(drawn);
        let times = times.map(|timed| timed.at);
        let ends = times.clone().max().unwrap_or(SimTime::ZERO);
        checks::Spell {
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

    #[test]
    fn one_seed_in_four_has_a_crash_that_only_what_is_safe_must_withstand() {
        let lab = lab::find("last-write-wins").expect("it is a lab");
        let groups = groups(Cow::Borrowed(lab));
        let mut groups = groups.iter();
        let is_mixed = |group: &&Group| {
            let checks = group.variant.scenario.checks.len();
            let safe = (0..checks).filter(|check| group.is_safety(*check)).count();
            (1..checks).contains(&safe)
        };
        let group = groups.find(is_mixed).expect("it claims both");
        let spells = group.spells(0..40);
        let crashes = spells
            .iter()
            .filter(|spell| spell.weather == Weather::OneCrash);
        assert_eq!((spells.len(), crashes.count()), (50, 10));
        let weather = Weather::OneCrash;
        for (check, judged) in group.judged(Spell { weather, seed: 4 }).iter().enumerate() {
            assert_eq!(judged.is_some(), group.is_safety(check));
        }
    }

    #[test]
    fn a_claim_stands_if_nothing_breaks_it_and_nearly_every_run_decides_it() {
        let state = |runs: u32, undecided: u32, broken: u32| {
            let spell = |seed| Spell {
                weather: Weather::Withstood,
                seed,
            };
            Tried {
                of: String::new(),
                check: String::new(),
                runs,
                broken: (0..broken)
                    .map(|seed| (spell(seed), SimTime::ZERO))
                    .collect(),
                undecided: (0..undecided).map(spell).collect(),
            }
            .state()
        };
        assert_eq!(state(100, 5, 0), State::Holds);
        assert_eq!(state(100, 6, 0), State::Undecided);
        assert_eq!(state(20, 1, 0), State::Holds);
        assert_eq!(state(19, 1, 0), State::Undecided);
        assert_eq!(state(1, 1, 0), State::Undecided);
        assert_eq!(state(100, 0, 1), State::Violated);
    }

    /// Faults come at any moment, and what comes early is judged early.
    #[test]
    fn a_claim_is_judged_from_the_end_of_the_last_fault() {
        let lab = lab::find("double-charge").expect("it is a lab");
        let groups = groups(Cow::Borrowed(lab));
        let group = groups.first().expect("it claims something");
        let clears = weather::clears(&group.withstood, &group.variant.scenario);
        let (mut early, mut soon_over) = (0, 0);
        for seed in 0..400 {
            let weather = Weather::Withstood;
            let variant = group.drawn(Spell { weather, seed });
            let spell = group.bad_weather(&variant);
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
