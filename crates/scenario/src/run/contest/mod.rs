//! How far a run has met a challenge: what was done, whether that is allowed, and whether the system is broken, or saved.
//!
//! | module | its subject |
//! | --- | --- |
//! | `count` | which changes of a run are faults, of which kind, how strong, and how many |

mod count;

use check::watch::State;
use sim::SimTime;

use super::Run;
use crate::challenge::{Aim, Challenge};
use crate::lab::Contract;
use crate::link::Link;
use crate::model::Scenario;
use crate::variant::Variant;
use count::{Counts, counts};

/// How many faults a challenge allows, each as often as it strikes.
pub const MOST_FAULTS: u32 = 5;

/// How many of them may be more than the lab claims to withstand.
pub const MOST_BEYOND: u32 = 1;

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

/// How a run stands in a challenge. Checks are told by their labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It may still be met as the run goes on.
    #[default]
    Open,
    /// The system is broken, or saved, as the challenge allows.
    Met,
    /// The system is broken, or saved, but by something that the challenge does not allow.
    Uncounted,
    /// The run is over, and nothing that was to be broken is.
    Held,
    /// These are violated, which were to be kept.
    Violated(Vec<String>),
    /// The run is over, and these are not decided.
    Undecided(Vec<String>),
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
    /// How the run stands.
    pub standing: Standing,
}

impl Run {
    /// The link of the lab's own run as a challenge begins it: with all defences on of what is to be broken, or none of those that can
    /// be switched. Nothing if the lab claims nothing.
    pub fn challenge_link(&self, challenge: Challenge) -> Option<String> {
        let lab = self.lab();
        let mut variant = Variant::of(lab.scenario.clone());
        variant.scenario.defences = Contract::of(lab)?.begins(lab, challenge.aim);
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
        let mut contest = match aim {
            Aim::Break => self.broken(&contract),
            Aim::Save => self.saved(),
        };
        let is_allowed = contest.against.is_empty();
        contest.standing = self.standing(aim, &contract, is_allowed);
        Some(contest)
    }

    /// How the run stands. `is_allowed` says whether all that was done is.
    fn standing(&self, aim: Aim, contract: &Contract<'_>, is_allowed: bool) -> Standing {
        let verdicts = self.verdicts();
        let of_state = |state: State| -> Vec<String> {
            let claimed = contract.claims.iter();
            let claimed = claimed.filter_map(|(check, _)| verdicts.get(*check));
            let of_it = claimed.filter(|verdict| verdict.state == state);
            of_it.map(|verdict| verdict.check.label.clone()).collect()
        };
        let (violated, undecided) = (of_state(State::Violated), of_state(State::Undecided));
        let is_over = self.timeline().is_over();
        let is_done = match aim {
            Aim::Break => !violated.is_empty(),
            Aim::Save => is_over && violated.is_empty() && undecided.is_empty(),
        };
        match aim {
            _ if is_done && is_allowed => Standing::Met,
            _ if is_done => Standing::Uncounted,
            Aim::Save if !violated.is_empty() => Standing::Violated(violated),
            _ if !is_over => Standing::Open,
            _ if !undecided.is_empty() => Standing::Undecided(undecided),
            _ => Standing::Held,
        }
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
                    is_claimed: struck.is_withstood(contract),
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

    impl Contest {
        fn is_met(&self) -> bool {
            self.standing == Standing::Met
        }
    }

    const KEYS: &str = "on=idempotency-key,key-survives-restart";

    #[test]
    fn one_fault_beyond_the_claim_breaks_the_system_and_counts() {
        let wiped = format!(
            "#/double-charge?rev=2&seed=1&{KEYS}&do=crash:bank@4s,wipe:bank@4s,restart:bank@4.2s"
        );
        let early = contest(&format!("{wiped}&t=4.1s"), Aim::Break);
        assert!(!early.is_met() && early.against.is_empty());
        let broken = contest(&format!("{wiped}&t=60s"), Aim::Break);
        assert_eq!((broken.is_met(), broken.score), (true, 2));
        let claimed: Vec<bool> = broken.faults.iter().map(|fault| fault.is_claimed).collect();
        assert_eq!(claimed, [true, false]);
    }

    #[test]
    fn what_a_challenge_does_not_allow_is_told_and_never_meets_it() {
        let check = |query: &str, told: &str| {
            let link = format!("#/double-charge?rev=2&{query}&t=60s");
            let contest = contest(&link, Aim::Break);
            let said = contest.against.join(" ");
            assert!(said.contains(told) && !contest.is_met(), "{query}: {said}");
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
        assert!(!contest(&format!("{link}&t=30s"), Aim::Save).is_met());
        let saved = contest(&format!("{link}&t=60s"), Aim::Save);
        assert_eq!(
            (saved.is_met(), saved.score, saved.against),
            (true, 3, vec![])
        );
        let fewer = contest("#/double-charge?rev=2&on=idempotency-key&t=60s", Aim::Save);
        assert_eq!((fewer.is_met(), fewer.score), (true, 2));
        assert!(!contest("#/double-charge?rev=2&t=60s", Aim::Save).is_met());
        let calmer = contest(&format!("{link}&loss=0&seed=8&t=60s"), Aim::Save);
        assert!(!calmer.is_met());
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
                assert_eq!((contest.is_met(), contest.score), (false, 0), "{link}");
                assert!(contest.against.is_empty(), "{link}: {:?}", contest.against);
            }
        }
    }

