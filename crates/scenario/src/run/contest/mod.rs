//! How far a run has met a challenge: what was done, whether that is allowed, and whether the system is broken, or saved.
//!
//! | module | its subject |
//! | --- | --- |
//! | `contract` | what a lab claims at its strongest, and what of that a run keeps to |
//! | `count` | which changes of a run are faults, of which kind, how strong, and how many |

mod contract;
mod count;

pub use contract::{Contract, MOST_BEYOND, MOST_FAULTS};

use check::watch::State;
use sim::SimTime;

use super::Run;
use crate::challenge::{Aim, Challenge};
use crate::link::Link;
use crate::model::Scenario;
use crate::variant::Variant;
use count::{Counts, counts};

/// A fault of a challenge, as it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedFault {
    /// In words: `crash bank`.
    pub says: String,
    /// When it strikes; nothing for what holds for the whole run.
    pub at: Option<SimTime>,
    /// How many faults it counts as.
    pub times: u32,
    /// Whether the lab claims to withstand it.
    pub is_claimed: bool,
}

/// How far a run has met a challenge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contest {
    /// How many faults strike, or how many defences are on.
    pub score: u32,
    /// The faults, where the system is to be broken.
    pub faults: Vec<CountedFault>,
    /// What of the run the challenge does not allow, each as a sentence.
    pub against: Vec<String>,
    /// Whether the system is broken, or saved, as the challenge allows.
    pub is_met: bool,
}

impl Run {
    /// The link of the lab's own run as a challenge begins it: with all defences on of what is to be broken, or none of those that can
    /// be switched. Nothing if the lab claims nothing.
    pub fn challenge_link(&self, challenge: Challenge) -> Option<String> {
        let contract = Contract::of(self.lab())?;
        let mut variant = Variant::of(self.lab().scenario.clone());
        match challenge.aim {
            Aim::Break => variant.scenario.defences = contract.on,
            Aim::Save => {
                let is_switched = |id: &&'static str| self.lab().switches.contains(id);
                variant.scenario.defences.retain(|id| !is_switched(id));
            }
        }
        variant.challenge = Some(challenge);
        let lab = self.lab.clone();
        Some(Link { lab, variant }.format())
    }

    /// What each claim says that is to be broken, or kept: the check's label, and what it withstands.
    pub fn challenge_claims(&self) -> Vec<(&str, String)> {
        let (lab, scenario) = (self.lab(), &self.lab().scenario);
        let claims = Contract::of(lab).map_or_else(Vec::new, |contract| contract.claims);
        let claims = claims.into_iter().map(|(check, withstood)| {
            let check = &scenario.checks[check];
            let sentence = withstood.sentence(check.kind.promise, scenario);
            (check.label.as_str(), sentence)
        });
        claims.collect()
    }

    /// How far it has met a challenge at this moment. Nothing if the lab claims nothing.
    pub fn contest(&self, aim: Aim) -> Option<Contest> {
        let contract = Contract::of(self.lab())?;
        let states: Vec<State> = self
            .verdicts()
            .iter()
            .map(|verdict| verdict.state)
            .collect();
        let mut contest = match aim {
            Aim::Break => self.broken(&contract),
            Aim::Save => self.saved(),
        };
        let is_done = match aim {
            Aim::Break => contract.has(&states, State::Violated),
            Aim::Save => {
                self.timeline().is_over()
                    && !contract.has(&states, State::Violated)
                    && !contract.has(&states, State::Undecided)
            }
        };
        contest.is_met = is_done && contest.against.is_empty();
        Some(contest)
    }

    fn broken(&self, contract: &Contract<'_>) -> Contest {
        let (scenario, base) = (self.scenario(), &self.lab().scenario);
        let mut contest = Contest::default();
        let off = scenario
            .defences()
            .filter(|known| contract.on.contains(known.spec.id) && !known.is_on);
        for defence in off {
            let label = defence.spec.label;
            contest
                .against
                .push(format!("{label} is off; it must be on."));
        }
        for change in self.changes() {
            match counts(&change, scenario, base, self.deeds()) {
                Counts::Strike(struck) => contest.faults.push(CountedFault {
                    says: change.says(self),
                    at: change.at(),
                    times: struck.times,
                    is_claimed: contract.withstands(&struck),
                }),
                Counts::Nothing => {}
                Counts::Uncounted => {
                    let says = change.says(self);
                    contest
                        .against
                        .push(format!("“{says}” is no fault that can be counted."));
                }
            }
        }
        contest.keep_to_the_budget();
        contest
    }

    fn saved(&self) -> Contest {
        let (scenario, base) = (self.scenario(), &self.lab().scenario);
        let on = self
            .lab()
            .switches
            .iter()
            .filter(|id| scenario.defences.contains(*id));
        let mut contest = Contest {
            score: on.count() as u32,
            ..Contest::default()
        };
        contest.against.extend(other_seed(scenario, base));
        let changed = self.changes().into_iter().map(|change| change.says(self));
        contest
            .against
            .extend(changed.map(|says| format!("“{says}” is not as the lab has it.")));
        contest
    }
}

