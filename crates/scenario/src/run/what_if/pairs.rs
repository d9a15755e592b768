//! Which two changes are tried together, where no single one saves a run: two faults, or two defences.

use sim::SimTime;

use super::trial::{Kind, Trial};
use crate::deed::Deed;
use crate::twin::Twin;

/// So many faults are paired, and so many defences: the first ones. Two of five make ten pairs.
const MOST_PAIRED: usize = 5;

/// How much larger a change two of them are than any single one.
const SIZE_OF_TWO: u8 = 10;

/// The pairs of what was tried alone.
pub(super) fn of(trials: &[Trial]) -> Vec<Trial> {
    let mut pairs = of_kind(trials, Kind::Fault);
    pairs.extend(of_kind(trials, Kind::Switch));
    pairs
}

fn of_kind(trials: &[Trial], kind: Kind) -> Vec<Trial> {
    let its = trials.iter().enumerate();
    let its: Vec<(usize, &Trial)> = its
        .filter(|(_, trial)| trial.kind == kind)
        .take(MOST_PAIRED)
        .collect();
    let mut pairs = Vec::new();
    for (at, (one, first)) in its.iter().enumerate() {
        for (other, second) in &its[at + 1..] {
            pairs.extend(pair([*one, *other], first, second));
        }
    }
    pairs
}

/// Both of two; nothing if the one would give other names to the messages that the other one is about.
fn pair(places: [usize; 2], one: &Trial, other: &Trial) -> Option<Trial> {
    let spares = |trial: &Trial, other: &Trial| {
        let until = trial.flips.iter().filter_map(message_moment).max();
        let from = other.flips.iter().filter_map(moment).min();
        until.is_none_or(|until| from.is_none_or(|from| until < from))
    };
    if !spares(one, other) || !spares(other, one) {
        return None;
    }
    let lasted = match (one.lasted, other.lasted) {
        (Some((begin, end)), Some((first, last))) => Some((begin.min(first), end.max(last))),
        (one, other) => one.or(other),
    };
    Some(Trial {
        events: [&*one.events, &*other.events].concat(),
        lasted,
        ..Trial::of(
            Kind::Both(places),
            [&*one.flips, &*other.flips].concat(),
            SIZE_OF_TWO + one.size + other.size,
        )
    })
}

/// From when on a run is another one with it.
fn moment(twin: &Twin) -> Option<SimTime> {
    match twin {
        Twin::Deed(timed) => Some(timed.at),
        Twin::Defence(_) | Twin::Setting(..) => Some(SimTime::ZERO),
    }
}

/// When it is done to a message, if it is.
fn message_moment(twin: &Twin) -> Option<SimTime> {
    match twin {
        Twin::Deed(timed) if matches!(timed.deed, Deed::Message(..)) => Some(timed.at),
        _ => None,
    }
}
