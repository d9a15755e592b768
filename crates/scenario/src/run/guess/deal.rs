//! With which defences a run is dealt: no answer to what is asked of it is to be the likelier one.

use sim::sorted::Set;

use super::mixed::mixed;
use crate::lab::{Asks, Expectation, Expected, Lab};

/// What else is drawn from a seed knows nothing of this.
const SALT: u32 = 0x5bd1_e995;

/// For each check that the lab asks about, those of one of its claims: as often one that it is violated as one that it holds.
pub(super) fn defences(lab: &Lab, seed: u32) -> Set<&'static str> {
    let mut on = lab.scenario.defences.clone();
    for check in asked(lab) {
        let drawn = mixed(seed ^ SALT.wrapping_add(check as u32));
        if let Some(claim) = claim(lab, check, drawn) {
            on.extend(claim.on.iter().copied());
            on.retain(|id| !claim.off.contains(id));
        }
    }
    on
}

/// The checks that the lab asks about.
fn asked(lab: &Lab) -> Vec<usize> {
    let mut checks = Vec::new();
    for guess in &lab.guesses {
        if let Asks::Holds(check, _) | Asks::Wrong(check) = guess.asks
            && !checks.contains(&check)
        {
            checks.push(check);
        }
    }
    checks
}

/// A claim about a check: about the lab's own weather, if there is one of the kind that is drawn.
fn claim(lab: &Lab, check: usize, drawn: usize) -> Option<&Expectation> {
    let breaks = (drawn >> 8) % 6 < if asks_who(lab, check) { 4 } else { 3 };
    let is_of = |breaks: bool, is_own: bool| {
        move |claim: &&Expectation| {
            claim.check == check
                && matches!(claim.verdict, Expected::Violated(_)) == breaks
                && (claim.link.is_empty() || !is_own)
        }
    };
    [(breaks, true), (breaks, false), (!breaks, true)]
        .into_iter()
        .find_map(|(breaks, is_own)| {
            let claims: Vec<&Expectation> = lab
                .expectations
                .iter()
                .filter(is_of(breaks, is_own))
                .collect();
            claims.get((drawn >> 16) % claims.len().max(1)).copied()
        })
}

/// Whether the lab also asks which node is wrong: half of the runs in which the check is violated ask that instead.
fn asks_who(lab: &Lab, check: usize) -> bool {
    let mut asks = lab.guesses.iter().map(|guess| guess.asks);
    asks.any(|asks| asks == Asks::Wrong(check))
}
