//! A challenge: break the system with the fewest faults, or save it with the fewest defences. What counts is decided in `scenario`.

use scenario::challenge::{Aim, Challenge};
use scenario::run::{MOST_BEYOND, MOST_FAULTS, Standing};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Run;
use crate::wire::to_js;

/// What is to be broken, or kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ChallengeClaim<'a> {
    /// What the check demands.
    label: &'a str,
    /// What it withstands, in a sentence.
    withstands: String,
}

/// How far a run has met a challenge.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Contest {
    /// How many faults strike, or how many defences are on.
    score: u32,
    faults: Vec<ContestFault>,
    /// How many faults there may be, and how many of them beyond what the lab claims to withstand.
    most: u32,
    most_beyond: u32,
    /// What of the run the challenge does not allow, each as a sentence.
    against: Vec<String>,
    standing: ContestStanding,
    /// The checks that are violated, or not decided, where that is why it is not met.
    checks: Vec<String>,
}

/// How a run stands in a challenge.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum ContestStanding {
    /// It may still be met as the run goes on.
    Open,
    /// The system is broken, or saved, as the challenge allows.
    Met,
    /// It is broken, or saved, but by something that the challenge does not allow.
    Uncounted,
    /// The run is over, and nothing that was to be broken is.
    Held,
    /// Something is violated that was to be kept.
    Violated,
    /// The run is over, and something is not decided.
    Undecided,
}

/// A fault of a challenge, as it is counted.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct ContestFault {
    /// In words: `crash bank`.
    says: String,
    /// When it strikes; null for what holds for the whole run.
    at_ms: Option<f64>,
    /// How many faults it counts as.
    times: u32,
    /// Whether the lab claims to withstand it.
    is_claimed: bool,
}

#[wasm_bindgen]
impl Run {
    /// What the link challenges its reader to, and how many it took whoever made it: `break`, or `save-2`.
    pub fn challenge(&self) -> Option<String> {
        self.run.challenge().map(Challenge::format)
    }

    /// Says in the link what its reader is challenged to, or that nobody is. Nothing for what is no challenge.
    pub fn show_challenge(&mut self, challenge: Option<String>) {
        self.run
            .set_challenge(challenge.and_then(|text| Challenge::parse(&text).ok()));
    }

    /// The link of the lab's own run as a challenge, `break` or `save-2`, begins it; nothing if the lab claims nothing.
    pub fn challenge_link(&self, challenge: &str) -> Option<String> {
        self.run.challenge_link(Challenge::parse(challenge).ok()?)
    }

    /// What is to be broken, or kept.
    #[wasm_bindgen(unchecked_return_type = "wire.ChallengeClaim[]")]
    pub fn challenge_claims(&self) -> JsValue {
        let claims = self.run.challenge_claims().into_iter();
        let claims: Vec<_> = claims
            .map(|(label, withstands)| ChallengeClaim { label, withstands })
            .collect();
        to_js(&claims)
    }

    /// How far the run has met a challenge at this moment; null if its lab claims nothing.
    #[wasm_bindgen(unchecked_return_type = "wire.Contest | null")]
    pub fn contest(&self, aim: &str) -> JsValue {
        let contest = Aim::of_word(aim).and_then(|aim| self.run.contest(aim));
        to_js(&contest.map(shown))
    }
}

fn shown(contest: scenario::run::Contest) -> Contest {
    let (standing, checks) = told(contest.standing);
    let faults = contest.faults.into_iter();
    let faults = faults.map(|fault| ContestFault {
        says: fault.says,
        at_ms: fault.at.map(|at| at.as_millis_f64()),
        times: fault.times,
        is_claimed: fault.is_claimed,
    });
    Contest {
        score: contest.score,
        faults: faults.collect(),
        most: MOST_FAULTS,
        most_beyond: MOST_BEYOND,
        against: contest.against,
        standing,
        checks,
    }
}

fn told(standing: Standing) -> (ContestStanding, Vec<String>) {
    let alone = |standing| (standing, Vec::new());
    match standing {
        Standing::Open => alone(ContestStanding::Open),
        Standing::Met => alone(ContestStanding::Met),
        Standing::Uncounted => alone(ContestStanding::Uncounted),
        Standing::Held => alone(ContestStanding::Held),
        Standing::Violated(checks) => (ContestStanding::Violated, checks),
        Standing::Undecided(checks) => (ContestStanding::Undecided, checks),
    }
}