impl Contest {
    fn keep_to_the_budget(&mut self) {
        let sum = |faults: &mut dyn Iterator<Item = &CountedFault>| {
            faults.map(|fault| fault.times).sum::<u32>()
        };
        self.score = sum(&mut self.faults.iter());
        let beyond = sum(&mut self.faults.iter().filter(|fault| !fault.is_claimed));
        if self.score > MOST_FAULTS {
            let score = self.score;
            self.against.push(format!(
                "There are {score} faults; there may be {MOST_FAULTS}."
            ));
        }
        if beyond > MOST_BEYOND {
            self.against.push(format!(
                "{beyond} faults go beyond what the lab claims to withstand; {MOST_BEYOND} may."
            ));
        }
    }
}

fn other_seed(scenario: &Scenario, base: &Scenario) -> Option<String> {
    let (seed, own) = (scenario.seed, base.seed);
    (seed != own).then(|| format!("The seed is {seed}; the lab's own is {own}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contest(link: &str, aim: Aim) -> Contest {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, [], "{link}");
        run.contest(aim).expect("the lab claims something")
    }

    const KEYS: &str = "on=idempotency-key,key-survives-restart";

    #[test]
    fn one_fault_beyond_the_claim_breaks_the_system_and_counts() {
        let wiped = format!(
            "#/double-charge?rev=2&seed=1&{KEYS}&do=crash:bank@4s,wipe:bank@4s,restart:bank@4.2s"
        );
        let early = contest(&format!("{wiped}&t=4.1s"), Aim::Break);
        assert!(!early.is_met && early.against.is_empty());
        let broken = contest(&format!("{wiped}&t=60s"), Aim::Break);
        assert_eq!((broken.is_met, broken.score), (true, 2));
        let claimed: Vec<bool> = broken.faults.iter().map(|fault| fault.is_claimed).collect();
        assert_eq!(claimed, [true, false]);
    }

    #[test]
    fn what_a_challenge_does_not_allow_is_told_and_never_meets_it() {
        let check = |query: &str, told: &str| {
            let link = format!("#/double-charge?rev=2&{query}&t=60s");
            let contest = contest(&link, Aim::Break);
            let said = contest.against.join(" ");
            assert!(said.contains(told) && !contest.is_met, "{query}: {said}");
        };
        check("seed=11", "is off; it must be on.");
        check(&format!("{KEYS}&off=retry"), "is off; it must be on.");
        check(
            &format!("{KEYS}&timeout=1s"),
            "is no fault that can be counted.",
        );
        check(
            &format!("{KEYS}&loss=0.5&duplication=0.5"),
            "2 faults go beyond what the lab claims to withstand; 1 may.",
        );
        let crashes: Vec<String> = (1..7)
            .map(|at| format!("crash:bank@{at}s,restart:bank@{at}.5s"))
            .collect();
        check(
            &format!("{KEYS}&do={}", crashes.join(",")),
            "There are 6 faults; there may be 5.",
        );
    }

    #[test]
    fn a_system_is_saved_at_the_end_alone_and_by_its_own_weather() {
        let link = format!("#/double-charge?rev=2&{KEYS}");
        assert!(!contest(&format!("{link}&t=30s"), Aim::Save).is_met);
        let saved = contest(&format!("{link}&t=60s"), Aim::Save);
        assert_eq!(
            (saved.is_met, saved.score, saved.against),
            (true, 3, vec![])
        );
        let fewer = contest("#/double-charge?rev=2&on=idempotency-key&t=60s", Aim::Save);
        assert_eq!((fewer.is_met, fewer.score), (true, 2));
        assert!(!contest("#/double-charge?rev=2&t=60s", Aim::Save).is_met);
        let calmer = contest(&format!("{link}&loss=0&seed=8&t=60s"), Aim::Save);
        assert!(!calmer.is_met);
        assert_eq!(calmer.against.len(), 2, "{:?}", calmer.against);
    }

    #[test]
    fn a_challenge_begins_with_the_labs_own_run_and_is_not_met_yet() {
        for lab in crate::lab::labs() {
            let run = Run::of_link(Link::of_lab(lab));
            for aim in [Aim::Break, Aim::Save] {
                let best = None;
                let Some(link) = run.challenge_link(Challenge { aim, best }) else {
                    assert_eq!(run.contest(aim), None);
                    continue;
                };
                let (begun, problems) = Run::open(&link);
                assert_eq!(problems, [], "{link}");
                assert_eq!(begun.link(), link);
                assert_eq!(begun.challenge(), Some(Challenge { aim, best }));
                let contest = begun.contest(aim).expect("it has a link");
                assert_eq!((contest.is_met, contest.score), (false, 0), "{link}");
                assert!(contest.against.is_empty(), "{link}: {:?}", contest.against);
            }
        }
    }
}