    #[test]
    fn what_a_link_of_a_challenge_leaves_out_is_as_the_challenge_begins() {
        for lab in crate::lab::labs() {
            let run = Run::of_link(Link::of_lab(lab));
            for aim in [Aim::Break, Aim::Save] {
                let Some(begins) = run.challenge_link(Challenge { aim, best: None }) else {
                    continue;
                };
                let short = format!("#/{}?challenge={}", lab.id, aim.word());
                let (begun, problems) = Run::open(&short);
                assert_eq!(problems, [], "{short}");
                let (begins, _) = Run::open(&begins);
                assert_eq!(
                    begun.scenario().defences,
                    begins.scenario().defences,
                    "{short}"
                );
            }
        }
    }

    #[test]
    fn what_a_link_of_a_challenge_says_of_defences_stays() {
        for said in [
            "off=idempotency-key&challenge=break",
            "challenge=break&off=idempotency-key",
            "on=retry&challenge=save",
            "challenge=save&loss=0.5&on=idempotency-key,key-survives-restart,retry",
        ] {
            let (run, problems) = Run::open(&format!("#/double-charge?{said}"));
            assert_eq!(problems, [], "{said}");
            let on = &run.scenario().defences;
            let is_said_on = |id: &str| match said.contains("off=") {
                true => id != "idempotency-key",
                false => said.contains(id),
            };
            for id in ["idempotency-key", "key-survives-restart", "retry"] {
                assert_eq!(on.contains(id), is_said_on(id), "{said}: {id}");
            }
            let (again, _) = Run::open(&run.link());
            assert_eq!(again.scenario().defences, *on, "{said}: {}", run.link());
            assert_eq!(again.link(), run.link());
        }
    }

    #[test]
    fn why_a_challenge_is_not_met_is_told_for_what_it_is() {
        let standing = |query: &str, aim: Aim| {
            let word = aim.word();
            let link = format!("#/double-charge?rev=2&{query}&challenge={word}");
            contest(&link, aim).standing
        };
        let once = vec!["Every payment is charged exactly once".to_owned()];
        let save = |query: &str| standing(query, Aim::Save);
        assert_eq!(save(&format!("{KEYS},retry&t=30s")), Standing::Open);
        assert_eq!(save(&format!("{KEYS},retry&t=60s")), Standing::Met);
        assert_eq!(
            save(&format!("{KEYS},retry&seed=8&loss=0&t=60s")),
            Standing::Uncounted
        );
        assert_eq!(save("on=retry&t=60s"), Standing::Violated(once.clone()));
        assert_eq!(save("on=retry&t=59s"), Standing::Violated(once));
        let lost = save(&format!("{KEYS},retry&loss=1&t=60s"));
        assert!(matches!(lost, Standing::Undecided(_)), "{lost:?}");
        let broken = |query: &str| standing(query, Aim::Break);
        assert_eq!(broken("t=30s"), Standing::Open);
        assert_eq!(broken("t=60s"), Standing::Held);
        assert_eq!(
            broken("seed=11&off=idempotency-key&t=60s"),
            Standing::Uncounted
        );
    }
}
